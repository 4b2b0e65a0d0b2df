import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logit, RowOdds } from '../../../src/decide/row-odds.ts';
import { Trust } from '../../../src/decide/trust.ts';

const logistic = {
  blender: { kind: 'logistic', bias: 0, calibration: { scale: 1, shift: 0 } },
  prior: 0.15,
} as const;
const identity = { blender: { kind: 'identity' }, prior: 0.15 } as const;
const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

const steps = fc.record({
  trust: fc.oneof(fc.constant(1), fc.double({ min: 1e-3, max: 1, noNaN: true })),
  slope: fc.oneof(fc.constant(1), fc.double({ min: 1e-3, max: 1, noNaN: true })),
  offset: fc.oneof(fc.constant(0), fc.double({ min: -8, max: 8, noNaN: true })),
  most: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
});

function oddsWith({
  trust,
  slope,
  offset,
  most,
}: {
  trust: number;
  slope: number;
  offset: number;
  most: number;
}) {
  const odds = new RowOdds(logistic, 1);
  odds.setTrust(0, trust);
  odds.setLine(0, slope, offset);
  odds.limit(0, most);
  return odds;
}

describe('the probability of a row', () => {
  it('the probability of a row is that of its log-odds, to the last bit, without trust, bias and limit', () => {
    fc.assert(
      fc.property(fc.double({ min: -40, max: 40, noNaN: true }), (z) => {
        expect(new RowOdds(logistic, 1).probability(0, z)).toBe(sigmoid(z));
      }),
    );
    for (const p of [0, 0.3, 1]) expect(new RowOdds(identity, 1).probability(0, p)).toBe(p);
  });

  it('the probability of a row is moved to the prior, then scaled and shifted, and then limited', () => {
    const odds = oddsWith({ trust: 0.5, slope: 0.8, offset: -0.3, most: 1 });
    const z = logit(0.15) + 0.5 * (3 - logit(0.15));
    expect(odds.probability(0, 3)).toBeCloseTo(sigmoid(0.8 * z - 0.3), 12);
    odds.limit(0, 0.4);
    odds.limit(0, 0.8);
    expect(odds.probability(0, 3)).toBe(0.4);
  });

  it('the probability of a row never falls as the log-odds rise, from one float to the next, whatever is set', () => {
    const near = fc.tuple(fc.double({ min: -40, max: 40, noNaN: true }), fc.integer({ min: 1, max: 50 }));
    fc.assert(
      fc.property(near, steps, ([z, floats], drawn) => {
        const odds = oddsWith(drawn);
        const above = z + floats * Number.EPSILON * Math.max(Math.abs(z), 2 ** -20);
        expect(odds.probability(0, above)).toBeGreaterThanOrEqual(odds.probability(0, z));
      }),
      { numRuns: 20_000 },
    );
  });

  it('the probability of a row includes the bias under the blender identity too', () => {
    const odds = new RowOdds(identity, 1);
    odds.setLine(0, 1, 1);
    expect(odds.probability(0, 0.3)).toBeCloseTo(sigmoid(logit(0.3) + 1), 12);
    expect([0, 1].map((p) => odds.probability(0, p))).toEqual([0, 1]);
    expect(odds.priorOf(0, 0.15)).toBeCloseTo(sigmoid(logit(0.15) + 1), 12);
  });
});

describe('trust', () => {
  const trust = new Trust({
    words: [
      { from: 0, trust: 0.2 },
      { from: 3, trust: 0.6 },
      { from: 9, trust: 1 },
    ],
    share: [
      { from: 0, trust: 0.5 },
      { from: 0.6, trust: 1 },
    ],
  });

  it('trust is the product of the factors of the steps that a message reaches', () => {
    expect([0, 2, 3, 8, 9, 500].map((known) => trust.of(known, 1))).toEqual([0.2, 0.2, 0.6, 0.6, 1, 1]);
    expect([0, 0.59, 0.6, 1].map((share) => trust.of(9, share))).toEqual([0.5, 0.5, 1, 1]);
    expect(trust.of(3, 0)).toBe(0.3);
  });
});
