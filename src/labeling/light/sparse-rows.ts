/** Rows of features: row i has the features `ids[k]` with `values[k]`, `starts[i]` ≤ k < `starts[i + 1]`. */
export interface SparseRows {
  /** How many rows. */
  readonly size: number;
  readonly starts: Float64Array;
  readonly ids: Int32Array;
  readonly values: Float32Array;
}

/** Collects rows, in arrays that double when they are full. */
export class SparseRowsBuilder implements SparseRows {
  size = 0;
  starts: Float64Array = new Float64Array(1024);
  ids: Int32Array = new Int32Array(65_536);
  values: Float32Array = new Float32Array(65_536);

  /** Features of all rows together. */
  get entries(): number {
    return this.starts[this.size]!;
  }

  /** Adds a row with the first `count` of these features. */
  add(ids: Int32Array, values: Float32Array, count: number): void {
    const from = this.entries;
    if (this.size + 2 > this.starts.length) this.starts = grown(this.starts, this.size + 2, Float64Array);
    if (from + count > this.ids.length) {
      this.ids = grown(this.ids, from + count, Int32Array);
      this.values = grown(this.values, from + count, Float32Array);
    }
    this.ids.set(ids.subarray(0, count), from);
    this.values.set(values.subarray(0, count), from);
    this.starts[++this.size] = from + count;
  }

  clear(): void {
    this.size = 0;
  }
}

function grown<A extends Float64Array | Int32Array | Float32Array>(
  old: A,
  least: number,
  type: new (length: number) => A,
): A {
  const larger = new type(Math.max(least, 2 * old.length));
  larger.set(old);
  return larger;
}
