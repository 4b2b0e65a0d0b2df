import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CostComparison,
  compareCosts,
  isShownCostlier,
  neededForSaving,
  savingP,
  savingStatistic,
} from '../../../src/learning/gates/expected-cost.ts';
import { levelQuantile } from '../../../src/learning/gates/normal.ts';
import type { PairedScore } from '../../../src/learning/held-out.ts';

const thresholds = { rejectMin: 0.5, rejectMax: 0.7 };
const costs = { falseAccusation: 5, missedSpam: 1, review: 0.2 };
const score = (label: 'spam' | 'ham', champion: number, challenger: number): PairedScore => ({
  ...{ label, champion, challenger },
  ...{ part: 'new', community: '', language: 'en' },
});
const probability = fc.constantFrom(0.1, 0.5, 0.6, 0.7, 0.9);
const scores = fc.array(
  fc.tuple(fc.constantFrom('spam' as const, 'ham' as const), probability, probability),
  { minLength: 1, maxLength: 200 },
);
const comparisonOf = (given: readonly PairedScore[]) => compareCosts(given, thresholds, costs);
const differing = (...differences: readonly (readonly [number, number])[]): CostComparison => ({
  ...{ messages: 1000, champion: 0.1, challenger: 0.1, greatest: 5 },
  differences: differences.map(([difference, count]) => ({ difference, count })),
});

describe('expected cost', () => {
  it('compareCosts charges missed spam, false accusations and reviews, as the bands are', () => {
    const { champion, challenger, messages } = comparisonOf([
      score('spam', 0.5, 0.51),
      score('spam', 0.7, 0.71),
      score('ham', 0.71, 0.5),
      score('ham', 0.2, 0.6),
    ]);
    expect(messages).toBe(4);
    expect(champion).toBeCloseTo((1 + 0.2 + 5) / 4, 12);
    expect(challenger).toBeCloseTo((0.2 + 0.2) / 4, 12);
  });

  it('compareCosts weights the classes by the share of spam that is set', () => {
    const given = [score('spam', 0.1, 0.9), score('ham', 0.1, 0.9), score('ham', 0.1, 0.1)];
    const { champion, challenger } = compareCosts(given, thresholds, { ...costs, spamShare: 0.1 });
    expect(champion).toBeCloseTo(0.1 * 1, 12);
    expect(challenger).toBeCloseTo((0.9 * 5) / 2, 12);
  });

  it('savingStatistic changes its sign when the models are swapped, and its p is a probability', () => {
    fc.assert(
      fc.property(scores, (given) => {
        const own = comparisonOf(given.map((each) => score(...each)));
        const swapped = comparisonOf(given.map(([label, a, b]) => score(label, b, a)));
        expect(savingStatistic(swapped)).toBeCloseTo(-savingStatistic(own), 6);
        expect(savingP(own)).toBeGreaterThanOrEqual(0);
        expect(savingP(own)).toBeLessThanOrEqual(1);
        expect(isShownCostlier(own) && savingP(own) < 0.5).toBe(false);
      }),
    );
  });

  it('savingStatistic of equal differences is the statistic of McNemar where the greatest was seen', () => {
    const own = { ...differing([1, 4], [-1, 16]), greatest: 1 };
    expect(savingStatistic(own)).toBeCloseTo(12 / Math.sqrt(20), 9);
  });

  it('savingStatistic rises with each message on which the challenger saves', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(10), fc.nat(10), (gains, losses, cleared, accused) => {
        const of = (more: number) =>
          savingStatistic(differing([-1, gains + more], [1, losses], [-5, cleared], [5, accused]));
        const [before, after] = [of(0), of(1)];
        // More of what already saves beyond chance adds to its variance too, so far from zero it rises by less and less.
        if (before < 2) expect(after).toBeGreaterThanOrEqual(before - 1e-9);
      }),
    );
  });

  it('savingStatistic allows for false accusations that were not seen among few messages', () => {
    // 20 times 1 saved, no loss seen. The hypothesis has 20/1.1 savings and 2/1.1 unseen losses of 10: variance 200, third moment 1,800.
    const own = { ...differing([-1, 20]), greatest: 10 };
    const skewness = -1800 / 200 ** 1.5;
    expect(savingStatistic(own)).toBeCloseTo(20 / Math.sqrt(200) - skewness / 6, 6);
    expect(savingStatistic({ ...own, greatest: 1 })).toBeCloseTo(20 / Math.sqrt(20), 6);
  });

  it('savingStatistic is above the level by chance in at most 5.2 %, also where gains are frequent and losses rare and great', () => {
    for (const [gain, loss] of [
      ...[[1, 1] as const, [1, 3] as const, [3, 1] as const],
      ...[[1, 6] as const, [6, 1] as const],
    ])
      for (const losses of [0.5, 1, 2, 4, 8, 16])
        expect(shareAbove(gain, loss, losses), `${gain}, ${loss}, ${losses}`).toBeLessThan(0.052);
    expect(shareAbove(1, 3, 8)).toBeGreaterThan(0.045);
  });

  it('savingStatistic is 0 for models that cost the same', () => {
    expect(savingStatistic(differing())).toBe(0);
    expect(savingStatistic(differing([1, 5], [-5, 1]))).toBe(0);
    expect(savingP(comparisonOf([]))).toBe(0.5);
  });

  it('neededForSaving falls with the differences and with the gain, and is unknown where there are none', () => {
    const few = neededForSaving(differing([1, 5], [-1, 5]), 0.2)!;
    const many = neededForSaving(differing([1, 10], [-1, 10]), 0.2)!;
    expect(few).toBeLessThan(many);
    expect(neededForSaving(differing([1, 5], [-1, 5]), 0.4)).toBeLessThan(few);
    expect(neededForSaving(differing(), 0.2)).toBeNull();
    expect(neededForSaving({ ...differing([1, 5]), champion: 0 }, 0.2)).toBeNull();
    // (1.645 + .842)² × 10 / (.2 × .1)² × 1000 messages.
    expect(few / ((6.182557 * 10 * 1000) / 0.0004)).toBeCloseTo(1, 5);
  });
});

/** Share of outcomes that show a saving where there is none in truth: exact, over Poisson counts. `losses`: how many are expected. */
function shareAbove(gain: number, loss: number, losses: number): number {
  const gains = (losses * loss) / gain;
  const most = (mean: number) => Math.ceil(mean + 7 * Math.sqrt(mean) + 8);
  let sum = 0;
  for (let saved = 0; saved <= most(gains); saved++)
    for (let lost = 0; lost <= most(losses); lost++) {
      const seen: (readonly [number, number])[] = [];
      if (saved > 0) seen.push([-gain, saved]);
      if (lost > 0) seen.push([loss, lost]);
      const own = { ...differing(...seen), greatest: Math.max(gain, loss) };
      if (savingStatistic(own) >= levelQuantile) sum += poisson(gains, saved) * poisson(losses, lost);
    }
  return sum;
}

function poisson(mean: number, count: number): number {
  let log = -mean;
  for (let k = 1; k <= count; k++) log += Math.log(mean / k);
  return Math.exp(log);
}
