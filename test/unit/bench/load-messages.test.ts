import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LoadMessages } from '../../../bench/harness/load-messages.ts';

describe('LoadMessages', () => {
  it('LoadMessages creates JSON with an id by which its verdict is recognized', () => {
    const messages = new LoadMessages('a1', 0.1);
    for (const i of [0, 9, 10, 123_456]) {
      const value = Buffer.from(messages.valueOf(i));
      const { message, message_id, community } = JSON.parse(value.toString()) as Record<string, string>;
      expect(message).not.toBe('');
      expect(message_id).toBe(`load-a1-${i}`);
      expect(community).toMatch(/^load-\d+$/);
      expect(messages.numberIn(value)).toBe(i);
    }
  });

  it('LoadMessages does not recognize the ids of another load', () => {
    const messages = new LoadMessages('a1', 0.1);
    expect(messages.numberIn(Buffer.from(new LoadMessages('b2', 0.1).valueOf(5)))).toBeUndefined();
    expect(messages.numberIn(Buffer.from('load-a1-'))).toBeUndefined();
  });

  it('LoadMessages spreads spam evenly, and knows how much there is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(300), (share, count) => {
        const messages = new LoadMessages('x', share);
        const spam = Array.from({ length: count }, (_, i) => messages.isSpam(i)).filter(Boolean).length;
        expect(messages.spamAmong(count)).toBe(spam);
        expect(Math.abs(spam - share * count)).toBeLessThan(1);
      }),
      { numRuns: 20 },
    );
  });

  it('LoadMessages creates texts of the requested length', () => {
    for (const length of [20, 160, 5_000]) {
      const messages = new LoadMessages('x', 0.5, length);
      for (let i = 0; i < 10; i++)
        expect((JSON.parse(messages.valueOf(i)) as { message: string }).message).toHaveLength(length);
    }
  });
});
