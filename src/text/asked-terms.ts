import type { TermTable } from './term-table.ts';

/**
 * Collects what a scan asks for, in order: hashes, so that they can be looked up all at once, and ids that are known already. It knows no
 * term itself.
 */
export class AskedTerms implements TermTable {
  /** How many hashes are to be looked up. */
  size = 0;
  highs = new Int32Array(1024);
  lows = new Int32Array(1024);
  /** Room for an answer to each hash. */
  places = new Int32Array(1024);
  /** How many hashes and known ids, in the order of the text. */
  count = 0;
  /** Known ids; whatever where a hash was asked for, until it is looked up. */
  ids = new Int32Array(1024);
  /** Per hash, where its answer belongs among `ids`. */
  slots = new Int32Array(1024);

  clear(): void {
    this.size = 0;
    this.count = 0;
  }

  /** Of a feature whose id is known; -1 where the table lacks it. */
  know(id: number): void {
    if (id < 0) return;
    if (this.count === this.ids.length) this.ids = wider(this.ids);
    this.ids[this.count++] = id;
  }

  find(hashHigh: number, hashLow: number, _name?: () => string): number {
    const at = this.size++;
    if (at === this.highs.length) this.#grow();
    this.highs[at] = hashHigh;
    this.lows[at] = hashLow;
    if (this.count === this.ids.length) this.ids = wider(this.ids);
    this.slots[at] = this.count++;
    return -1;
  }

  #grow(): void {
    this.highs = wider(this.highs);
    this.lows = wider(this.lows);
    this.places = wider(this.places);
    this.slots = wider(this.slots);
  }
}

function wider(values: Int32Array): Int32Array<ArrayBuffer> {
  const more = new Int32Array(values.length * 2);
  more.set(values);
  return more;
}
