import type { ModelManifest } from '../core/model-manifest.ts';

/**
 * From the blend's log-odds of each row to its probability: drawn to the prior as far as little is known of the row, scaled and shifted
 * if it is a window, shifted by the bias of its community, and limited if nothing but its shape is known.
 *
 * Each step never falls as the log-odds rise, in float64 too, and the steps of a row are the same for a bound as for the result of all
 * stages. So a bound before the steps is a bound after them, to the last bit.
 */
export class RowOdds {
  readonly #isProbability: boolean;
  readonly #prior: number;
  readonly #rows: number;
  /** Null until a row needs it: most batches of most models do without. */
  #trust: Float64Array | null = null;
  #slope: Float64Array | null = null;
  #offset: Float64Array | null = null;
  #most: Float64Array | null = null;

  constructor({ blender, prior }: Pick<ModelManifest, 'blender' | 'prior'>, rows: number) {
    this.#isProbability = blender.kind === 'identity';
    this.#prior = logit(prior);
    this.#rows = rows;
  }

  /** `trust`: 0 … 1, what is left of the distance to the prior. */
  setTrust(row: number, trust: number): void {
    if (trust !== 1) this.#trust ??= this.#ones();
    if (this.#trust !== null) this.#trust[row] = trust;
  }

  /** Log-odds z become slope · z + offset. `slope` is above zero. */
  setLine(row: number, slope: number, offset: number): void {
    this.#slope ??= this.#ones();
    this.#offset ??= new Float64Array(this.#rows);
    this.#slope[row] = slope;
    this.#offset[row] = offset;
  }

  /** The probability is at most this, and at most what was set before. */
  limit(row: number, most: number): void {
    this.#most ??= this.#ones();
    this.#most[row] = Math.min(most, this.#most[row]!);
  }

  /** `value`: the calibrated log-odds, or the probability itself under the blender `identity`. */
  probability(row: number, value: number): number {
    const trust = this.#trust === null ? 1 : this.#trust[row]!;
    const slope = this.#slope === null ? 1 : this.#slope[row]!;
    const offset = this.#offset === null ? 0 : this.#offset[row]!;
    const most = this.#most === null ? 1 : this.#most[row]!;
    let z = value;
    if (this.#isProbability) {
      if (trust === 1 && slope === 1 && offset === 0) return Math.min(z, most);
      z = logit(z);
    }
    // Only where it is needed: without it a probability is what it was in models that do not know of it.
    if (trust !== 1) z = this.#prior + trust * (z - this.#prior);
    if (slope !== 1 || offset !== 0) z = slope * z + offset;
    return Math.min(1 / (1 + Math.exp(-z)), most);
  }

  #ones(): Float64Array {
    return new Float64Array(this.#rows).fill(1);
  }

  /** Of a row without one known feature. */
  priorOf(row: number, prior: number): number {
    const offset = this.#offset === null ? 0 : this.#offset[row]!;
    return offset === 0 ? prior : 1 / (1 + Math.exp(-(this.#prior + offset)));
  }
}

export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
