import type { FeatureFamily } from '../core/model-manifest.ts';
import type { CountedFeatures } from '../text/feature-counts.ts';

/** The features of a text. A share is given for each: first those of the words, then those of the grams. */
export type FeatureRow = Readonly<Record<FeatureFamily, CountedFeatures>>;

/** How a base model's value for a text differs from its value for a text without features, by feature. */
export interface BaseModelShares {
  /** Index in the manifest. */
  readonly member: number;
  readonly atEmpty: number;
  readonly value: number;
  /** Their sum is `value` − `atEmpty`, apart from rounding in float64. */
  readonly shares: Float64Array;
}

/** Divides what the base models of one kind of stage return. */
export interface StageShares {
  of(row: FeatureRow): readonly BaseModelShares[];
}

export function sizeOf({ words, grams }: FeatureRow): number {
  return words.size + grams.size;
}

/** Where the shares of a family begin. */
export function startOf(family: FeatureFamily, { words }: FeatureRow): number {
  return family === 'words' ? 0 : words.size;
}

export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/**
 * The mean slope of a sigmoid between two points: multiplied by what a feature adds to the margin, it is the feature's share of the
 * probability. That is the Aumann–Shapley value along the straight path between the points [1]: the slope at each point of the path is the
 * same for all features.
 *
 * [1] R. Aumann, L. Shapley, "Values of Non-Atomic Games", Princeton, 1974.
 */
export function meanSlope(from: number, to: number): number {
  // Of points this close the difference would be of rounding.
  if (Math.abs(to - from) < 1e-6) {
    const middle = sigmoid((from + to) / 2);
    return middle * (1 - middle);
  }
  return (sigmoid(to) - sigmoid(from)) / (to - from);
}

/** Multiplies in place. */
export function scale(shares: Float64Array, factor: number): void {
  for (let i = 0; i < shares.length; i++) shares[i]! *= factor;
}

/**
 * Changes shares in place so that their sum is `total`: each gets of what is missing in proportion to its size. The signs stay as long as
 * less is missing than there is.
 */
export function normalize(shares: Float64Array, total: number): void {
  let sum = 0;
  let size = 0;
  for (const share of shares) {
    sum += share;
    size += Math.abs(share);
  }
  if (shares.length === 0 || sum === total) return;
  const missing = total - sum;
  for (let i = 0; i < shares.length; i++)
    shares[i]! += missing * (size > 0 ? Math.abs(shares[i]!) / size : 1 / shares.length);
}
