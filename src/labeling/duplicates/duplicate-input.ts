import type { Scratch } from '../../ports/scratch.ts';
import { comparableKey } from '../../text/similarity/comparable-text.ts';
import { shinglesOfKey } from '../../text/similarity/near-duplicates.ts';
import { BandFile } from './band-file.ts';
import { DistinctTexts } from './distinct-texts.ts';
import { growing } from './growing-array.ts';
import { ShingleFile } from './shingle-file.ts';

/** What counts as a duplicate: the same text; the same comparable key; a near-duplicate. Each includes the ones before it. */
export const duplicateKinds = ['exact', 'normalized', 'near'] as const;
export type DuplicateKind = (typeof duplicateKinds)[number];

/** Which of two duplicates stays: the lower rank, then the one that came first. Rows of rank {@link ALWAYS_STAYS} all stay. */
export type Rank = 0 | 1 | 2;
export const ALWAYS_STAYS: Rank = 0;
export const LAST_RANK: Rank = 2;

/** A row as the search reads it. */
export interface SearchedRow {
  readonly id: number;
  readonly message: string;
  /** The last one where left out. */
  readonly rank?: Rank;
}

/**
 * The rows of a search, read once. Rows with the same text are one text, and texts with the same comparable key are one entry: of a text
 * that came before, nothing but its hash is calculated. In memory are 13 bytes a row, and at most 25 for each distinct text and 35 for each
 * entry; half as much again while an array grows.
 */
export class DuplicateInput {
  readonly #kind: DuplicateKind;
  readonly #ids = growing.float64();
  readonly #ranks = growing.uint8();
  readonly #textOf = growing.int32();
  /** The row of each text, and of each entry, that comes first by {@link Rank}. */
  readonly #firstOfText = growing.int32();
  readonly #firstOfEntry = growing.int32();
  readonly #entryOf = growing.int32();
  #texts: DistinctTexts | undefined = new DistinctTexts();
  #keys: DistinctTexts | undefined = new DistinctTexts();
  readonly shingles: ShingleFile;
  readonly bands: BandFile;

  constructor(kind: DuplicateKind, scratch: Scratch) {
    this.#kind = kind;
    this.shingles = new ShingleFile(scratch);
    try {
      this.bands = new BandFile(scratch);
    } catch (error) {
      this.shingles.close();
      throw error;
    }
  }

  get rows(): number {
    return this.#ids.length;
  }

  get texts(): number {
    return this.#firstOfText.length;
  }

  get entries(): number {
    return this.#firstOfEntry.length;
  }

  add({ id, message, rank = LAST_RANK }: SearchedRow): void {
    const row = this.rows;
    this.#ids.add(id);
    this.#ranks.add(rank);
    const text = this.#texts!.numberOf(message);
    this.#textOf.add(text);
    if (text === this.texts) {
      this.#firstOfText.add(row);
      this.#addText(message, row);
      return;
    }
    this.#takeIfBefore(this.#firstOfText.values, text, row);
    this.#takeIfBefore(this.#firstOfEntry.values, this.#entryOf.values[text]!, row);
  }

  /** After the last row: the files can be read, and the hashes are released. */
  finish(): void {
    this.#texts = undefined;
    this.#keys = undefined;
    this.shingles.flush();
    this.bands.flush();
  }

  close(): void {
    this.shingles.close();
    this.bands.close();
  }

  get ids(): Float64Array<ArrayBuffer> {
    return this.#ids.values;
  }

  rankOf(row: number): Rank {
    return this.#ranks.values[row]! as Rank;
  }

  entryOf(row: number): number {
    return this.#entryOf.values[this.#textOf.values[row]!]!;
  }

  firstOfText(row: number): number {
    return this.#firstOfText.values[this.#textOf.values[row]!]!;
  }

  firstOfEntry(entry: number): number {
    return this.#firstOfEntry.values[entry]!;
  }

  /** The entries by the rank of their first rows, then by the order in which those came. */
  order(): Int32Array<ArrayBuffer> {
    const order = new Int32Array(this.entries);
    let next = 0;
    for (let rank = ALWAYS_STAYS; rank <= LAST_RANK; rank++)
      for (let row = 0; row < this.rows; row++) {
        if (this.#ranks.values[row] !== rank) continue;
        const entry = this.entryOf(row);
        if (this.#firstOfEntry.values[entry] === row) order[next++] = entry;
      }
    return order;
  }

  /** `row`: the first with this text. */
  #addText(message: string, row: number): void {
    const key = this.#kind === 'exact' ? '' : comparableKey(message);
    const entry = this.#kind === 'exact' ? this.entries : this.#keys!.numberOf(key);
    this.#entryOf.add(entry);
    if (entry < this.entries) {
      this.#takeIfBefore(this.#firstOfEntry.values, entry, row);
      return;
    }
    this.#firstOfEntry.add(row);
    if (this.#kind !== 'near') return;
    const shingles = shinglesOfKey(key);
    this.shingles.add(shingles);
    this.bands.add(shingles);
  }

  /** `row` came last of all, so it is only before another by its rank. */
  #takeIfBefore(firsts: Int32Array<ArrayBuffer>, at: number, row: number): void {
    if (this.#ranks.values[row]! < this.#ranks.values[firsts[at]!]!) firsts[at] = row;
  }
}
