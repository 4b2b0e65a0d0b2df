import { BULK_BANDS } from '../../text/similarity/bulk-bands.ts';
import { areNear } from '../../text/similarity/near-duplicates.ts';
import type { DuplicateInput } from './duplicate-input.ts';
import { type Keyed, keyedOf, sortByKey } from './radix-sort.ts';
import { RareIndex } from './rare-index.ts';
import { UnionFind } from './union-find.ts';

/** In a bucket of at most so many entries, each is compared with each. */
const ALL_PAIRS = 32;
/** In a larger one, each entry is compared with the first entries that are no near-duplicates of one another, and with the last of them. */
const FIRST_LEADERS = 4;
const LAST_LEADERS = 4;
/** Comparisons of one entry with earlier ones, over all bands: in larger buckets, and in all. */
const MOST_IN_LARGE = 160;
const MOST = 255;
/** Entries of a larger bucket that are searched together for what they share that is rare. */
const PART = 2 ** 14;

/** Entries of a part that deviate least from the others. */
const CENTERS = 16;
/** Near-duplicates of n shingles differ in 2 n / 9 at most. */
const MOST_DIFFERING = 4;

/** Called now and then, so that other work of the process is done; rejects where the search is to end. */
export type Breathe = () => Promise<void>;

/**
 * Connects entries that are near-duplicates, band by band. Entries are numbered by their order (see {@link DuplicateInput.order}).
 * Entries that share a band are candidates; candidates are compared exactly, unless a chain connects them already. A bucket of more than
 * {@link ALL_PAIRS} entries is that of a template, or of several; of it, each entry is compared with eight leaders, and with the entries
 * that share most of what is rare in the bucket. So the comparisons are at most {@link MOST} for each entry, whatever the texts are; in
 * return, two near-duplicates of a large bucket may not be found.
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

  constructor(input: DuplicateInput, order: Int32Array<ArrayBuffer>, breathe: Breathe) {
    this.#input = input;
    this.#order = order;
    this.#breathe = breathe;
    this.chains = new UnionFind(order.length);
    this.neighbors = new Int32Array(order.length).fill(-1);
    this.#spent = new Uint8Array(order.length);
  }

  /** `progress` gets the number of bands that are done. */
  async connect(progress: (bands: number) => void): Promise<void> {
    const count = this.#order.length;
    const band = new Uint32Array(count);
    let [keyed, spare] = [keyedOf(this.#countOfTexts()), keyedOf(this.#countOfTexts())];
    for (let at = 0; at < BULK_BANDS; at++) {
      this.#input.bands.read(at, band);
      let filled = 0;
      for (let number = 0; number < count; number++) {
        const entry = this.#order[number]!;
        if (this.#input.shingles.lengthOf(entry) === 0) continue;
        keyed.keys[filled] = band[entry]!;
        keyed.items[filled++] = number;
      }
      const sorted = sortByKey(keyed, spare);
      if (sorted !== keyed) [keyed, spare] = [spare, keyed];
      await this.#compareBuckets(keyed);
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

  async #compareBuckets({ keys, items }: Keyed): Promise<void> {
    for (let from = 0, to = 0; from < keys.length; from = to) {
      for (to = from + 1; to < keys.length && keys[to] === keys[from]; ) to++;
      if (to - from === 1) continue;
      if (to - from <= ALL_PAIRS) {
        this.#compareAll(items.subarray(from, to));
        if (this.#isTimeToBreathe()) await this.#breathe();
        continue;
      }
      if (this.#isOneChain(items.subarray(from, to))) continue;
      await this.#compareWithLeaders(items.subarray(from, to));
      for (let at = from; at < to; at += PART)
        await this.#compareByRare(items.subarray(at, Math.min(at + PART, to)));
    }
  }

  #isOneChain(bucket: Int32Array<ArrayBuffer>): boolean {
    const root = this.chains.rootOf(bucket[0]!);
    return bucket.every((number) => this.chains.rootOf(number) === root);
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

  async #compareByRare(part: Int32Array<ArrayBuffer>): Promise<void> {
    const read = (number: number) => this.#input.shingles.read(this.#order[number]!);
    const index = new RareIndex(part.length);
    for (const number of part) {
      index.count(read(number));
      if (this.#isTimeToBreathe()) await this.#breathe();
    }
    const rare = Int32Array.from(part, (number) => index.rareIn(read(number)));
    const centers = [...part.keys()].sort((a, b) => rare[a]! - rare[b]!).slice(0, CENTERS);
    for (const [at, number] of part.entries()) {
      const { length } = read(number);
      for (const center of centers) {
        // What is rare in both differs, unless the search below finds it.
        if (center === at || (rare[at]! + rare[center]!) * MOST_DIFFERING > length) continue;
        this.#areConnected(Math.min(part[center]!, number), Math.max(part[center]!, number), MOST_IN_LARGE);
      }
      for (const other of index.search(read(number))) this.#areConnected(other, number, MOST_IN_LARGE);
      index.add(number);
      if (this.#isTimeToBreathe()) await this.#breathe();
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
