import type { Thresholds } from '../../core/decision-policy.ts';
import type { Interval } from '../../core/report-facts.ts';
import { exactInterval } from '../binomial.ts';
import { type ClassBands, classBands, type ScoreClasses } from './score-classes.ts';
import type { VerdictCosts } from './verdict-costs.ts';

/** What figures of a band are expected at. */
export interface Circumstances {
  readonly costs: VerdictCosts;
  /** Share of spam among the messages that arrive. */
  readonly spamShare: number;
  /** Null where it is not known. */
  readonly messagesADay: number | null;
}

/** What two thresholds do, each figure with its 95 % interval. A rate is null where its class is missing. */
export interface BandFigures {
  readonly thresholds: Thresholds;
  /** Of the spam, what is called spam; what is not called ham. */
  readonly truePositiveRate: Interval | null;
  readonly foundOrReviewed: Interval | null;
  /** Of the ham, what is called spam. */
  readonly falsePositiveRate: Interval | null;
  /** Of all messages at the share of spam, what people have to look at. */
  readonly reviewShare: Interval | null;
  readonly reviewsADay: Interval | null;
  /** Expected, of one message. */
  readonly cost: Interval | null;
}

export function bandFigures(
  scores: ScoreClasses,
  thresholds: Thresholds,
  circumstances: Circumstances,
): BandFigures {
  const { costs, spamShare, messagesADay } = circumstances;
  const { spam, ham } = classBands(scores, thresholds);
  const rate = (count: number, { all }: { readonly all: number }) => exactInterval(count, all);
  const review = [
    { factor: spamShare, rate: rate(spam.review, spam) },
    { factor: 1 - spamShare, rate: rate(ham.review, ham) },
  ];
  const reviewShare = weightedSum(review);
  return {
    thresholds,
    truePositiveRate: rate(spam.spam, spam),
    foundOrReviewed: rate(spam.spam + spam.review, spam),
    falsePositiveRate: rate(ham.spam, ham),
    reviewShare,
    reviewsADay: messagesADay === null || reviewShare === null ? null : scaled(reviewShare, messagesADay),
    cost: weightedSum([
      ...review.map((part) => ({ ...part, factor: part.factor * costs.review })),
      { factor: spamShare * costs.missedSpam, rate: rate(spam.ham, spam) },
      { factor: (1 - spamShare) * costs.falseAccusation, rate: rate(ham.spam, ham) },
    ]),
  };
}

/** Expected cost of one message, from counts alone. Infinite where a class is missing. */
export function expectedCost(
  { spam, ham }: ClassBands,
  { costs, spamShare }: Pick<Circumstances, 'costs' | 'spamShare'>,
): number {
  if (spam.all === 0 || ham.all === 0) return Number.POSITIVE_INFINITY;
  const ofSpam = (costs.missedSpam * spam.ham + costs.review * spam.review) / spam.all;
  const ofHam = (costs.falseAccusation * ham.spam + costs.review * ham.review) / ham.all;
  return spamShare * ofSpam + (1 - spamShare) * ofHam;
}

/** Share of all messages that people have to look at. Infinite where a class is missing. */
export function reviewShareOf({ spam, ham }: ClassBands, spamShare: number): number {
  if (spam.all === 0 || ham.all === 0) return Number.POSITIVE_INFINITY;
  return (spamShare * spam.review) / spam.all + ((1 - spamShare) * ham.review) / ham.all;
}

/**
 * A sum of rates with known factors of at least 0, by the method of variance estimates recovery (Zou & Donner 2008): each side of the
 * interval is the root of the summed squares of its parts. Rates of one class exclude each other, which makes it wider than needed.
 */
function weightedSum(
  parts: readonly { readonly factor: number; readonly rate: Interval | null }[],
): Interval | null {
  let estimate = 0;
  let below = 0;
  let above = 0;
  for (const { factor, rate } of parts) {
    if (factor === 0) continue;
    if (rate === null) return null;
    estimate += factor * rate.estimate;
    below += (factor * (rate.estimate - rate.low)) ** 2;
    above += (factor * (rate.high - rate.estimate)) ** 2;
  }
  return { estimate, low: Math.max(0, estimate - Math.sqrt(below)), high: estimate + Math.sqrt(above) };
}

function scaled({ estimate, low, high }: Interval, by: number): Interval {
  return { estimate: estimate * by, low: low * by, high: high * by };
}
