import type { BandPoint, Interval } from '../../core/report-facts.ts';
import { averagePrecisionOf, type RankedScores, rocAucOf, sumOf } from '../ranked-scores.ts';

const RESAMPLES = 400;
const TAIL = 0.025;

/** False positive rates: close together where a spam gate works. */
const ROC_PLACES: readonly number[] = [
  0,
  0.0001,
  0.0002,
  0.0005,
  0.001,
  0.002,
  0.003,
  0.005,
  0.0075,
  0.01,
  0.015,
  0.02,
  0.03,
  0.04,
  0.05,
  0.075,
  ...Array.from({ length: 19 }, (_, at) => (at + 2) / 20),
];
const RECALL_PLACES: readonly number[] = Array.from({ length: 50 }, (_, at) => (at + 1) / 50);

export type Limits = Pick<Interval, 'low' | 'high'>;

export interface BootstrappedCurves {
  /** True positive rate at false positive rates. */
  readonly roc: readonly BandPoint[];
  /** Precision at recalls. */
  readonly precisionRecall: readonly BandPoint[];
  readonly rocAuc: Limits;
  readonly averagePrecision: Limits;
}

/**
 * Pointwise 95 % limits of both curves and of their areas, by the percentile bootstrap (Efron 1979): as many spam messages and as many ham
 * messages as there are, each drawn with replacement (stratified). Probabilities are sorted once, by the caller; a resample is counts of
 * their ranks. Both classes must occur.
 */
export function bootstrapCurves(ranked: RankedScores, random: () => number): BootstrappedCurves {
  const [spamRanks, hamRanks] = [ranksOf(ranked.spam), ranksOf(ranked.ham)];
  const spam = new Int32Array(ranked.spam.length);
  const ham = new Int32Array(ranked.ham.length);
  const roc = ROC_PLACES.map(() => new Float64Array(RESAMPLES));
  const precisionRecall = RECALL_PLACES.map(() => new Float64Array(RESAMPLES));
  const rocAuc = new Float64Array(RESAMPLES);
  const averagePrecision = new Float64Array(RESAMPLES);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    draw(spamRanks, spam, random);
    draw(hamRanks, ham, random);
    rocAuc[resample] = rocAucOf({ spam, ham });
    averagePrecision[resample] = averagePrecisionOf({ spam, ham });
    for (const [at, rate] of truePositiveRatesAt(ROC_PLACES, spam, ham).entries()) roc[at]![resample] = rate;
    for (const [at, precision] of precisionsAt(RECALL_PLACES, spam, ham).entries())
      precisionRecall[at]![resample] = precision;
  }
  return {
    roc: ROC_PLACES.map((x, at) => ({ x, ...limitsOf(roc[at]!) })),
    precisionRecall: RECALL_PLACES.map((x, at) => ({ x, ...limitsOf(precisionRecall[at]!) })),
    rocAuc: limitsOf(rocAuc),
    averagePrecision: limitsOf(averagePrecision),
  };
}

/** The rank of each message, in order. */
function ranksOf(counts: Int32Array): Int32Array {
  const ranks = new Int32Array(sumOf(counts));
  let at = 0;
  for (const [rank, count] of counts.entries()) {
    ranks.fill(rank, at, at + count);
    at += count;
  }
  return ranks;
}

function draw(ranks: Int32Array, counts: Int32Array, random: () => number): void {
  counts.fill(0);
  for (let i = 0; i < ranks.length; i++) counts[ranks[Math.floor(random() * ranks.length)]!]!++;
}

/** On the straight lines between the points of the ROC curve, where several have one rate the highest. */
function truePositiveRatesAt(places: readonly number[], spam: Int32Array, ham: Int32Array): number[] {
  const [spamInAll, hamInAll] = [sumOf(spam), sumOf(ham)];
  const rates: number[] = [];
  let spamAbove = 0;
  let hamAbove = 0;
  for (let rank = 0; rank < spam.length && rates.length < places.length; rank++) {
    const hamHere = ham[rank]!;
    // All places before the next point; one at the point itself may still rise.
    while (rates.length < places.length && places[rates.length]! * hamInAll < hamAbove + hamHere) {
      const share = (places[rates.length]! * hamInAll - hamAbove) / hamHere;
      rates.push((spamAbove + share * spam[rank]!) / spamInAll);
    }
    spamAbove += spam[rank]!;
    hamAbove += hamHere;
  }
  while (rates.length < places.length) rates.push(1);
  return rates;
}

/** At the highest threshold that reaches each recall. */
function precisionsAt(places: readonly number[], spam: Int32Array, ham: Int32Array): number[] {
  const spamInAll = sumOf(spam);
  const precisions: number[] = [];
  let spamAbove = 0;
  let above = 0;
  for (let rank = 0; rank < spam.length && precisions.length < places.length; rank++) {
    spamAbove += spam[rank]!;
    above += spam[rank]! + ham[rank]!;
    while (precisions.length < places.length && spamAbove >= places[precisions.length]! * spamInAll)
      precisions.push(spamAbove / above);
  }
  return precisions;
}

/** Sorts the values. */
function limitsOf(values: Float64Array): Limits {
  values.sort();
  return { low: quantile(values, TAIL), high: quantile(values, 1 - TAIL) };
}

function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return low + (at - below) * ((sorted[below + 1] ?? low) - low);
}
