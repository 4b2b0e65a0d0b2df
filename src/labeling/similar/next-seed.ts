import type { RowLabel } from '../../core/decision.ts';
import { type LabelRow, stepOf } from '../../core/label-step.ts';
import type { SimilarMessage } from '../../core/rule-report.ts';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import { rowsOf } from '../rules/plan-rule.ts';
import { findSimilar } from './find-similar.ts';
import { seedOf } from './plan-similar.ts';
import { type Comparable, comparableOf, similarityOf } from './similarity.ts';

/** Accepted rows that are kept in mind, the ones that are most unlike all seeds. */
const MOST_CANDIDATES = 200;
/** Candidates whose neighbors are looked up: a page of them without any says that the rest has none either. */
const MOST_SEARCHED = 100;
/** Steps whose seeds are known. */
const MOST_STEPS = 10_000;

/** The text to search for next, or why there is none. */
export type NextSeed =
  | {
      readonly seed: Pick<LabelRow, 'id' | 'message'>;
      readonly as: RowLabel;
      /** To what was searched for already; lower is newer. */
      readonly likeness: number;
      /** Unlabeled rows that are like it. */
      readonly found: readonly SimilarMessage[];
    }
  | { readonly seed: null; readonly reason: string };

export interface NextSeedOptions {
  readonly limit: number;
  readonly minSimilarity: number;
  /** Of steps that gave this label alone. */
  readonly as?: RowLabel;
}

interface Candidate {
  readonly row: LabelRow;
  readonly likeness: number;
}

/**
 * Of the rows that steps of the kind `similar` have labeled, the one that is most unlike all texts that were searched for and has unlabeled
 * rows that are like it. What was searched for is known from the parameters of the steps. Throws `STORE_FAILED`.
 */
export async function nextSeed(
  parts: { readonly store: Pick<LabelStore, 'rows' | 'rowsOf' | 'steps'>; readonly search: LabelSearch },
  { limit, minSimilarity, as }: NextSeedOptions,
  signal?: AbortSignal,
): Promise<NextSeed> {
  const { store } = parts;
  const steps = (await store.steps(MOST_STEPS)).filter(
    ({ kind, state }) => kind === 'similar' && state === 'applied',
  );
  if (steps.length === 0)
    return {
      seed: null,
      reason:
        'no text was searched for and applied yet; begin with: sluice label similar "TEXT" --as spam --apply',
    };
  const seeds = steps.flatMap(({ parameters }) => {
    const text = seedOf(parameters);
    return text === undefined ? [] : [comparableOf(text)];
  });
  const candidates = await unlikeSeeds(store, new Set(steps.map(({ id }) => id)), seeds, as, signal);
  if (candidates.length === 0)
    return { seed: null, reason: 'the steps labeled no rows, or people have decided all of them since' };
  let searched = 0;
  for (const { row, likeness } of candidates.slice(0, MOST_SEARCHED)) {
    searched++;
    const found = await findSimilar(parts, { text: row.message, limit, minSimilarity }, signal);
    const unlabeled = found.filter(({ label }) => label === null);
    if (unlabeled.length > 0)
      return { seed: { id: row.id, message: row.message }, as: row.label!, likeness, found: unlabeled };
  }
  return {
    seed: null,
    reason: `none of the ${searched} accepted rows that are most unlike the ${seeds.length} texts searched for has unlabeled rows of similarity ${minSimilarity} or more`,
  };
}

async function unlikeSeeds(
  store: Pick<LabelStore, 'rows'>,
  steps: ReadonlySet<number>,
  seeds: readonly Comparable[],
  as: RowLabel | undefined,
  signal: AbortSignal | undefined,
): Promise<readonly Candidate[]> {
  let kept: Candidate[] = [];
  for (const label of as === undefined ? (['spam', 'ham'] as const) : [as])
    for await (const row of rowsOf(store, { label }, signal)) {
      const step = stepOf(row.labelled_by);
      if (step === undefined || !steps.has(step)) continue;
      const comparable = comparableOf(row.message);
      const likeness = Math.max(0, ...seeds.map((seed) => similarityOf(seed, comparable).similarity));
      kept.push({ row, likeness });
      if (kept.length >= 2 * MOST_CANDIDATES) kept = mostUnlike(kept);
    }
  return mostUnlike(kept);
}

function mostUnlike(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates]
    .sort((a, b) => a.likeness - b.likeness || a.row.id - b.row.id)
    .slice(0, MOST_CANDIDATES);
}
