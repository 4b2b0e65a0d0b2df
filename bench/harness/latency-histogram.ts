const LEAST_MS = 0.01;
/** A reported percentile is at most 1 % too high. */
const GROWTH = 1.01;
/** Up to three hours. */
const BUCKETS = Math.ceil(Math.log(1e7 / LEAST_MS) / Math.log(GROWTH));

/** Latencies in milliseconds, of any number, in memory that does not grow. */
export class LatencyHistogram {
  readonly #buckets = new Float64Array(BUCKETS);
  #count = 0;
  #most = 0;

  add(milliseconds: number): void {
    const bucket = Math.ceil(Math.log(milliseconds / LEAST_MS) / Math.log(GROWTH));
    this.#buckets[Math.min(BUCKETS - 1, Math.max(0, bucket || 0))]!++;
    this.#count++;
    if (milliseconds > this.#most) this.#most = milliseconds;
  }

  get count(): number {
    return this.#count;
  }

  get most(): number {
    return this.#most;
  }

  /** The latency that so large a share (0 … 1) does not exceed; NaN where there is none. */
  at(share: number): number {
    if (this.#count === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let passed = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      passed += this.#buckets[bucket]!;
      if (passed >= rank) return Math.min(this.#most, LEAST_MS * GROWTH ** bucket);
    }
    return this.#most;
  }

  toJSON() {
    const [p50, p90, p99, p999] = [0.5, 0.9, 0.99, 0.999].map((share) => this.at(share));
    return { count: this.#count, p50, p90, p99, p999, max: this.#most };
  }
}
