import type { SparseRows } from './sparse-rows.ts';

/** One labeled row; a row may be there several times, also with both labels. */
export interface Examples {
  /** Indexes of rows. */
  readonly rows: Int32Array;
  /** 1 for spam, -1 for ham. */
  readonly signs: Int8Array;
  /** What an error on it costs, above 0; the inverse of the strength of the regularization. */
  readonly costs: Float64Array;
  /** Log-odds that a row has before its features are counted; none for 0. */
  readonly offsets?: Float64Array;
}

export interface LinearWeights {
  /** By feature. */
  readonly weights: Float64Array;
  readonly bias: number;
}

/** The value of the feature that all rows have: its weight is regularized less than the others by the square of this. */
const BIAS = 2;
/** A pass over all examples ends the fit when no derivative of the dual problem was further from 0. */
const TOLERANCE = 0.05;
const MOST_PASSES = 60;
const MOST_STEPS = 20;

/**
 * L2-regularized logistic regression by coordinate descent on the dual problem: ½|w|² + Σ cost · log(1 + e^(−sign · (w·x + offset))).
 * H.-F. Yu, F.-L. Huang, C.-J. Lin, *Dual coordinate descent methods for logistic regression and maximum entropy models*, Machine Learning
 * 85 (2011), algorithm 5. Deterministic: the order of examples is shuffled by `seed`. Memory: one weight for each feature, some numbers for
 * each example.
 */
export function fitLogistic(
  rows: SparseRows,
  examples: Examples,
  { features, seed }: { readonly features: number; readonly seed: number },
): LinearWeights {
  const fit = new DualFit(rows, examples, features);
  const order = Int32Array.from(examples.rows, (_, at) => at);
  const random = randomOf(seed);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    shuffle(order, random);
    let furthest = 0;
    for (const at of order) furthest = Math.max(furthest, fit.step(at));
    fit.endPass(order.length);
    if (furthest < TOLERANCE) break;
  }
  return { weights: fit.weights, bias: fit.bias * BIAS };
}

/** Log-odds that the features of a row add. */
export function marginOf(rows: SparseRows, row: number, { weights, bias }: LinearWeights): number {
  const { starts, ids, values } = rows;
  let sum = bias;
  for (let at = starts[row]!; at < starts[row + 1]!; at++) sum += weights[ids[at]!]! * values[at]!;
  return sum;
}

class DualFit {
  readonly weights: Float64Array;
  /** Of the feature that all rows have. */
  bias = 0;
  readonly #rows: SparseRows;
  readonly #examples: Examples;
  /** Both dual variables of each example; their sum is its cost. */
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #squares: Float64Array;
  #precision = 1e-2;
  #steps = 0;

  constructor(rows: SparseRows, examples: Examples, features: number) {
    this.weights = new Float64Array(features);
    this.#rows = rows;
    this.#examples = examples;
    const count = examples.rows.length;
    this.#lower = new Float64Array(count);
    this.#upper = new Float64Array(count);
    this.#squares = new Float64Array(count);
    for (let at = 0; at < count; at++) {
      const cost = examples.costs[at]!;
      const first = Math.min(0.001 * cost, 1e-8);
      this.#lower[at] = first;
      this.#upper[at] = cost - first;
      this.#squares[at] = this.#squareOf(examples.rows[at]!) + BIAS * BIAS;
      this.#add(examples.rows[at]!, examples.signs[at]! * first);
    }
  }

  /** Solves for one example. Returns how far its derivative was from 0. */
  step(at: number): number {
    const { rows, signs, costs, offsets } = this.#examples;
    const row = rows[at]!;
    const sign = signs[at]!;
    const cost = costs[at]!;
    const square = this.#squares[at]!;
    const margin = sign * (this.#dot(row) + (offsets?.[at] ?? 0));
    // Newton's method on the smaller of both variables, which is the one that may be near 0.
    const isLower = 0.5 * square * (this.#upper[at]! - this.#lower[at]!) + margin >= 0;
    const first = isLower ? this.#lower : this.#upper;
    const direction = isLower ? 1 : -1;
    const before = first[at]!;
    let value = cost - before < 0.5 * cost ? 0.1 * before : before;
    const slopeAt = (z: number) => square * (z - before) + direction * margin + Math.log(z / (cost - z));
    let slope = slopeAt(value);
    const distance = Math.abs(slope);
    let steps = 0;
    for (; steps < MOST_STEPS && Math.abs(slope) >= this.#precision; steps++) {
      const next = value - slope / (square + cost / (cost - value) / value);
      value = next <= 0 ? 0.1 * value : Math.min(next, cost * (1 - 1e-12));
      slope = slopeAt(value);
    }
    this.#steps += steps;
    if (steps > 0) {
      first[at] = value;
      (isLower ? this.#upper : this.#lower)[at] = cost - value;
      this.#add(row, sign * direction * (value - before));
    }
    return distance;
  }

  /** Where few steps were needed, the next pass is more precise. */
  endPass(examples: number): void {
    if (this.#steps <= examples / 10) this.#precision = Math.max(1e-8, 0.1 * this.#precision);
    this.#steps = 0;
  }

  #dot(row: number): number {
    const { starts, ids, values } = this.#rows;
    const { weights } = this;
    let sum = this.bias * BIAS;
    for (let at = starts[row]!, end = starts[row + 1]!; at < end; at++)
      sum += weights[ids[at]!]! * values[at]!;
    return sum;
  }

  #add(row: number, step: number): void {
    const { starts, ids, values } = this.#rows;
    const { weights } = this;
    this.bias += step * BIAS;
    for (let at = starts[row]!, end = starts[row + 1]!; at < end; at++)
      weights[ids[at]!]! += step * values[at]!;
  }

  #squareOf(row: number): number {
    const { starts, values } = this.#rows;
    let sum = 0;
    for (let at = starts[row]!, end = starts[row + 1]!; at < end; at++) sum += values[at]! * values[at]!;
    return sum;
  }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32, T. Ettinger). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Fisher–Yates, in place. */
export function shuffle(order: Int32Array, random: () => number): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const moved = order[last]!;
    order[last] = order[other]!;
    order[other] = moved;
  }
}
