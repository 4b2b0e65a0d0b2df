import { mix } from '../../text/similarity/mix.ts';
import type { Shingles } from '../../text/similarity/near-duplicates.ts';

/** Counters of shingles, for each entry and at most; two shingles with one counter only seem less rare. */
const COUNTERS_EACH = 64;
const MOST_COUNTERS = 2 ** 18;
/** A shingle is rare if at most one in so many entries has it. */
const RARE = 8;
/** MinHash of the rare shingles: two near-duplicates of one template share half of them or more, others of it hardly any. */
const BANDS = 16;
const ROWS = 2;
/** Entries of one band that are remembered: the last ones. */
const RING = 8;
/** Buckets of a band at most. */
const MOST_BUCKETS = 2 ** 16;
/** What one search returns at most. */
const CANDIDATES = 8;
const HIT_SLOTS = 512;

const factors = Int32Array.from({ length: BANDS * ROWS }, (_, i) => mix(0x1f123bb5 + i) | 1);

/**
 * Finds near-duplicates among entries that all have much in common, such as the variants of one template: by the shingles that few of them
 * have. The work for each entry has a limit, and memory too: 800 bytes an entry up to 65,536 of them.
 * First all entries are counted, then each is searched for and added.
 */
export class RareIndex {
  readonly #counts: Uint32Array<ArrayBuffer>;
  readonly #most: number;
  readonly #mask: number;
  /** The last entries of each bucket of each band, plus one; the place that is written next follows from `#filled`. */
  readonly #rings: Int32Array<ArrayBuffer>;
  readonly #filled: Uint8Array<ArrayBuffer>;
  readonly #buckets = new Int32Array(BANDS);
  #rare = new Uint32Array(256);
  readonly #hitKeys = new Int32Array(HIT_SLOTS);
  readonly #hits = new Uint8Array(HIT_SLOTS);
  readonly #usedSlots = new Int32Array(BANDS * RING);
  #used = 0;

  /** `entries`: how many there are. */
  constructor(entries: number) {
    let buckets = 64;
    while (buckets < entries && buckets < MOST_BUCKETS) buckets *= 2;
    this.#counts = new Uint32Array(Math.min(MOST_COUNTERS, buckets * COUNTERS_EACH));
    this.#mask = buckets - 1;
    this.#most = Math.max(2, Math.floor(entries / RARE));
    this.#rings = new Int32Array(BANDS * buckets * RING);
    this.#filled = new Uint8Array(BANDS * buckets);
  }

  count(shingles: Shingles): void {
    const counts = this.#counts;
    for (let i = 0; i < shingles.length; i++) {
      const at = shingles[i]! & (counts.length - 1);
      counts[at] = counts[at]! + 1;
    }
  }

  /** How many rare shingles an entry has, once all are counted: by so many it deviates from what the others have in common. */
  rareIn(shingles: Shingles): number {
    return this.#selectRare(shingles);
  }

  /** The entries that share the most bands, at most {@link CANDIDATES}, and where this one belongs. */
  search(shingles: Shingles): readonly number[] {
    if (!this.#fillBuckets(shingles)) return [];
    for (let i = 0; i < this.#used; i++) {
      this.#hitKeys[this.#usedSlots[i]!] = 0;
      this.#hits[this.#usedSlots[i]!] = 0;
    }
    this.#used = 0;
    for (let band = 0; band < BANDS; band++) {
      const from = this.#buckets[band]! * RING;
      for (let at = from; at < from + RING; at++) {
        const key = this.#rings[at]!;
        if (key === 0) break;
        this.#hit(key);
      }
    }
    const found: number[] = [];
    for (let hits = BANDS; hits > 0 && found.length < CANDIDATES; hits--)
      for (let i = 0; i < this.#used && found.length < CANDIDATES; i++) {
        const slot = this.#usedSlots[i]!;
        if (this.#hits[slot] === hits) found.push(this.#hitKeys[slot]! - 1);
      }
    return found;
  }

  /** The entry that was searched for last. */
  add(entry: number): void {
    if (this.#buckets[0] === -1) return;
    for (let band = 0; band < BANDS; band++) {
      const bucket = this.#buckets[band]!;
      const next = this.#filled[bucket]!;
      this.#rings[bucket * RING + next] = entry + 1;
      this.#filled[bucket] = (next + 1) % RING;
    }
  }

  /** One entry may be in the bucket of several bands, but only once for each. */
  #hit(key: number): void {
    let slot = mix(key) & (HIT_SLOTS - 1);
    while (this.#hitKeys[slot] !== 0 && this.#hitKeys[slot] !== key) slot = (slot + 1) % HIT_SLOTS;
    if (this.#hitKeys[slot] === 0) this.#usedSlots[this.#used++] = slot;
    this.#hitKeys[slot] = key;
    this.#hits[slot] = this.#hits[slot]! + 1;
  }

  /** False for an entry without rare shingles. */
  #fillBuckets(shingles: Shingles): boolean {
    const length = this.#selectRare(shingles);
    const rare = this.#rare;
    this.#buckets[0] = -1;
    if (length === 0) return false;
    for (let band = 0; band < BANDS; band++) {
      let hash = band + 1;
      for (let row = band * ROWS; row < (band + 1) * ROWS; row++) {
        const factor = factors[row]!;
        let least = 0x7fffffff;
        for (let i = 0; i < length; i++) {
          const permuted = Math.imul(rare[i]!, factor);
          if (permuted < least) least = permuted;
        }
        hash = mix(Math.imul(hash, 0x9e3779b1) ^ least);
      }
      this.#buckets[band] = band * (this.#mask + 1) + (hash & this.#mask);
    }
    return true;
  }

  #selectRare(shingles: Shingles): number {
    if (this.#rare.length < shingles.length) this.#rare = new Uint32Array(shingles.length);
    const rare = this.#rare;
    const counts = this.#counts;
    let length = 0;
    for (let i = 0; i < shingles.length; i++) {
      const shingle = shingles[i]!;
      if (counts[shingle & (counts.length - 1)]! <= this.#most) rare[length++] = shingle;
    }
    return length;
  }
}
