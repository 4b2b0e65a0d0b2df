import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialAtMost, exactInterval, lowerBound, upperBound } from '../../../src/evaluation/binomial.ts';

/** By the sum of its terms, for few trials. */
function summed(count: number, trials: number, rate: number): number {
  let term = (1 - rate) ** trials;
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= ((trials - k + 1) / k) * (rate / (1 - rate));
    sum += term;
  }
  return Math.min(1, sum);
}

describe('the binomial distribution', () => {
  it('is the sum of its terms, for any count, number of trials and rate', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trials, rate, share) => {
          const count = Math.floor(share * trials);
          expect(binomialAtMost(count, trials, rate)).toBeCloseTo(summed(count, trials, rate), 10);
        },
      ),
    );
  });

  it('has an upper bound at which the count is just as improbable as stated', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.constantFrom(0.8, 0.95, 0.999),
        (trials, share, confidence) => {
          const count = Math.floor(share * trials);
          const bound = upperBound(count, trials, confidence);
          expect(bound).toBeGreaterThan(count / trials);
          expect(binomialAtMost(count, trials, bound)).toBeCloseTo(1 - confidence, 7);
        },
      ),
    );
  });

  it('has the intervals of R’s binom.test, and none without trials', () => {
    // binom.test(3, 20)$conf.int, binom.test(0, 10), binom.test(50, 50), binom.test(7, 1241).
    expect(exactInterval(3, 20)).toMatchObject({
      low: expect.closeTo(0.03207094, 7),
      high: expect.closeTo(0.3789268, 6),
    });
    expect(exactInterval(0, 10)).toMatchObject({ low: 0, high: expect.closeTo(0.3084971, 6) });
    expect(exactInterval(50, 50)).toMatchObject({ low: expect.closeTo(0.9288783, 6), high: 1 });
    expect(exactInterval(0, 0)).toBeNull();
    expect(upperBound(0, 0, 0.95)).toBe(1);
    expect(lowerBound(0, 10, 0.95)).toBe(0);
  });
});
