import { FEATURES, LightFeatures } from './light-features.ts';
import type { SparseRows } from './sparse-rows.ts';

/** What another model's log-odds count for: the light model begins with this share of them, and adds what it learns. */
const PRIOR_SHARE = 0.5;
/** Log-odds of another model beyond this count as this: it has not seen these messages, and may be sure and wrong. */
const MOST_PRIOR = 4;
/** Entries of all rows: 8 bytes each. */
const MOST_ENTRIES = 40_000_000;

/** Log-odds that another model's probability gives a message; 0 for none. */
export function offsetOf(prior: number | null): number {
  if (prior === null) return 0;
  const certain = Math.min(1 - 1e-9, Math.max(1e-9, prior));
  const odds = Math.log(certain / (1 - certain));
  return PRIOR_SHARE * Math.max(-MOST_PRIOR, Math.min(MOST_PRIOR, odds));
}

/** Messages as the light model sees them: features in arrays, and no text. They are numbered from 0. */
export class LightPool {
  readonly #features: LightFeatures;
  readonly #offsets: number[] = [];
  #density: Float64Array | undefined;
  #scratch: Float32Array | undefined;

  constructor(features: LightFeatures = new LightFeatures()) {
    this.#features = features;
  }

  /** The same messages without what the other model says. */
  withoutPriors(): LightPool {
    const pool = new LightPool(this.#features);
    for (let row = 0; row < this.size; row++) pool.#offsets.push(0);
    return pool;
  }

  get size(): number {
    return this.#features.size;
  }

  /** Whether its memory is used up. */
  get isFull(): boolean {
    return this.#features.entries >= MOST_ENTRIES;
  }

  /** `prior`: another model's probability that it is spam; null for none. Not after anything was read. */
  add(message: string, prior: number | null): void {
    this.#features.add(message);
    this.#offsets.push(offsetOf(prior));
  }

  get rows(): SparseRows {
    return this.#features.rows;
  }

  offset(row: number): number {
    return this.#offsets[row]!;
  }

  /** The features of a message that need not be of the pool; they hold until the next call. */
  rowOf(message: string): SparseRows {
    return this.#features.rowOf(message);
  }

  /** By message: its mean cosine to all of the pool, so that what many are like comes before what stands alone. At most 1. */
  get density(): Float64Array {
    if (this.#density !== undefined) return this.#density;
    const { size, starts, ids, values } = this.rows;
    const center = new Float32Array(FEATURES);
    for (let at = 0; at < starts[size]!; at++) center[ids[at]!]! += values[at]! / size;
    this.#density = this.#cosines(center);
    return this.#density;
  }

  /** Raises each message's highest cosine to the chosen ones by that to one more of them. */
  raiseToSimilarity(highest: Float64Array, chosen: number): void {
    const { starts, ids, values } = this.rows;
    this.#scratch ??= new Float32Array(FEATURES);
    const scratch = this.#scratch;
    for (let at = starts[chosen]!; at < starts[chosen + 1]!; at++) scratch[ids[at]!]! += values[at]!;
    const cosines = this.#cosines(scratch);
    for (let at = starts[chosen]!; at < starts[chosen + 1]!; at++) scratch[ids[at]!] = 0;
    for (let row = 0; row < cosines.length; row++) highest[row] = Math.max(highest[row]!, cosines[row]!);
  }

  /** Words and grams have a length of 1 each, so half of the product is their mean cosine. */
  #cosines(other: Float32Array): Float64Array {
    const { size, starts, ids, values } = this.rows;
    const cosines = new Float64Array(size);
    for (let row = 0; row < size; row++) {
      let sum = 0;
      for (let at = starts[row]!, end = starts[row + 1]!; at < end; at++)
        sum += other[ids[at]!]! * values[at]!;
      cosines[row] = sum / 2;
    }
    return cosines;
  }
}
