import { binomialAtMost, upperBound } from '../binomial.ts';
import { atMost, type ScoreClasses } from './score-classes.ts';
import { thresholdGrid } from './threshold-grid.ts';

/** A false positive rate that is not to be exceeded, and how sure that has to be; both in (0, 1). */
export interface RateLimit {
  readonly maxRate: number;
  readonly confidence: number;
}

export type LimitedThreshold =
  | {
      readonly kind: 'found';
      /** Messages above it are spam. */
      readonly threshold: number;
      readonly ham: number;
      readonly falsePositives: number;
      /** The true rate is not above this, at the confidence, if this one threshold had been looked at alone. */
      readonly bound: number;
    }
  /** Even without one false positive so few messages would not show it. */
  | { readonly kind: 'too-few'; readonly ham: number; readonly needed: number }
  /** The strictest threshold of the grid is not shown to keep the rate. */
  | {
      readonly kind: 'none';
      readonly strictest: number;
      readonly ham: number;
      readonly falsePositives: number;
      readonly bound: number;
    };

/**
 * The lowest threshold of the grid, so the one with the most recall, whose false positive rate is at most `maxRate` with the confidence.
 *
 * Fixed-sequence testing, as in Learn then Test (Angelopoulos, Bates, Candès, Jordan & Lei 2021): from the strictest threshold down, each
 * is tested by the exact binomial test of "the rate is above the limit" at the level 1 − confidence, and the first that is not rejected
 * ends the sequence. The order does not depend on the data, so all tests together err with at most that probability. It holds for
 * messages that are drawn independently of each other from those that will arrive.
 */
export function limitedThreshold({ ham }: Pick<ScoreClasses, 'ham'>, limit: RateLimit): LimitedThreshold {
  const { maxRate, confidence } = limit;
  const needed = messagesNeeded(limit);
  if (ham.length < needed) return { kind: 'too-few', ham: ham.length, needed };
  let found: { readonly threshold: number; readonly falsePositives: number } | undefined;
  for (const threshold of thresholdGrid.toReversed()) {
    // Nothing is above 1: no message would be spam.
    if (threshold === 1) continue;
    const falsePositives = ham.length - atMost(ham, threshold);
    const p = binomialAtMost(falsePositives, ham.length, maxRate);
    if (p > (1 - confidence) * (1 + ROUNDING)) {
      if (found !== undefined) break;
      const bound = upperBound(falsePositives, ham.length, confidence);
      return { kind: 'none', strictest: threshold, ham: ham.length, falsePositives, bound };
    }
    found = { threshold, falsePositives };
  }
  const { threshold, falsePositives } = found!;
  const bound = upperBound(falsePositives, ham.length, confidence);
  return { kind: 'found', threshold, ham: ham.length, falsePositives, bound };
}

/** Relative, of the exact test. */
const ROUNDING = 1e-9;

/** How many ham messages, all of them clean, show that a rate is within the limit: the least n with (1 − maxRate)ⁿ ≤ 1 − confidence. */
export function messagesNeeded({ maxRate, confidence }: RateLimit): number {
  return Math.ceil(Math.log1p(-confidence) / Math.log1p(-maxRate));
}
