import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdictNames } from '../../../src/core/verdict.ts';
import { AuditSample } from '../../../src/decide/audit-sample.ts';
import { SipHash } from '../../../src/decide/sip-hash.ts';

const key = '000102030405060708090a0b0c0d0e0f';
const encoder = new TextEncoder();
const sampleOf = (rate: number, ofKey = key) => new AuditSample({ rate, communities: {}, key: ofKey });
const identity = fc.record({
  community: fc.string({ unit: 'binary' }),
  message_id: fc.string({ unit: 'binary' }),
});

describe('SipHash', () => {
  it('SipHash gives the hashes of the reference implementation', () => {
    const hash = new SipHash(key);
    const hashOf = (length: number) => {
      hash.hash(
        Uint8Array.from({ length }, (_, i) => i),
        length,
      );
      return [hash.high, hash.low].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
    };
    // Of the file vectors.h beside the paper's C code; 15 bytes is the example of the paper.
    expect([0, 1, 7, 8, 9, 15, 16, 63].map(hashOf)).toEqual([
      ...['726fdb47dd0e0e31', '74f839c593dc67fd', 'ab0200f58b01d137', '93f5f5799a932462'],
      ...['9e0082df0ba9e4b0', 'a129ca6149be45e5', '3f2acc7f57c29bdb', '958a324ceb064572'],
    ]);
  });

  it.each(['', '00', 'zz0102030405060708090a0b0c0d0e0f'])('SipHash refuses the key "%s"', (bad) => {
    expect(() => new SipHash(bad)).toThrow('32 hex digits');
  });
});

describe('the audit sample', () => {
  it.each([0.001, 0.01, 0.2])(
    'the audit sample draws a share of %s, within five standard deviations',
    (rate) => {
      const messages = 40_000;
      const sample = sampleOf(rate);
      let drawn = 0;
      for (let at = 0; at < messages; at++)
        drawn += Number(sample.numberOfText({ community: 'forum', message_id: `m-${at}` }) < rate);
      const deviation = Math.sqrt(messages * rate * (1 - rate));
      expect(Math.abs(drawn - messages * rate)).toBeLessThan(5 * deviation);
    },
  );

  it('the audit sample spreads numbers evenly, whatever the ids have in common', () => {
    const sample = sampleOf(1);
    const counts = new Array<number>(16).fill(0);
    for (let at = 0; at < 16_000; at++)
      counts[Math.floor(16 * sample.numberOfText({ community: '', message_id: String(at) }))]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    // The 99.99 % quantile with 15 degrees of freedom.
    expect(chiSquare).toBeLessThan(44.3);
  });

  it('the audit sample gives a message the same number among other bytes, at its next arrival and in another process', () => {
    fc.assert(
      fc.property(identity, fc.nat({ max: 20 }), ({ community, message_id }, before) => {
        const [first, second] = [encoder.encode(community), encoder.encode(message_id)];
        const bytes = new Uint8Array(before + first.length + 3 + second.length + 5).fill(120);
        const idStart = before + first.length + 3;
        bytes.set(first, before);
        bytes.set(second, idStart);
        const spans = { communityStart: before, communityEnd: before + first.length };
        const among = { bytes, ...spans, idStart, idEnd: idStart + second.length };
        const number = sampleOf(0.5).numberOfText({ community, message_id });
        expect(number).toBeGreaterThanOrEqual(0);
        expect(number).toBeLessThan(1);
        const other = sampleOf(0.001);
        expect([other.numberOf(among), other.numberOf(among)]).toEqual([number, number]);
      }),
    );
  });

  it('the audit sample distinguishes the end of a community and the beginning of an id', () => {
    const sample = sampleOf(1);
    const one = sample.numberOfText({ community: 'ab', message_id: 'c' });
    expect(sample.numberOfText({ community: 'a', message_id: 'bc' })).not.toBe(one);
    expect(sample.numberOfText({ community: '', message_id: 'abc' })).not.toBe(one);
  });

  it('the audit sample draws others with another key: not more in common than chance', () => {
    const [one, other] = [sampleOf(0.1), sampleOf(0.1, 'ffeeddccbbaa99887766554433221100')];
    let both = 0;
    for (let at = 0; at < 20_000; at++) {
      const message = { community: 'forum', message_id: `m-${at}` };
      both += Number(one.numberOfText(message) < 0.1 && other.numberOfText(message) < 0.1);
    }
    // 200 expected, standard deviation 14.
    expect(Math.abs(both - 200)).toBeLessThan(70);
  });

  it('the audit sample of a lower rate is part of that of a higher one, in each band and community', () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true });
    const rates = fc.record({
      rate,
      bands: fc.record({ ham: rate, review: rate, spam: rate }, { requiredKeys: [] }),
    });
    fc.assert(
      fc.property(rates, rates, identity, fc.constantFrom(...verdictNames), (all, own, message, band) => {
        const sample = new AuditSample({ ...all, communities: { own }, key });
        for (const [community, { rate, bands }] of [
          ['own', own],
          ['__proto__', all],
        ] as const) {
          const expected = bands?.[band] ?? rate;
          expect(sample.rateOf(community, band)).toBe(expected);
          const number = sample.numberOfText({ ...message, community });
          // What a rate draws has passed the look at the highest of all rates.
          if (number < expected) expect(sample.mayBeDrawn(number)).toBe(true);
        }
      }),
    );
  });
});
