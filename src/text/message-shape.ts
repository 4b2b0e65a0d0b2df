import { SPACE, UPPER } from './character-kinds.ts';
import { hashTerm } from './term-hash.ts';

/**
 * A measure as one feature out of several, each standing for a range. Values below the first limit give none, so that
 * what most messages lack costs nothing.
 */
export class ShapeRanges {
  readonly names: readonly string[];
  readonly highs: Int32Array;
  readonly lows: Int32Array;
  /** By value, up to the last limit. */
  readonly #places: Int8Array;

  /** `limits` are where ranges begin, ascending whole numbers. */
  constructor(kind: string, limits: readonly number[]) {
    this.#places = Int8Array.from(
      { length: limits.at(-1)! + 1 },
      (_, value) => limits.filter((limit) => limit <= value).length - 1,
    );
    this.names = limits.map((from, i) => {
      const next = limits[i + 1];
      if (next === undefined) return `s:${kind}:${from}+`;
      return next === from + 1 ? `s:${kind}:${from}` : `s:${kind}:${from}-${next - 1}`;
    });
    const hashes = this.names.map(hashTerm);
    this.highs = Int32Array.from(hashes, (hash) => hash.high);
    this.lows = Int32Array.from(hashes, (hash) => hash.low);
  }

  /** Place in `names`, or -1. */
  rangeOf(value: number): number {
    const places = this.#places;
    return value < places.length ? places[value]! : this.names.length - 1;
  }
}

/** What is measured of a message, whatever it says, after obfuscation was undone. The order is that of the places below. */
export const shapeRanges: readonly ShapeRanges[] = [
  // UTF-16 code units.
  new ShapeRanges('length', [1, 10, 20, 30, 45, 60, 80, 100, 120, 140, 160, 200, 300, 500, 1000]),
  // Share of capitals among letters.
  new ShapeRanges('capitals-percent', [1, 4, 8, 15, 30, 60, 90]),
  // Words of three letters or more, all capitals.
  new ShapeRanges('shouted-words', [1, 2, 3, 5, 8]),
  new ShapeRanges('digits', [1, 2, 3, 5, 8, 11, 15, 20, 30]),
  new ShapeRanges('exclamations', [1, 2, 3, 5]),
  new ShapeRanges('questions', [1, 2, 3]),
  new ShapeRanges('symbols', [1, 2, 4, 8]),
  new ShapeRanges('lines', [2, 3, 6]),
  // Letters that stand three times or more in a row.
  new ShapeRanges('stretches', [1, 2, 4]),
  // But for those to well-known sites, which follow.
  new ShapeRanges('links', [1, 2, 3]),
  // Numbers of seven digits or more.
  new ShapeRanges('phone-numbers', [1, 2, 3]),
  // Words that are too long to have a feature of their own.
  new ShapeRanges('long-words', [1, 2]),
  new ShapeRanges('starts-with-capital', [1]),
  new ShapeRanges('sites', [1, 2, 4]),
];

export const LENGTH = 0;
export const CAPITALS_PERCENT = 1;
export const SHOUTED_WORDS = 2;
export const DIGITS = 3;
export const EXCLAMATIONS = 4;
export const QUESTIONS = 5;
export const SYMBOLS = 6;
export const LINES = 7;
export const STRETCHES = 8;
export const LINKS = 9;
export const PHONE_NUMBERS = 10;
export const LONG_WORDS = 11;
export const STARTS_WITH_CAPITAL = 12;
export const SITES = 13;

/** Whether the first character that is neither a blank nor a sign is a capital. */
export function startsWithCapital(kinds: Uint8Array, length: number): boolean {
  let i = 0;
  while (i < length && kinds[i]! <= SPACE) i++;
  return i < length && kinds[i] === UPPER;
}
