import type { Thresholds } from '../../core/decision-policy.ts';
import { classWeights, costOf } from '../../evaluation/thresholds/verdict-costs.ts';
import type { PairedScore } from '../held-out.ts';
import type { GateCosts } from './gate-settings.ts';
import { levelQuantile, powerQuantile, upperTail } from './normal.ts';

/** What the two models' verdicts on the same messages cost, each in expectation of one message. */
export interface CostComparison {
  readonly messages: number;
  readonly champion: number;
  readonly challenger: number;
  /** How often each difference (challenger − champion, weighted to one message in expectation) was seen; none of them is 0. */
  readonly differences: readonly CostDifference[];
  /** The greatest difference that one message can make. */
  readonly greatest: number;
}

export interface CostDifference {
  readonly difference: number;
  readonly count: number;
}

export function compareCosts(
  scores: readonly PairedScore[],
  thresholds: Thresholds,
  costs: GateCosts,
): CostComparison {
  const messages = scores.length;
  const spam = scores.reduce((sum, { label }) => sum + (label === 'spam' ? 1 : 0), 0);
  const weights = classWeights(spam, messages - spam, costs.spamShare);
  let champion = 0;
  let challenger = 0;
  const counts = new Map<number, number>();
  for (const score of scores) {
    const weight = weights[score.label];
    const before = weight * costOf(score.label, score.champion, thresholds, costs);
    const after = weight * costOf(score.label, score.challenger, thresholds, costs);
    champion += before;
    challenger += after;
    if (after !== before) counts.set(after - before, (counts.get(after - before) ?? 0) + 1);
  }
  return {
    ...{ messages, champion, challenger },
    differences: Array.from(counts, ([difference, count]) => ({ difference, count })),
    greatest: Math.max(
      spam === 0 ? 0 : weights.spam * Math.max(costs.missedSpam, costs.review),
      spam === messages ? 0 : weights.ham * Math.max(costs.falseAccusation, costs.review),
    ),
  };
}

/**
 * Score statistic of the hypothesis that both models cost the same in expectation; positive where the challenger was seen to cost less, and
 * changes only its sign when the models are swapped. 0 where no message makes a difference.
 *
 * Tango's method for paired proportions, for more than two outcomes: how often each difference comes is estimated under the hypothesis by
 * maximum likelihood, as independent Poisson counts with Σ difference × rate = 0 (Lagrange: rate = count / (1 − λ × difference)). The
 * greatest difference that can be may not have been seen, and still have a rate under the hypothesis: a challenger without one false
 * accusation among few messages is not taken for one that never makes any, as a bootstrap or Student's t would. Rare great differences on
 * one side make the sum skew, which the first terms of Cornish and Fisher's expansion correct.
 */
export function savingStatistic({ differences, greatest }: CostComparison): number {
  const sum = differences.reduce((total, { difference, count }) => total + difference * count, 0);
  if (sum === 0) return 0;
  const sign = Math.sign(sum);
  // In the direction in which the sum is negative; the hypothesis raises the rates of what is positive.
  const seen = differences.map(({ difference, count }) => ({ difference: -sign * difference, count }));
  const most = seen.reduce((highest, { difference }) => Math.max(highest, difference), greatest);
  const expected = (lambda: number, order: 1 | 2 | 3) =>
    seen.reduce(
      (total, { difference, count }) =>
        total + (difference ** order * count) / Math.max(1e-15, 1 - lambda * difference),
      0,
    );
  let low = 0;
  let high = 1 / most;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (expected(middle, 1) < 0) low = middle;
    else high = middle;
  }
  // Below 0 even at the limit: the rest is the rate of the greatest difference, which was not seen.
  const rest = Math.max(0, -expected(low, 1));
  const variance = expected(low, 2) + rest * most;
  const skewness = -(expected(low, 3) + rest * most ** 2) / variance ** 1.5;
  const statistic = Math.abs(sum) / Math.sqrt(variance);
  return -sign * (statistic - (skewness / 6) * (Math.min(MOST_SQUARED, statistic ** 2) - 1));
}

/** Beyond, the correction for skewness would grow faster than what it corrects. */
const MOST_SQUARED = 4;

/** Probability of such a saving or a greater one where the challenger costs no less. */
export function savingP(comparison: CostComparison): number {
  return upperTail(savingStatistic(comparison));
}

/** Whether the challenger is shown, at the level, to cost more. */
export function isShownCostlier(comparison: CostComparison): boolean {
  return savingStatistic(comparison) <= -levelQuantile;
}

/**
 * How many messages, with the same share of spam, are enough to show with 80 % power that a challenger costs less that saves `gain` of the
 * champion's cost, by the differences that were seen. Null where the champion costs nothing or no message makes a difference.
 */
export function neededForSaving(
  { messages, champion, differences }: CostComparison,
  gain: number,
): number | null {
  const variance = differences.reduce((sum, { difference, count }) => sum + difference ** 2 * count, 0);
  if (champion === 0 || variance === 0) return null;
  const quantiles = (levelQuantile + powerQuantile) / (gain * champion);
  return Math.ceil(quantiles * quantiles * variance * messages);
}
