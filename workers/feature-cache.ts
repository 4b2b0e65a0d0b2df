import type { CountedFeatures } from '../src/text/feature-counts.ts';

/** Features of one family of a batch's rows, one after the other in two arrays that the next batch uses again. */
export class FeatureCache {
  #ids = new Int32Array(65_536);
  #counts = new Float32Array(65_536);
  #used = 0;
  /** Per row, where its features begin, and how many they are; -1 where they were not counted. */
  #starts = new Int32Array(0);
  #sizes = new Int32Array(0);

  /** Forgets all; what `of` answered before is not valid any more. */
  begin(rows: number): void {
    if (this.#sizes.length < rows) {
      this.#starts = new Int32Array(rows);
      this.#sizes = new Int32Array(rows);
    }
    this.#sizes.fill(-1, 0, rows);
    this.#used = 0;
  }

  keep(row: number, { size, ids, counts }: CountedFeatures): void {
    const start = this.#used;
    const end = start + size;
    if (end > this.#ids.length) this.#grow(end);
    const cachedIds = this.#ids;
    const cachedCounts = this.#counts;
    for (let i = 0; i < size; i++) {
      cachedIds[start + i] = ids[i]!;
      cachedCounts[start + i] = counts[i]!;
    }
    this.#starts[row] = start;
    this.#sizes[row] = size;
    this.#used = end;
  }

  of(row: number): CountedFeatures | undefined {
    const size = this.#sizes[row]!;
    if (size < 0) return undefined;
    const start = this.#starts[row]!;
    return {
      size,
      ids: this.#ids.subarray(start, start + size),
      counts: this.#counts.subarray(start, start + size),
    };
  }

  #grow(atLeast: number): void {
    const length = Math.max(atLeast, this.#ids.length * 2);
    const ids = new Int32Array(length);
    ids.set(this.#ids);
    const counts = new Float32Array(length);
    counts.set(this.#counts);
    this.#ids = ids;
    this.#counts = counts;
  }
}
