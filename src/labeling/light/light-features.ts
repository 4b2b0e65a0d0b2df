import { FeatureCounts } from '../../text/feature-counts.ts';
import { Featurizer } from '../../text/featurizer.ts';
import type { TermTable } from '../../text/term-table.ts';
import { type SparseRows, SparseRowsBuilder } from './sparse-rows.ts';

/** Features are numbered by a hash of their names, so that memory is bounded whatever the rows say. */
const BITS = 20;
export const FEATURES = 1 << BITS;
/** What follows in a message is not read: its beginning says enough, and one row cannot fill the memory. UTF-16 code units. */
const READ = 2_000;

/** Numbers features by their hash; nothing is remembered. */
const hashed: TermTable = {
  find: (high, low) => {
    let mixed = high ^ Math.imul(low, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 13)) >>> (32 - BITS);
  },
};

let shared: Featurizer | undefined;

/** A cache for the thread: what it answers depends on the text alone. */
function featurizer(): Featurizer {
  shared ??= new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
  return shared;
}

/**
 * Rows of a table as features of the light model: words, pairs of words, shapes and grams as `src/text` has them, over the deobfuscated
 * text, weighted by 1 + log(count) and by how few of the rows that were added have them. Words and grams have a length of 1 each.
 */
export class LightFeatures {
  readonly #featurizer = featurizer();
  readonly #counts = new FeatureCounts();
  readonly #rows = new SparseRowsBuilder();
  readonly #frequencies = new Int32Array(FEATURES);
  /** Entries of a row before which its words are, and after which its grams. */
  readonly #words: number[] = [];
  #weights: Float32Array | undefined;
  readonly #scratch = new SparseRowsBuilder();

  get size(): number {
    return this.#rows.size;
  }

  /** Features of all rows together: 8 bytes each. */
  get entries(): number {
    return this.#rows.entries;
  }

  /** Adds the next row. Not after {@link rows} was read. */
  add(message: string): void {
    if (this.#weights !== undefined) throw new TypeError('rows are weighted already');
    this.#words.push(this.#count(message, this.#rows));
    const { ids, starts, size } = this.#rows;
    for (let at = starts[size - 1]!; at < starts[size]!; at++) this.#frequencies[ids[at]!]!++;
  }

  /** All rows that were added, weighted. */
  get rows(): SparseRows {
    if (this.#weights === undefined) {
      this.#weights = inverseFrequencies(this.#frequencies, this.#rows.size);
      for (let row = 0; row < this.#rows.size; row++) this.#weigh(this.#rows, row, this.#words[row]!);
      this.#words.length = 0;
    }
    return this.#rows;
  }

  /** One row of a message that was not added, weighted by those that were; it holds until the next call. */
  rowOf(message: string): SparseRows {
    this.rows;
    this.#scratch.clear();
    this.#weigh(this.#scratch, 0, this.#count(message, this.#scratch));
    return this.#scratch;
  }

  /** Adds a row of counts. Returns how many of its features are words. */
  #count(message: string, into: SparseRowsBuilder): number {
    const prepared = this.#featurizer.prepare(message.slice(0, READ));
    const counts = this.#counts;
    this.#featurizer.count(prepared, 'words', hashed, counts);
    const words = counts.size;
    const ids = counts.ids.slice(0, words);
    const values = counts.counts.slice(0, words);
    this.#featurizer.count(prepared, 'grams', hashed, counts);
    const all = new Int32Array(words + counts.size);
    all.set(ids);
    all.set(counts.ids.subarray(0, counts.size), words);
    const numbers = new Float32Array(words + counts.size);
    numbers.set(values);
    numbers.set(counts.counts.subarray(0, counts.size), words);
    into.add(all, numbers, all.length);
    return words;
  }

  #weigh(rows: SparseRowsBuilder, row: number, words: number): void {
    const from = rows.starts[row]!;
    const end = rows.starts[row + 1]!;
    this.#weighFamily(rows, from, from + words);
    this.#weighFamily(rows, from + words, end);
  }

  #weighFamily({ ids, values }: SparseRowsBuilder, from: number, end: number): void {
    const weights = this.#weights!;
    let square = 0;
    for (let at = from; at < end; at++) {
      const value = (1 + Math.log(values[at]!)) * weights[ids[at]!]!;
      values[at] = value;
      square += value * value;
    }
    const scale = square === 0 ? 0 : 1 / Math.sqrt(square);
    for (let at = from; at < end; at++) values[at]! *= scale;
  }
}

/** As scikit-learn's TfidfTransformer with `smooth_idf`: ln((1 + n) / (1 + frequency)) + 1. */
function inverseFrequencies(frequencies: Int32Array, rows: number): Float32Array {
  const weights = new Float32Array(frequencies.length).fill(Math.log(1 + rows) + 1);
  for (let feature = 0; feature < frequencies.length; feature++)
    if (frequencies[feature]! > 0) weights[feature] = Math.log((1 + rows) / (1 + frequencies[feature]!)) + 1;
  return weights;
}
