import type { TermTable } from './term-table.ts';

/** Collects the hashes that a scan asks for, in order, so that they can be looked up all at once; it knows no term itself. */
export class AskedTerms implements TermTable {
  size = 0;
  highs = new Int32Array(1024);
  lows = new Int32Array(1024);
  /** Room for an answer to each. */
  places = new Int32Array(1024);

  clear(): void {
    this.size = 0;
  }

  find(hashHigh: number, hashLow: number, _name?: () => string): number {
    const at = this.size++;
    if (at === this.highs.length) this.#grow();
    this.highs[at] = hashHigh;
    this.lows[at] = hashLow;
    return -1;
  }

  #grow(): void {
    const wider = (values: Int32Array) => {
      const more = new Int32Array(values.length * 2);
      more.set(values);
      return more;
    };
    this.highs = wider(this.highs);
    this.lows = wider(this.lows);
    this.places = wider(this.places);
  }
}
