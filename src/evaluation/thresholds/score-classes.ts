import type { Thresholds } from '../../core/decision-policy.ts';
import type { ScoredExample } from '../scored-example.ts';

/** The probabilities of the messages of each class, ascending. */
export interface ScoreClasses {
  readonly spam: Float64Array;
  readonly ham: Float64Array;
}

/** How many messages of each class are in each band. */
export interface ClassBands {
  readonly spam: BandSizes;
  readonly ham: BandSizes;
}

interface BandSizes {
  readonly all: number;
  readonly ham: number;
  readonly review: number;
  readonly spam: number;
}

export function scoreClasses(examples: readonly ScoredExample[]): ScoreClasses {
  const of = (label: ScoredExample['label']) =>
    Float64Array.from(
      examples.filter((one) => one.label === label),
      ({ probability }) => probability,
    ).sort();
  return { spam: of('spam'), ham: of('ham') };
}

/** How many of the sorted probabilities are at most the threshold: the messages that are not above it. */
export function atMost(sorted: Float64Array, threshold: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bands of the reject option, as `bandOf` has them: a probability at a limit belongs to the band below it. */
export function classBands(scores: ScoreClasses, { rejectMin, rejectMax }: Thresholds): ClassBands {
  const of = (sorted: Float64Array): BandSizes => {
    const ham = atMost(sorted, rejectMin);
    const notSpam = atMost(sorted, rejectMax);
    return { all: sorted.length, ham, review: notSpam - ham, spam: sorted.length - notSpam };
  };
  return { spam: of(scores.spam), ham: of(scores.ham) };
}
