import type { Interval } from '../core/report-facts.ts';
import { betaProbability } from './beta-distribution.ts';

/**
 * P(X ≤ `count`) for X binomial over `trials` with the rate `rate`: the regularized incomplete beta function
 * I₁₋ᵣ(trials − count, count + 1). Relative error below 1e-11 for up to a million trials.
 */
export function binomialAtMost(count: number, trials: number, rate: number): number {
  if (count >= trials || rate <= 0) return 1;
  if (count < 0 || rate >= 1) return 0;
  return betaProbability(1 - rate, trials - count, count + 1);
}

/**
 * The rate that `count` of `trials` is at the edge of: the smallest one that one-sided `confidence` rules nothing out above (Clopper &
 * Pearson 1934). The true rate is above it in at most 1 − `confidence` of samples, whatever it is. 1 where there are no trials.
 */
export function upperBound(count: number, trials: number, confidence: number): number {
  if (trials === 0 || count >= trials) return 1;
  if (count === 0) return -Math.expm1(Math.log1p(-confidence) / trials);
  return bisect((rate) => binomialAtMost(count, trials, rate) > 1 - confidence);
}

/** As {@link upperBound}, from below; 0 where there are no trials. */
export function lowerBound(count: number, trials: number, confidence: number): number {
  return 1 - upperBound(trials - count, trials, confidence);
}

/** Two-sided interval of a rate with equal tails, by Clopper & Pearson (1934). Null where there are no trials. */
export function exactInterval(count: number, trials: number, confidence = 0.95): Interval | null {
  if (trials === 0) return null;
  const tail = (1 + confidence) / 2;
  return {
    estimate: count / trials,
    low: count === 0 ? 0 : lowerBound(count, trials, tail),
    high: count === trials ? 1 : upperBound(count, trials, tail),
  };
}

/** The greatest rate at which the condition holds, where it holds up to some rate and not above. */
function bisect(holds: (rate: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}
