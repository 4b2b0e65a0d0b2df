import type { RowLabel } from '../../core/decision.ts';
import { FEATURES } from './light-features.ts';
import { type LightPool, offsetOf } from './light-pool.ts';
import { fitLogistic, type LinearWeights, marginOf } from './logistic-regression.ts';

/** A label of a message of the pool. */
export interface KnownLabel {
  readonly row: number;
  readonly label: RowLabel;
  /** What it counts for beside a person's answer, above 0; 1 where left out. */
  readonly weight?: number;
}

const COST = 30;

export interface LightModelOptions {
  readonly seed: number;
  /** What the messages count for that the model is sure of, all together, beside all labels; 0 for none. */
  readonly selfTraining?: number;
}
/** From this probability on, the model is sure of a class. */
const SURE = 0.9;
/** What one such message counts for beside an answer. */
const MOST_OF_ONE = 0.1;

/** A linear model that is fitted to some labels of a pool in a moment. It adds to what another model says of each message. */
export class LightModel {
  readonly #pool: LightPool;
  readonly #weights: LinearWeights;

  private constructor(pool: LightPool, weights: LinearWeights) {
    this.#pool = pool;
    this.#weights = weights;
  }

  static fit(pool: LightPool, known: readonly KnownLabel[], options: LightModelOptions): LightModel {
    const first = new LightModel(pool, weightsOf(pool, known, options.seed));
    const share = options.selfTraining ?? 0;
    if (share === 0 || known.length === 0) return first;
    const labeled = new Set(known.map(({ row }) => row));
    const least = Math.log(SURE / (1 - SURE));
    const sure: KnownLabel[] = [];
    for (let row = 0; row < pool.size; row++) {
      const odds = labeled.has(row) ? 0 : first.logOdds(row);
      if (Math.abs(odds) >= least) sure.push({ row, label: odds > 0 ? 'spam' : 'ham' });
    }
    const weight = Math.min(MOST_OF_ONE, (share * known.length) / Math.max(1, sure.length));
    const all = [...known, ...sure.map((each) => ({ ...each, weight }))];
    return new LightModel(pool, weightsOf(pool, all, options.seed));
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
    return probabilityOf(marginOf(this.#pool.rowOf(message), 0, this.#weights) + offsetOf(prior));
  }
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

function weightsOf(pool: LightPool, known: readonly KnownLabel[], seed: number): LinearWeights {
  const examples = {
    rows: Int32Array.from(known, ({ row }) => row),
    signs: Int8Array.from(known, ({ label }) => (label === 'spam' ? 1 : -1)),
    costs: Float64Array.from(known, ({ weight = 1 }) => COST * weight),
    offsets: Float64Array.from(known, ({ row }) => pool.offset(row)),
  };
  return fitLogistic(pool.rows, examples, { features: FEATURES, seed });
}
