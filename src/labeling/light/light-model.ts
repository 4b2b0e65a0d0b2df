import type { RowLabel } from '../../core/decision.ts';
import { FEATURES } from './light-features.ts';
import { type LightPool, offsetOf } from './light-pool.ts';
import { fitLogistic, type LinearWeights, marginOf } from './logistic-regression.ts';
import type { SparseRows } from './sparse-rows.ts';

/** A label of a message of the pool. */
export interface KnownLabel {
  readonly row: number;
  readonly label: RowLabel;
  /** What it counts for beside a person's answer, above 0; 1 where left out. */
  readonly weight?: number;
}

const COST = 30;
/** From so many labels on both classes count the same together, however many labels each has; of fewer, what was asked decides. */
const BALANCED_FROM = 50;

/** All unlabeled messages count as much as all labels, half of it for each class; at most as so many labels: with more of them, labels say enough. */
const MOST_OF_UNLABELED = 50;
/** What one of them counts for at most, beside a label. */
const MOST_OF_ONE = 0.1;

/** A linear model that is fitted to some labels of a pool in a moment. It adds to what another model says of each message. */
export class LightModel {
  readonly #pool: LightPool;
  readonly #weights: LinearWeights;

  private constructor(pool: LightPool, weights: LinearWeights) {
    this.#pool = pool;
    this.#weights = weights;
  }

  static fit(pool: LightPool, known: readonly KnownLabel[], { seed }: { readonly seed: number }): LightModel {
    return new LightModel(pool, weightsOf(pool, known, seed));
  }

  /**
   * One round of self-training: a model that is also fitted to what this one says of the unlabeled messages of the pool, with small weights,
   * the surer the more, both classes together the same. It helps most where labels are few.
   */
  selfTrained(known: readonly KnownLabel[], { seed }: { readonly seed: number }): LightModel {
    const labeled = new Set(known.map(({ row }) => row));
    const unlabeled: (KnownLabel & { readonly certainty: number })[] = [];
    const sums = { spam: 0, ham: 0 };
    for (let row = 0; row < this.#pool.size; row++) {
      const certainty = 2 * this.probability(row) - 1;
      if (labeled.has(row) || certainty === 0) continue;
      const label = certainty > 0 ? 'spam' : 'ham';
      sums[label] += Math.abs(certainty);
      unlabeled.push({ row, label, certainty: Math.abs(certainty) });
    }
    const total = Math.min(MOST_OF_UNLABELED, known.length) / 2;
    const weak = unlabeled.map(({ row, label, certainty }) => ({
      ...{ row, label },
      weight: Math.min(MOST_OF_ONE, (certainty * total) / sums[label]),
    }));
    return new LightModel(this.#pool, weightsOf(this.#pool, [...known, ...weak], seed));
  }

  /** Of a message of the pool. */
  logOdds(row: number): number {
    return marginOf(this.#pool.rows, row, this.#weights) + this.#pool.offset(row);
  }

  probability(row: number): number {
    return probabilityOf(this.logOdds(row));
  }

  /** Of any message; `prior`: the other model's probability. */
  probabilityOf(message: string, prior: number | null): number {
    return probabilityOf(this.logOddsOf(this.#pool.rowOf(message), 0, prior));
  }

  /** Of a row that the pool made of a message. */
  logOddsOf(rows: SparseRows, row: number, prior: number | null): number {
    return marginOf(rows, row, this.#weights) + offsetOf(prior);
  }
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function weightsOf(pool: LightPool, known: readonly KnownLabel[], seed: number): LinearWeights {
  const share = sharesOf(known);
  const examples = {
    rows: Int32Array.from(known, ({ row }) => row),
    signs: Int8Array.from(known, ({ label }) => (label === 'spam' ? 1 : -1)),
    costs: Float64Array.from(known, ({ label, weight = 1 }) => COST * weight * share[label]),
    offsets: Float64Array.from(known, ({ row }) => pool.offset(row)),
  };
  return fitLogistic(pool.rows, examples, { features: FEATURES, seed });
}

/** What a label of each class counts for, so that the classes are balanced; as much as all others where labels are few. */
function sharesOf(known: readonly KnownLabel[]): Readonly<Record<RowLabel, number>> {
  const sums = { spam: 0, ham: 0 };
  let labels = 0;
  for (const { label, weight } of known) {
    sums[label] += weight ?? 1;
    if (weight === undefined) labels++;
  }
  if (labels < BALANCED_FROM || sums.spam === 0 || sums.ham === 0) return { spam: 1, ham: 1 };
  const half = (sums.spam + sums.ham) / 2;
  return { spam: half / sums.spam, ham: half / sums.ham };
}
