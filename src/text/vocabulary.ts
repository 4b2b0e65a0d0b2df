import { SluiceError } from '../core/errors.ts';
import type { AskedTerms } from './asked-terms.ts';
import type { FeatureCounts } from './feature-counts.ts';
import { isContentName } from './feature-names.ts';
import { type FeatureSelection, selectionOf } from './feature-selection.ts';
import { HashIndex } from './hash-index.ts';
import { hashTerm } from './term-hash.ts';
import type { TermTable } from './term-table.ts';

/** A model's terms of one family, fixed: id i is the i-th name. */
export class Vocabulary implements TermTable {
  /** What is to be counted so that none of the terms is missed. */
  readonly selection: FeatureSelection;
  readonly #names: readonly string[];
  readonly #index: HashIndex;
  readonly #content: Uint8Array;

  private constructor(names: readonly string[], index: HashIndex, content: Uint8Array) {
    this.selection = selectionOf(names);
    this.#names = names;
    this.#index = index;
    this.#content = content;
  }

  /** Throws `MODEL_CORRUPT` where two names are equal or share a hash: counts could not distinguish them. */
  static fromNames(names: readonly string[]): Vocabulary {
    const index = new HashIndex(names.length);
    const content = new Uint8Array(names.length);
    for (let id = 0; id < names.length; id++) {
      const name = names[id]!;
      const { high, low } = hashTerm(name);
      const other = index.find(high, low);
      if (other >= 0)
        throw new SluiceError(
          'MODEL_CORRUPT',
          `Terms ${other} and ${id} of the vocabulary have the same hash; train the model again without one of them.`,
        );
      index.insert(high, low);
      content[id] = isContentName(name) ? 1 : 0;
    }
    return new Vocabulary(names.slice(), index, content);
  }

  /** How many terms; also the padding id of the family's graphs. */
  get size(): number {
    return this.#names.length;
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** The empty string for an id outside the vocabulary. */
  name(id: number): string {
    return this.#names[id] ?? '';
  }

  /** Whether the term stands for something that was written, rather than for the message's shape or its obfuscation. */
  isContent(id: number): boolean {
    return this.#content[id] === 1;
  }

  find(hashHigh: number, hashLow: number, _name?: () => string): number {
    return this.#index.find(hashHigh, hashLow);
  }

  /** Counts each term that was asked for and is known; the same as `find` one by one, but faster. */
  count(asked: AskedTerms, out: FeatureCounts): void {
    const { places, size, slots, ids, count } = asked;
    this.#index.findAll(asked.highs, asked.lows, size, places);
    for (let i = 0; i < size; i++) ids[slots[i]!] = places[i]!;
    for (let i = 0; i < count; i++) if (ids[i]! >= 0) out.add(ids[i]!);
  }
}
