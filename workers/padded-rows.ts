import type { CountedFeatures } from '../src/text/feature-counts.ts';

const SHORTEST = 8;

/** 8, 12, 16, 24, 32, 48 …: the least of them that holds `size` features. */
export function paddedLength(size: number): number {
  let length = SHORTEST;
  while (length < size) {
    const half = length + length / 2;
    if (half >= size) return half;
    length *= 2;
  }
  return length;
}

/** 32, 128, 512 …: for few rows of many lengths, of which each run costs more than the cells that are wasted. */
export function coarseLength(size: number): number {
  let length = 32;
  while (length < size) length *= 4;
  return length;
}

/**
 * Rows of one padded length and one family, waiting to be run together. A message's length depends on itself alone, so its sums are
 * added in the same order whatever else is in the batch, and its score is the same to the last bit.
 */
export class PaddedRows {
  readonly length: number;
  readonly capacity: number;
  readonly #ids: Int32Array;
  readonly #counts: Float32Array;
  readonly #padding: number;
  #size = 0;

  constructor(length: number, capacity: number, padding: number) {
    this.length = length;
    this.capacity = capacity;
    this.#ids = new Int32Array(capacity * length);
    this.#counts = new Float32Array(capacity * length);
    this.#padding = padding;
  }

  get size(): number {
    return this.#size;
  }

  get ids(): { readonly data: Int32Array; readonly dims: readonly number[] } {
    return { data: this.#ids.subarray(0, this.#size * this.length), dims: [this.#size, this.length] };
  }

  get counts(): { readonly data: Float32Array; readonly dims: readonly number[] } {
    return { data: this.#counts.subarray(0, this.#size * this.length), dims: [this.#size, this.length] };
  }

  add(features: CountedFeatures): void {
    const at = this.#size * this.length;
    const { size, ids, counts } = features;
    const paddedIds = this.#ids;
    const paddedCounts = this.#counts;
    for (let i = 0; i < size; i++) {
      paddedIds[at + i] = ids[i]!;
      paddedCounts[at + i] = counts[i]!;
    }
    // A loop, since a call of `fill` costs more than the few cells that are left.
    for (let i = at + size; i < at + this.length; i++) {
      paddedIds[i] = this.#padding;
      paddedCounts[i] = 0;
    }
    this.#size++;
  }

  clear(): void {
    this.#size = 0;
  }
}
