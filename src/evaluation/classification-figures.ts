import type { Thresholds } from '../core/decision-policy.ts';
import { type RocPoint, rankScores, rocAucOf, rocPoints } from './ranked-scores.ts';
import type { ScoredExample } from './scored-example.ts';

/** A figure is null where the data cannot give it: a class is missing, or a denominator is zero. */
export interface ClassificationFigures {
  readonly spam: number;
  readonly ham: number;
  /** Counts at 0.5: spam is what is above. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly accuracy: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly falsePositiveRate: number | null;
  readonly f1: number | null;
  /** Matthews correlation at 0.5. */
  readonly mcc: number | null;
  readonly rocAuc: number | null;
  /** False positive rate at the first point of the ROC curve where the true positive rate is at least that. */
  readonly fprAtTpr90: number | null;
  readonly fprAtTpr95: number | null;
  /** Mean |confidence − accuracy| over 15 bins of equal count. */
  readonly calibrationError: number | null;
  /** Share of all messages in the review band, and of each class above rejectMax (verdict spam). */
  readonly reviewShare: number | null;
  readonly spamAboveRejectMax: number | null;
  readonly hamAboveRejectMax: number | null;
}

const HALF = 0.5;
const CALIBRATION_BINS = 15;

export function classificationFigures(
  examples: readonly ScoredExample[],
  thresholds: Thresholds,
): ClassificationFigures {
  const count = (which: (one: ScoredExample) => boolean) =>
    examples.reduce((sum, one) => sum + (which(one) ? 1 : 0), 0);
  const spam = count((one) => one.label === 'spam');
  const ham = examples.length - spam;
  const truePositives = count((one) => one.label === 'spam' && one.probability > HALF);
  const falsePositives = count((one) => one.label === 'ham' && one.probability > HALF);
  const falseNegatives = spam - truePositives;
  const trueNegatives = ham - falsePositives;
  const ranked = spam > 0 && ham > 0 ? rankScores(examples) : null;
  const curve = ranked === null ? [] : rocPoints(ranked);
  const mccScale = Math.sqrt(
    (truePositives + falsePositives) * spam * ham * (trueNegatives + falseNegatives),
  );
  return {
    spam,
    ham,
    truePositives,
    falsePositives,
    accuracy: ratio(truePositives + trueNegatives, examples.length),
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, spam),
    falsePositiveRate: ratio(falsePositives, ham),
    f1: ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    mcc: ratio(truePositives * trueNegatives - falsePositives * falseNegatives, mccScale),
    rocAuc: ranked && rocAucOf(ranked),
    fprAtTpr90: fprAt(curve, 0.9),
    fprAtTpr95: fprAt(curve, 0.95),
    calibrationError: calibrationError(examples),
    reviewShare: ratio(
      count((one) => one.probability > thresholds.rejectMin && one.probability <= thresholds.rejectMax),
      examples.length,
    ),
    spamAboveRejectMax: ratio(
      count((one) => one.label === 'spam' && one.probability > thresholds.rejectMax),
      spam,
    ),
    hamAboveRejectMax: ratio(
      count((one) => one.label === 'ham' && one.probability > thresholds.rejectMax),
      ham,
    ),
  };
}

function fprAt(curve: readonly RocPoint[], tpr: number): number | null {
  return curve.find((point) => point.tpr >= tpr)?.fpr ?? null;
}

/** Confidence is the probability of the predicted class, so it lies between a half and one. */
function calibrationError(examples: readonly ScoredExample[]): number | null {
  if (examples.length === 0) return null;
  const sorted = examples
    .map(({ label, probability }) => ({
      confidence: Math.max(probability, 1 - probability),
      right: probability > HALF === (label === 'spam') ? 1 : 0,
    }))
    .sort((a, b) => a.confidence - b.confidence);
  let error = 0;
  for (let bin = 0; bin < CALIBRATION_BINS; bin++) {
    const from = Math.floor((bin * sorted.length) / CALIBRATION_BINS);
    const to = Math.floor(((bin + 1) * sorted.length) / CALIBRATION_BINS);
    let gap = 0;
    for (let i = from; i < to; i++) gap += sorted[i]!.confidence - sorted[i]!.right;
    error += Math.abs(gap) / sorted.length;
  }
  return error;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
