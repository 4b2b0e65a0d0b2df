import { kindOf, SPACE } from './character-kinds.ts';
import type { WordUnits } from './word-units.ts';

/** The words of a text that were counted for a vocabulary: where they are, and the ids of their features in the order of the text. */
export interface CountedWords {
  readonly units: WordUnits;
  /** -1 where the vocabulary lacks the feature. */
  readonly ids: Int32Array;
}

/** A part of a prepared text. */
export interface TextWindow {
  /** In code units, with what stands before the next word. */
  readonly start: number;
  readonly end: number;
  /** Words, numbers and links. */
  readonly words: number;
  readonly rate: number;
}

const none: readonly TextWindow[] = [];

/**
 * Finds the parts of a text that look most like spam, by the strengths of the features that the vocabulary knows: of each length the one
 * with the highest rate. A rate is the sum of the strengths divided by the square root of their number, as the models divide by the
 * length of a row. Time is proportional to the words of the text, times the number of lengths.
 */
export class WindowSearch {
  /** By id plus one; zero for what the vocabulary lacks, so that nothing depends on a guess of the core. */
  readonly #strengths: Float32Array;
  readonly #lengths: readonly number[];
  readonly #least: number;
  readonly #most: number;
  /** Sums over the units before i. */
  #strength = new Float64Array(256);
  #known = new Float64Array(256);

  /** `strengths`: by id of the words' vocabulary. `lengths`: in words. `least`: the rate that a part must exceed. `most`: parts of a text. */
  constructor(
    strengths: Float32Array,
    lengths: readonly number[],
    least: number,
    most: number = lengths.length,
  ) {
    this.#strengths = new Float32Array(strengths.length + 1);
    this.#strengths.set(strengths, 1);
    this.#lengths = lengths;
    this.#least = Math.max(0, least);
    this.#most = most;
  }

  /** At most one part of each length that is shorter than the text, and of more than `most` those with the highest rates. */
  find({ units, ids }: CountedWords): readonly TextWindow[] {
    const { size, starts } = units;
    if (!(this.#highest(units, ids) > this.#least)) return none;
    this.#sum(units, ids);
    const found: TextWindow[] = [];
    for (const words of this.#lengths) {
      if (words >= size) break;
      const at = this.#best(size, words);
      if (at < 0) continue;
      const rate = this.#rate(at, at + words);
      found.push({ start: starts[at]!, end: starts[at + words]!, words, rate });
    }
    if (found.length <= this.#most) return found;
    return found.sort((a, b) => b.rate - a.rate).slice(0, this.#most);
  }

  /** The first unit of the part of this length with the highest rate; -1 if it is not above the least. */
  #best(size: number, words: number): number {
    const strength = this.#strength;
    const known = this.#known;
    // Squares of rates: the root of each would take longer than all the rest.
    let best = this.#least * this.#least;
    let at = -1;
    for (let from = 0, to = words; to <= size; from++, to++) {
      const sum = strength[to]! - strength[from]!;
      const number = known[to]! - known[from]!;
      if (sum > 0 && sum * sum > best * number) {
        best = (sum * sum) / number;
        at = from;
      }
    }
    return at;
  }

  #rate(from: number, to: number): number {
    const known = this.#known[to]! - this.#known[from]!;
    return (this.#strength[to]! - this.#strength[from]!) / Math.sqrt(known);
  }

  /**
   * Returns what no part's rate is above: most texts have too little for any part. By the inequality of Cauchy and Schwarz,
   * (Σ u)² ≤ Σ k · Σ u² / k for the strengths u and the numbers k of the units of a part; units below zero only lower it.
   */
  #highest({ size, terms }: WordUnits, ids: Int32Array): number {
    const strengths = this.#strengths;
    let squares = 0;
    let term = 0;
    for (let unit = 1; unit <= size; unit++) {
      const end = terms[unit]!;
      let own = 0;
      let number = 0;
      for (; term < end; term++) {
        const id = ids[term]!;
        own += strengths[id + 1]!;
        number += 1 + (id >> 31);
      }
      if (own > 0) squares += (own * own) / number;
    }
    // By far more than what rounding can change.
    return Math.sqrt(squares) * (1 + 1e-9);
  }

  #sum({ size, terms }: WordUnits, ids: Int32Array): void {
    if (this.#strength.length <= size) {
      this.#strength = new Float64Array(2 * size);
      this.#known = new Float64Array(2 * size);
    }
    const strengths = this.#strengths;
    let sum = 0;
    let known = 0;
    let term = 0;
    for (let unit = 1; unit <= size; unit++) {
      const end = terms[unit]!;
      for (; term < end; term++) {
        const id = ids[term]!;
        sum += strengths[id + 1]!;
        known += 1 + (id >> 31);
      }
      this.#strength[unit] = sum;
      this.#known[unit] = known;
    }
  }
}

/** The end of a part without the white space before it. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && kindOf(text.charCodeAt(trimmed - 1)) === SPACE) trimmed--;
  return trimmed;
}
