import type { ScoredExample } from './scored-example.ts';

/** How many messages of either class have each probability. All arrays have one entry per distinct probability. */
export interface RankedScores {
  /** Descending. */
  readonly probabilities: Float64Array;
  /** Messages, or weights of messages. */
  readonly spam: Int32Array;
  readonly ham: Int32Array;
}

export function rankScores(examples: readonly ScoredExample[]): RankedScores {
  const probabilities = Float64Array.from(new Set(examples.map(({ probability }) => probability)))
    .sort()
    .reverse();
  const rankOf = new Map<number, number>();
  for (const [rank, probability] of probabilities.entries()) rankOf.set(probability, rank);
  const spam = new Int32Array(probabilities.length);
  const ham = new Int32Array(probabilities.length);
  for (const { label, probability } of examples) (label === 'spam' ? spam : ham)[rankOf.get(probability)!]!++;
  return { probabilities, spam, ham };
}

export interface RocPoint {
  readonly fpr: number;
  readonly tpr: number;
  /** Spam is what has at least this probability. Of the first point, which calls nothing spam, 1. */
  readonly threshold: number;
}

/** From (0, 0) to (1, 1), one point per distinct probability. Both classes must occur. */
export function rocPoints({ probabilities, spam, ham }: RankedScores): RocPoint[] {
  const [spamInAll, hamInAll] = [sumOf(spam), sumOf(ham)];
  const points: RocPoint[] = [{ fpr: 0, tpr: 0, threshold: 1 }];
  let spamAbove = 0;
  let hamAbove = 0;
  for (const [rank, threshold] of probabilities.entries()) {
    spamAbove += spam[rank]!;
    hamAbove += ham[rank]!;
    points.push({ fpr: hamAbove / hamInAll, tpr: spamAbove / spamInAll, threshold });
  }
  return points;
}

export interface PrecisionRecallPoint {
  readonly recall: number;
  readonly precision: number;
  /** Spam is what has at least this probability. */
  readonly threshold: number;
}

/** One point per distinct probability, recall ascending. Spam must occur. */
export function precisionRecallPoints({ probabilities, spam, ham }: RankedScores): PrecisionRecallPoint[] {
  const spamInAll = sumOf(spam);
  const points: PrecisionRecallPoint[] = [];
  let spamAbove = 0;
  let above = 0;
  for (const [rank, threshold] of probabilities.entries()) {
    spamAbove += spam[rank]!;
    above += spam[rank]! + ham[rank]!;
    points.push({ recall: spamAbove / spamInAll, precision: spamAbove / above, threshold });
  }
  return points;
}

/** Area under the ROC curve: the share of pairs of a spam and a ham message that are in the right order, ties by half. */
export function rocAucOf({ spam, ham }: Pick<RankedScores, 'spam' | 'ham'>): number {
  let spamAbove = 0;
  let hamAbove = 0;
  let pairs = 0;
  for (let rank = 0; rank < spam.length; rank++) {
    pairs += ham[rank]! * (spamAbove + spam[rank]! / 2);
    spamAbove += spam[rank]!;
    hamAbove += ham[rank]!;
  }
  return pairs / (spamAbove * hamAbove);
}

/** Σ (recallₙ − recallₙ₋₁) · precisionₙ, without interpolation, as scikit-learn's `average_precision_score`. */
export function averagePrecisionOf({ spam, ham }: Pick<RankedScores, 'spam' | 'ham'>): number {
  let spamAbove = 0;
  let above = 0;
  let sum = 0;
  for (let rank = 0; rank < spam.length; rank++) {
    spamAbove += spam[rank]!;
    above += spam[rank]! + ham[rank]!;
    if (spam[rank]! > 0) sum += spam[rank]! * (spamAbove / above);
  }
  return sum / spamAbove;
}

/** The highest true positive rate at which the false positive rate is at most that. */
export function truePositiveRateAt({ spam, ham }: RankedScores, mostFalsePositiveRate: number): number {
  const hamInAll = sumOf(ham);
  let spamAbove = 0;
  let hamAbove = 0;
  for (let rank = 0; rank < spam.length; rank++) {
    hamAbove += ham[rank]!;
    if (hamAbove / hamInAll > mostFalsePositiveRate) break;
    spamAbove += spam[rank]!;
  }
  return spamAbove / sumOf(spam);
}

export function sumOf(counts: Int32Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
