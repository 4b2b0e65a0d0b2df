import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { betaProbability, betaQuantile, logGamma } from '../../../src/evaluation/beta-distribution.ts';

const shapes = fc.double({ min: 0.4, max: 1e5, noNaN: true });

describe('the beta distribution', () => {
  it.each([
    // scipy.special.betaincinv(a, b, p), SciPy 1.17.1.
    [0.025, 0.5, 100.5, 4.898_073_104_397_486e-6],
    [0.975, 0.5, 100.5, 0.024_745_270_015_269_89],
    [0.025, 1.5, 99.5, 0.001_081_101_709_080_063_9],
    [0.975, 10.5, 90.5, 0.170_123_929_652_187],
    [0.025, 2994.5, 6.5, 0.995_882_116_406_816_1],
    [0.5, 250_000.5, 1000.5, 0.996_015_277_457_624_4],
    [0.975, 0.5, 0.5, 0.998_458_666_866_563_9],
    [1e-6, 3, 4, 0.003_694_265_299_405_909],
    [0.025, 0.6, 200_000, 8.868_601_862_239_849e-9],
  ])('betaQuantile(%d, %d, %d) is what SciPy gives', (probability, a, b, expected) => {
    expect(betaQuantile(probability, a, b) / expected).toBeCloseTo(1, 8);
  });

  it('betaProbability is the integral that SciPy gives, and 0 and 1 at the ends', () => {
    expect(betaProbability(0.3, 2, 5)).toBeCloseTo(0.579_825, 12);
    expect(betaProbability(1e-5, 0.5, 1000)).toBeCloseTo(0.112_449_231_745_902_75, 11);
    expect(betaProbability(0.99, 1000, 9.5)).toBeCloseTo(0.383_467_542_858_416_1, 10);
    expect([betaProbability(0, 2, 3), betaProbability(1, 2, 3)]).toEqual([0, 1]);
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
  });

  it('logGamma is the logarithm of factorials, and of the root of pi at one half', () => {
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 12);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(logGamma(0.1)).toBeCloseTo(2.252_712_651_734_206, 12);
  });

  it('a quantile has the probability that it was asked for, and exchanging the shapes mirrors it', () => {
    fc.assert(
      fc.property(shapes, shapes, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, probability) => {
        const quantile = betaQuantile(probability, a, b);
        // Next to 1, doubles are too far apart for it.
        fc.pre(quantile < 0.999_9);
        expect(betaProbability(quantile, a, b)).toBeCloseTo(probability, 6);
        expect(betaQuantile(1 - probability, b, a)).toBeCloseTo(1 - quantile, 9);
      }),
      { numRuns: 50 },
    );
  });
});
