import type { RowLabel } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { isByPerson, type LabelRow, stepOf } from '../core/label-step.ts';
import type { LabelStore } from '../ports/label-store.ts';
import type { PriorOf } from './label-questions.ts';
import { DistinctSample, type SampledText } from './light/distinct-sample.ts';
import { type KnownLabel, LightModel } from './light/light-model.ts';
import { LightPool } from './light/light-pool.ts';
import type { PlannedEdit, StepPlan } from './step-plan.ts';

export interface PredictParameters {
  /** Unlabeled rows with at least this probability become spam. */
  readonly spamAbove: number;
  /** Those with at most this one become ham. */
  readonly hamBelow: number;
}

const PAGE = 1000;
/** Labeled texts of each class that are learned from; of more, a sample is drawn. */
const MOST_OF_CLASS = 15_000;
const TEXTS_AT_ONCE = 500;
/** With fewer labels of a class nothing is predicted. */
export const LEAST_OF_CLASS = 5;
/** What a label of a step counts for beside a person's. */
const WEIGHT_OF_STEP = 0.1;
/** Steps whose number is looked up. */
const STEPS = 10_000;

/**
 * Labels unlabeled rows by a light model where it is sure: it is fitted to what people have labeled, and with a small weight to what rules
 * and similar texts have labeled; never to earlier predictions, nor to `rest`. Throws `USAGE` where a class has too few labels.
 */
export function planPredict(
  store: Pick<LabelStore, 'rows' | 'rowsOf' | 'steps'>,
  { spamAbove, hamBelow }: PredictParameters,
  priorOf?: PriorOf,
): StepPlan {
  if (!(hamBelow < spamAbove))
    throw new SluiceError(
      'USAGE',
      `--ham-below ${hamBelow} must be below --spam-above ${spamAbove}: no row can become both`,
    );
  return {
    kind: 'predict',
    about: `spam from ${spamAbove}, ham up to ${hamBelow}`,
    parameters: { spamAbove, hamBelow },
    edits: (_, signal) => editsOf(store, { spamAbove, hamBelow }, priorOf, signal),
  };
}

async function* editsOf(
  store: Pick<LabelStore, 'rows' | 'rowsOf' | 'steps'>,
  { spamAbove, hamBelow }: PredictParameters,
  priorOf: PriorOf | undefined,
  signal: AbortSignal | undefined,
): AsyncIterable<PlannedEdit> {
  const model = await fitToTable(store, priorOf, signal);
  for (let after = 0; signal?.aborted !== true; ) {
    const page = await store.rows({ after, limit: PAGE, filter: { label: 'unlabeled' } });
    const priors = (await priorOf?.(page)) ?? [];
    for (const [at, row] of page.entries()) {
      const probability = model.probabilityOf(row.message, priors[at] ?? null);
      const label: RowLabel | undefined =
        probability >= spamAbove ? 'spam' : probability <= hamBelow ? 'ham' : undefined;
      if (label !== undefined) yield { row, edit: { kind: 'label', row, label } };
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
  }
}

/** Throws `USAGE`. */
async function fitToTable(
  store: Pick<LabelStore, 'rows' | 'rowsOf' | 'steps'>,
  priorOf: PriorOf | undefined,
  signal: AbortSignal | undefined,
): Promise<LightModel> {
  const weightOf = await weightsOfRows(store);
  const pool = new LightPool();
  const known: KnownLabel[] = [];
  for (const label of ['spam', 'ham'] as const) {
    const people = new DistinctSample({ most: MOST_OF_CLASS });
    const steps = new DistinctSample({ most: MOST_OF_CLASS });
    for (let after = 0; signal?.aborted !== true; ) {
      const page = await store.rows({ after, limit: PAGE, filter: { label } });
      for (const row of page) {
        const weight = weightOf(row);
        if (weight > 0) (weight === 1 ? people : steps).add(row.id, row.message);
      }
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
    const texts = [...people.texts(), ...steps.texts()].slice(0, MOST_OF_CLASS);
    if (texts.length < LEAST_OF_CLASS)
      throw new SluiceError(
        'USAGE',
        `only ${texts.length} different messages are labeled ${label}, and ${LEAST_OF_CLASS} are needed; label some with "sluice label next"`,
      );
    await addTexts(texts);
  }
  return LightModel.fit(pool, known, { seed: 0 });

  async function addTexts(texts: readonly SampledText[]): Promise<void> {
    for (let from = 0; from < texts.length; from += TEXTS_AT_ONCE) {
      const rows = await store.rowsOf(texts.slice(from, from + TEXTS_AT_ONCE).map(({ id }) => id));
      const priors = (await priorOf?.(rows)) ?? [];
      for (const [at, row] of rows.entries()) {
        // Undone meanwhile.
        if (row.label === null) continue;
        known.push({ row: pool.size, label: row.label, weight: weightOf(row) });
        pool.add(row.message, priors[at] ?? null);
      }
    }
  }
}

/** What the label of a row counts for: 0 for a prediction, so that a model is not fitted to what a model said. */
async function weightsOfRows(store: Pick<LabelStore, 'steps'>): Promise<(row: LabelRow) => number> {
  const steps = await store.steps(STEPS);
  const weak = new Set(steps.filter(({ kind }) => kind === 'rule' || kind === 'similar').map(({ id }) => id));
  const imports = new Set(steps.filter(({ kind }) => kind === 'import').map(({ id }) => id));
  return ({ labelled_by }) => {
    const step = stepOf(labelled_by);
    if (isByPerson(labelled_by) || step === undefined || imports.has(step)) return 1;
    return weak.has(step) ? WEIGHT_OF_STEP : 0;
  };
}
