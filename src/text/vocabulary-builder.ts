import { HashIndex } from './hash-index.ts';
import type { TermTable } from './term-table.ts';

/** Collects the terms of a training run: a term that was not met before gets the next id. */
export class VocabularyBuilder implements TermTable {
  readonly #names: string[] = [];
  readonly #documentFrequencies: number[] = [];
  readonly #lastDocument: number[] = [];
  readonly #index = new HashIndex();
  #documents = 0;

  /** By id, in the order in which they were first met. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** By id: in how many messages the term stood. */
  get documentFrequencies(): readonly number[] {
    return this.#documentFrequencies;
  }

  get size(): number {
    return this.#names.length;
  }

  /** How many messages were announced. */
  get documents(): number {
    return this.#documents;
  }

  /** Call before each message, or its terms count as the message's before. */
  nextDocument(): void {
    this.#documents++;
  }

  find(hashHigh: number, hashLow: number, name: () => string): number {
    let id = this.#index.find(hashHigh, hashLow);
    if (id < 0) {
      id = this.#names.length;
      this.#index.insert(hashHigh, hashLow);
      this.#names.push(name());
      this.#documentFrequencies.push(1);
      this.#lastDocument.push(this.#documents);
    } else if (this.#lastDocument[id] !== this.#documents) {
      this.#lastDocument[id] = this.#documents;
      this.#documentFrequencies[id]!++;
    }
    return id;
  }
}
