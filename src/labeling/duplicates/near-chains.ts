import { BULK_BANDS } from '../../text/similarity/bulk-bands.ts';
import { areNear } from '../../text/similarity/near-duplicates.ts';
import type { DuplicateInput } from './duplicate-input.ts';
import { type Keyed, keyedOf, sortByKey } from './radix-sort.ts';
import { UnionFind } from './union-find.ts';

/** In a bucket of at most so many entries, each is compared with each. */
const ALL_PAIRS = 16;
/** In a larger one, each entry is compared with the first entries that are no near-duplicates of one another, and with the last of them. */
const FIRST_LEADERS = 4;
const LAST_LEADERS = 4;
/** Comparisons of one entry with earlier ones, over all bands: in larger buckets, and in all. */
const MOST_IN_LARGE = 48;
const MOST = 128;

/** Called now and then, so that other work of the process is done; rejects where the search is to end. */
export type Breathe = () => Promise<void>;

/**
 * Connects entries that are near-duplicates, band by band. Entries are numbered by their order (see {@link DuplicateInput.order}).
 * Entries that share a band are candidates; candidates are compared exactly, unless a chain connects them already. A bucket of more than
 * {@link ALL_PAIRS} entries is divided by the next band, which near-duplicates share too with a probability of 26 % or more; then its
 * entries are compared with its leaders alone. So the comparisons are at most {@link MOST} for each entry, whatever the texts are; in
 * return, two near-duplicates of a large bucket are only found in another band, or where they are near-duplicates of one leader.
 */
export class NearChains {
  readonly #input: DuplicateInput;
  readonly #order: Int32Array<ArrayBuffer>;
  readonly #breathe: Breathe;
  readonly #spent: Uint8Array<ArrayBuffer>;
  readonly chains: UnionFind;
  /** An earlier entry that each was found to be a near-duplicate of; -1 for none. */
  readonly neighbors: Int32Array<ArrayBuffer>;
  comparisons = 0;
  #next: Uint32Array<ArrayBuffer>;

  constructor(input: DuplicateInput, order: Int32Array<ArrayBuffer>, breathe: Breathe) {
    this.#input = input;
    this.#order = order;
    this.#breathe = breathe;
    this.chains = new UnionFind(order.length);
    this.neighbors = new Int32Array(order.length).fill(-1);
    this.#spent = new Uint8Array(order.length);
    this.#next = new Uint32Array(order.length);
  }

  /** `progress` gets the number of bands that are done. */
  async connect(progress: (bands: number) => void): Promise<void> {
    const count = this.#order.length;
    let band = new Uint32Array(count);
    this.#input.bands.read(0, band);
    let [keyed, spare] = [keyedOf(this.#countOfTexts()), keyedOf(this.#countOfTexts())];
    for (let at = 0; at < BULK_BANDS; at++) {
      this.#input.bands.read((at + 1) % BULK_BANDS, this.#next);
      let filled = 0;
      for (let number = 0; number < count; number++) {
        const entry = this.#order[number]!;
        if (this.#input.shingles.lengthOf(entry) === 0) continue;
        keyed.keys[filled] = band[entry]!;
        keyed.items[filled++] = number;
      }
      const sorted = sortByKey(keyed, spare);
      if (sorted !== keyed) [keyed, spare] = [spare, keyed];
      await this.#compareBuckets(keyed, true);
      [band, this.#next] = [this.#next, band];
      progress(at + 1);
    }
  }

  /** Entries with a visible character: others are near-duplicates of none. */
  #countOfTexts(): number {
    let count = 0;
    for (let entry = 0; entry < this.#order.length; entry++)
      if (this.#input.shingles.lengthOf(entry) > 0) count++;
    return count;
  }

  async #compareBuckets({ keys, items }: Keyed, mayDivide: boolean): Promise<void> {
    for (let from = 0, to = 0; from < keys.length; from = to) {
      for (to = from + 1; to < keys.length && keys[to] === keys[from]; ) to++;
      if (to - from === 1) continue;
      if (to - from <= ALL_PAIRS) {
        this.#compareAll(items.subarray(from, to));
        if (this.#isTimeToBreathe()) await this.#breathe();
        continue;
      }
      if (mayDivide) await this.#compareBuckets(this.#divided(items.subarray(from, to)), false);
      await this.#compareWithLeaders(items.subarray(from, to));
    }
  }

  /** A bucket by the next band. */
  #divided(bucket: Int32Array<ArrayBuffer>): Keyed {
    const keyed = keyedOf(bucket.length);
    keyed.items.set(bucket);
    for (let i = 0; i < bucket.length; i++) keyed.keys[i] = this.#next[this.#order[bucket[i]!]!]!;
    return sortByKey(keyed, keyedOf(bucket.length));
  }

  #compareAll(bucket: Int32Array<ArrayBuffer>): void {
    for (let later = 1; later < bucket.length; later++)
      for (let earlier = 0; earlier < later; earlier++)
        this.#areConnected(bucket[earlier]!, bucket[later]!, MOST);
  }

  async #compareWithLeaders(bucket: Int32Array<ArrayBuffer>): Promise<void> {
    const leaders: number[] = [];
    let oldest = FIRST_LEADERS;
    for (const number of bucket) {
      if (this.#isTimeToBreathe()) await this.#breathe();
      if (leaders.some((leader) => this.#areConnected(leader, number, MOST_IN_LARGE))) continue;
      if (leaders.length < FIRST_LEADERS + LAST_LEADERS) leaders.push(number);
      else {
        leaders[oldest] = number;
        oldest = oldest + 1 === leaders.length ? FIRST_LEADERS : oldest + 1;
      }
    }
  }

  /** Whether a chain connects two entries; compares them where none does yet and `most` allows it. */
  #areConnected(earlier: number, later: number, most: number): boolean {
    const { chains } = this;
    if (chains.rootOf(earlier) === chains.rootOf(later)) return true;
    const spent = this.#spent[later]!;
    if (spent >= most) return false;
    this.#spent[later] = spent + 1;
    this.comparisons++;
    const { shingles } = this.#input;
    if (!areNear(shingles.read(this.#order[earlier]!), shingles.read(this.#order[later]!))) return false;
    chains.union(earlier, later);
    if (this.neighbors[later] === -1) this.neighbors[later] = earlier;
    return true;
  }

  #steps = 0;

  #isTimeToBreathe(): boolean {
    this.#steps = (this.#steps + 1) % 4096;
    return this.#steps === 0;
  }
}
