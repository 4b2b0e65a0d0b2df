import { type KnownLabel, LightModel } from './light-model.ts';
import type { LightPool } from './light-pool.ts';
import { randomOf, shuffle } from './logistic-regression.ts';

const FOLDS = 5;
/** Labels that are predicted at most; the last ones. */
const MOST_PREDICTED = 1_000;
/** Labels that are learned from; the last ones. */
const MOST_LEARNED = 4_000;
/** With fewer labels of a class an estimate means nothing. */
const LEAST_OF_CLASS = 5;
const RESAMPLES = 1_000;
/** The interval leaves out this share at each end. */
const TAIL = 0.025;

/** How good the model is on labels that it has not seen. */
export interface Quality {
  /** Labels that were predicted. */
  readonly labels: number;
  /** Matthews correlation of the out-of-fold predictions, and its 95 % interval by bootstrap. */
  readonly mcc: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Cross-validated on the labels of people: each is predicted by a model that was fitted to the others, folds by `groupOf` (near-duplicates have
 * the same group). The messages that are asked are the harder ones, so on all messages the model is rather better. Undefined where a class has fewer
 * than five labels. Deterministic.
 */
export function estimateQuality(
  pool: LightPool,
  known: readonly KnownLabel[],
  options: EstimateOptions = {},
): Quality | undefined {
  const folds = estimateInFolds(pool, known, options);
  for (let step = folds.next(); ; step = folds.next()) if (step.done === true) return step.value;
}

export interface EstimateOptions {
  readonly groupOf?: (row: number) => number;
  readonly seed?: number;
}

/** The same, fold by fold, so that others may be served in between. `known` must not change meanwhile. */
export function* estimateInFolds(
  pool: LightPool,
  known: readonly KnownLabel[],
  { groupOf = (row) => row, seed = 0 }: EstimateOptions = {},
): Generator<void, Quality | undefined> {
  const learned = known.slice(-MOST_LEARNED);
  const predicted = learned.filter(({ weight }) => weight === undefined).slice(-MOST_PREDICTED);
  for (const label of ['spam', 'ham'])
    if (predicted.filter((each) => each.label === label).length < LEAST_OF_CLASS) return undefined;
  const random = randomOf(seed);
  const groups = Int32Array.from(new Set(predicted.map(({ row }) => groupOf(row))));
  shuffle(groups, random);
  const foldOf = new Map(Array.from(groups, (group, at) => [group, at % FOLDS]));
  const outcomes: Outcome[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const isOut = ({ row }: KnownLabel) => foldOf.get(groupOf(row)) === fold;
    const model = LightModel.fit(
      pool,
      learned.filter((each) => !isOut(each)),
      { seed },
    );
    for (const each of predicted.filter(isOut))
      outcomes.push({ isSpam: each.label === 'spam', isPredicted: model.logOdds(each.row) > 0 });
    yield;
  }
  const samples = Float64Array.from({ length: RESAMPLES }, () =>
    mccOf(outcomes.map(() => outcomes[Math.floor(random() * outcomes.length)]!)),
  ).sort();
  return {
    labels: outcomes.length,
    mcc: mccOf(outcomes),
    low: samples[Math.floor(TAIL * RESAMPLES)]!,
    high: samples[Math.ceil((1 - TAIL) * RESAMPLES) - 1]!,
  };
}

interface Outcome {
  readonly isSpam: boolean;
  readonly isPredicted: boolean;
}

/** Matthews correlation; 0 where one class was never there, or never predicted. */
export function mccOf(outcomes: Iterable<Outcome>): number {
  const counts = [0, 0, 0, 0];
  for (const { isSpam, isPredicted } of outcomes) counts[(isSpam ? 2 : 0) + (isPredicted ? 1 : 0)]!++;
  const [right, falseAlarms, missed, found] = counts as [number, number, number, number];
  const product = (found + falseAlarms) * (found + missed) * (right + falseAlarms) * (right + missed);
  return product === 0 ? 0 : (found * right - falseAlarms * missed) / Math.sqrt(product);
}

/** Answers between two looks. */
const INTERVAL = 50;
/** Fewer answers are never enough. */
const LEAST_ANSWERS = 100;
/** When fewer of the messages than this share changed class, more answers hardly pay. */
const SETTLED_SHARE = 0.005;

/**
 * When more answers stop paying: after at least 100, when over the last 50 the model has changed its mind on less than 0.5 % of the pool.
 */
export class SettledWatch {
  readonly #looks: { readonly answers: number; readonly classes: Uint8Array }[] = [];

  /** The model's log-odds of all messages after so many answers. */
  look(answers: number, odds: Float64Array): void {
    const last = this.#looks.at(-1);
    if (last !== undefined && answers < last.answers + 5) return;
    this.#looks.push({ answers, classes: Uint8Array.from(odds, (each) => (each > 0 ? 1 : 0)) });
    while (this.#looks.length > 2 && this.#looks[1]!.answers <= answers - INTERVAL) this.#looks.shift();
  }

  /** Share of the messages that have another class than 50 answers before; undefined while there are fewer. */
  get changed(): number | undefined {
    const [first] = this.#looks;
    const last = this.#looks.at(-1);
    if (first === undefined || last === undefined || last.answers - first.answers < INTERVAL)
      return undefined;
    let changed = 0;
    for (let row = 0; row < last.classes.length; row++)
      if (last.classes[row] !== first.classes[row]) changed++;
    return changed / Math.max(1, last.classes.length);
  }

  get isSettled(): boolean {
    const { changed } = this;
    return changed !== undefined && changed < SETTLED_SHARE && this.#looks.at(-1)!.answers >= LEAST_ANSWERS;
  }
}
