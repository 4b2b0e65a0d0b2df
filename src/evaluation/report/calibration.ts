import type { Thresholds } from '../../core/decision-policy.ts';
import type { Calibration, CalibrationBin } from '../../core/report-facts.ts';
import { wilsonInterval } from '../../core/wilson-interval.ts';
import { classificationFigures } from '../classification-figures.ts';
import type { ScoredExample } from '../scored-example.ts';

/** Ends of bins of a width of 0.1, at which thresholds usually lie. */
const BINS = 10;

/**
 * How far probabilities are those that messages are spam with. `expectedError` is the calibration error of `sluice evaluate`. Bins without
 * a message are left out; there must be one message.
 */
export function calibrationOf(examples: readonly ScoredExample[], thresholds: Thresholds): Calibration {
  const { calibrationError } = classificationFigures(examples, thresholds);
  return {
    bins: calibrationBins(examples),
    expectedError: calibrationError!,
    brier: brierScore(examples),
    logLoss: logLoss(examples),
  };
}

/** The last bin includes 1. */
function calibrationBins(examples: readonly ScoredExample[]): CalibrationBin[] {
  const bins = Array.from({ length: BINS }, () => ({ messages: 0, spam: 0, sum: 0 }));
  for (const { label, probability } of examples) {
    const bin = bins[binOf(probability, BINS)]!;
    bin.messages++;
    bin.sum += probability;
    if (label === 'spam') bin.spam++;
  }
  return bins.flatMap(({ messages, spam, sum }, at) => {
    const observed = wilsonInterval(spam, messages);
    if (observed === null) return [];
    return { from: at / BINS, to: (at + 1) / BINS, messages, predicted: sum / messages, observed };
  });
}

export function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(probability * bins));
}

/** Mean squared difference between probability and class (Brier 1950). NaN for no example. */
export function brierScore(examples: readonly ScoredExample[]): number {
  let sum = 0;
  for (const { label, probability } of examples) sum += (probability - (label === 'spam' ? 1 : 0)) ** 2;
  return sum / examples.length;
}

/** Mean −ln of the probability of the true class, which counts as at least the smallest step of a double above 1. NaN for no example. */
export function logLoss(examples: readonly ScoredExample[]): number {
  let sum = 0;
  for (const { label, probability } of examples) {
    const own = label === 'spam' ? probability : 1 - probability;
    sum -= Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, own)));
  }
  return sum / examples.length;
}
