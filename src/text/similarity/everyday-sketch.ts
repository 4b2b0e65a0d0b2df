import { mix } from './mix.ts';

/** Counters of each of the two rows; each has 4 bits. */
const COUNTERS = 2 ** 17;
const ROWS = 2;
const LEVELS = 15;

/** Share of messages at the lowest level; each level is twice the one before it. */
const LOWEST_SHARE = 3e-5;
/** Taken for pairs that are not in the sketch. */
export const UNKNOWN_SHARE = 8e-6;

export const SKETCH_BYTES = (COUNTERS * ROWS) / 2;

/**
 * Which share of messages has a pair of words, to a factor of two: a count-min sketch (Cormode & Muthukrishnan, 2005) of levels. A pair
 * that is not in it is taken for an everyday one with the probability that both its counters are used.
 */
export class EverydaySketch {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array = new Uint8Array(SKETCH_BYTES)) {
    this.bytes = bytes;
  }

  /** A share below the lowest level is left out. */
  add(pair: number, share: number): void {
    const level = Math.min(LEVELS, Math.round(Math.log2(share / LOWEST_SHARE)) + 1);
    if (level < 1) return;
    for (let row = 0; row < ROWS; row++) {
      const at = counterOf(pair, row);
      if (this.#level(at) >= level) continue;
      const shift = (at & 1) * 4;
      this.bytes[at >> 1] = (this.bytes[at >> 1]! & ~(LEVELS << shift)) | (level << shift);
    }
  }

  /** {@link UNKNOWN_SHARE} for one that is not in it. */
  share(pair: number): number {
    let level = LEVELS;
    for (let row = 0; row < ROWS; row++) level = Math.min(level, this.#level(counterOf(pair, row)));
    return level === 0 ? UNKNOWN_SHARE : LOWEST_SHARE * 2 ** (level - 1);
  }

  /** How many counters are used. */
  get used(): number {
    let used = 0;
    for (const byte of this.bytes) used += Number((byte & LEVELS) !== 0) + Number(byte >> 4 !== 0);
    return used / (COUNTERS * ROWS);
  }

  #level(at: number): number {
    return (this.bytes[at >> 1]! >> ((at & 1) * 4)) & LEVELS;
  }
}

function counterOf(pair: number, row: number): number {
  return row * COUNTERS + (mix(pair ^ Math.imul(row + 1, 0x6a09e667)) >>> 15);
}
