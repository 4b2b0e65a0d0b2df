import type { Thresholds } from '../../core/decision-policy.ts';
import type { ScoredExample } from '../scored-example.ts';
import { type Circumstances, expectedCost, reviewShareOf } from './band-figures.ts';
import { atMost, type ClassBands, classBands, type ScoreClasses, scoreClasses } from './score-classes.ts';
import { thresholdGrid } from './threshold-grid.ts';

export interface BandSearch extends Pick<Circumstances, 'costs' | 'spamShare'> {
  /** Of all messages, the greatest share that people can look at; 1 for all. */
  readonly mostReviewed: number;
  /** Of pairs that cost the same, the one nearest to these is taken. */
  readonly preferred: Thresholds;
  /** Only pairs with this upper threshold. */
  readonly rejectMax?: number;
}

/**
 * The two thresholds of the grid with the least expected cost on these messages whose review band is not larger than people can look at.
 * Both classes have to be there: throws a `RangeError`.
 */
export function proposeBand(scores: ScoreClasses, search: BandSearch): Thresholds {
  const { spam, ham } = scores;
  if (spam.length === 0 || ham.length === 0) throw new RangeError('a class is missing');
  const grid = [...new Set([...thresholdGrid, ...(search.rejectMax === undefined ? [] : [search.rejectMax])])]
    .toSorted((a, b) => a - b)
    .map((threshold) => ({ threshold, spam: atMost(spam, threshold), ham: atMost(ham, threshold) }));
  let best: { readonly thresholds: Thresholds; readonly cost: number; readonly distance: number } | undefined;
  for (const [at, upper] of grid.entries()) {
    if (search.rejectMax !== undefined && upper.threshold !== search.rejectMax) continue;
    for (const lower of grid.slice(0, at + 1)) {
      const bands: ClassBands = {
        spam: sizes(spam.length, lower.spam, upper.spam),
        ham: sizes(ham.length, lower.ham, upper.ham),
      };
      if (reviewShareOf(bands, search.spamShare) > search.mostReviewed) continue;
      const cost = expectedCost(bands, search);
      if (best !== undefined && cost > best.cost + SAME) continue;
      const thresholds = { rejectMin: lower.threshold, rejectMax: upper.threshold };
      const distance = distanceOf(thresholds, search.preferred);
      if (best === undefined || cost < best.cost - SAME || distance < best.distance)
        best = { thresholds, cost, distance };
    }
  }
  // An empty band is within every limit.
  return best!.thresholds;
}

/** Costs that differ by rounding alone are the same. */
const SAME = 1e-12;

const PARTS = 5;

/**
 * Expected cost of what {@link proposeBand} proposes, on messages that it has not seen: it proposes on four fifths and is measured on the
 * last, five times. Null where a part lacks a class.
 */
export function crossValidatedCost(examples: readonly ScoredExample[], search: BandSearch): number | null {
  let sum = 0;
  for (let part = 0; part < PARTS; part++) {
    const rest = scoreClasses(examples.filter((_, at) => at % PARTS !== part));
    const held = scoreClasses(examples.filter((_, at) => at % PARTS === part));
    if ([rest.spam, rest.ham, held.spam, held.ham].some(({ length }) => length === 0)) return null;
    sum += expectedCost(classBands(held, proposeBand(rest, search)), search);
  }
  return sum / PARTS;
}

function sizes(all: number, ham: number, notSpam: number): ClassBands['spam'] {
  return { all, ham, review: notSpam - ham, spam: all - notSpam };
}

/** In log-odds, of both thresholds together. */
function distanceOf(a: Thresholds, b: Thresholds): number {
  return (
    Math.abs(logOdds(a.rejectMin) - logOdds(b.rejectMin)) +
    Math.abs(logOdds(a.rejectMax) - logOdds(b.rejectMax))
  );
}

function logOdds(probability: number): number {
  const inside = Math.min(1 - 1e-9, Math.max(1e-9, probability));
  return Math.log(inside / (1 - inside));
}
