import { mix } from '../../text/similarity/mix.ts';
import { textKey } from '../../text/similarity/text-key.ts';

/** Ids that are remembered for all texts together; of a text that is there more often, the first ones. */
const REMEMBERED_IDS = 1_000_000;

/** One text of the sample. */
export interface SampledText {
  /** The first row that has it. */
  readonly id: number;
  /** How many rows have it. */
  readonly rows: number;
  /** Those rows that are remembered, with the first one. */
  readonly ids: readonly number[];
}

/**
 * A sample of the different texts of a table, by one pass over its rows: the `most` texts whose keys have the lowest hashes. Each text is
 * as likely to be in it, however many rows have it; a text that is in it at the end always was, so its rows are counted exactly. The same
 * rows and the same seed give the same sample. Memory: some 100 bytes for each text of the sample, 12 bytes for each remembered id.
 */
export class DistinctSample {
  readonly #most: number;
  readonly #seed: number;
  readonly #entries = new Map<number, { readonly id: number; rows: number; last: number }>();
  #limit = Number.POSITIVE_INFINITY;
  #ids: Float64Array = new Float64Array(1024);
  /** Index of the id before, of the same text; -1 for none. */
  #before: Int32Array = new Int32Array(1024);
  #remembered = 0;
  #isComplete = true;

  constructor({ most, seed = 0 }: { readonly most: number; readonly seed?: number }) {
    this.#most = most;
    this.#seed = mix(seed + 0x51ed270b);
  }

  /** Whether every text is in it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  add(id: number, message: string): void {
    const hash = hashOf(textKey(message), this.#seed);
    if (hash > this.#limit) return;
    const known = this.#entries.get(hash);
    if (known !== undefined) {
      known.rows++;
      known.last = this.#remember(id, known.last);
      return;
    }
    this.#entries.set(hash, { id, rows: 1, last: this.#remember(id, -1) });
    if (this.#entries.size > 2 * this.#most) this.#cut();
  }

  /** In the order of their hashes, so that the first ones are a sample too. */
  texts(): readonly SampledText[] {
    this.#cut();
    return [...this.#entries]
      .sort(([a], [b]) => a - b)
      .map(([, { id, rows, last }]) => ({ id, rows, ids: this.#idsUpTo(last) }));
  }

  #cut(): void {
    if (this.#entries.size <= this.#most) return;
    const hashes = Float64Array.from(this.#entries.keys()).sort();
    this.#limit = hashes[this.#most - 1]!;
    for (const hash of hashes.subarray(this.#most)) this.#entries.delete(hash);
    this.#isComplete = false;
  }

  #remember(id: number, before: number): number {
    if (this.#remembered === REMEMBERED_IDS) return before;
    if (this.#remembered === this.#ids.length) {
      const ids = new Float64Array(2 * this.#ids.length);
      ids.set(this.#ids);
      this.#ids = ids;
      const all = new Int32Array(2 * this.#before.length);
      all.set(this.#before);
      this.#before = all;
    }
    this.#ids[this.#remembered] = id;
    this.#before[this.#remembered] = before;
    return this.#remembered++;
  }

  #idsUpTo(last: number): number[] {
    const ids: number[] = [];
    for (let at = last; at >= 0; at = this.#before[at]!) ids.push(this.#ids[at]!);
    return ids.reverse();
  }
}

/** 53 bits. */
function hashOf(key: string, seed: number): number {
  let high = seed;
  let low = ~seed;
  for (let at = 0; at < key.length; at++) {
    const code = key.charCodeAt(at);
    high = Math.imul(high ^ code, 0x9e3779b1);
    high ^= high >>> 15;
    low = Math.imul(low ^ code, 0x85ebca6b);
    low ^= low >>> 13;
  }
  return (mix(high) >>> 11) * 4294967296 + (mix(low ^ Math.imul(high, 0x27d4eb2f)) >>> 0);
}
