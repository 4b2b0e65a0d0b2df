const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** What is sorted: numbers of texts by an unsigned key each. Both arrays have the same length. */
export interface Keyed {
  readonly keys: Uint32Array<ArrayBuffer>;
  readonly items: Int32Array<ArrayBuffer>;
}

/**
 * Sorts ascending by key; equal keys stay in the order in which they were. Three passes of eleven bits; the answer may be in `spare`, which
 * has the same length as `given` and is overwritten.
 */
export function sortByKey(given: Keyed, spare: Keyed): Keyed {
  let [from, to] = [given, spare];
  const { length } = given.keys;
  const ends = new Int32Array(DIGITS);
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    ends.fill(0);
    for (let i = 0; i < length; i++) {
      const digit = (from.keys[i]! >>> shift) & (DIGITS - 1);
      ends[digit] = ends[digit]! + 1;
    }
    let before = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = ends[digit]!;
      ends[digit] = before;
      before += count;
    }
    for (let i = 0; i < length; i++) {
      const key = from.keys[i]!;
      const digit = (key >>> shift) & (DIGITS - 1);
      const at = ends[digit]!;
      ends[digit] = at + 1;
      to.keys[at] = key;
      to.items[at] = from.items[i]!;
    }
    [from, to] = [to, from];
  }
  return from;
}

export function keyedOf(length: number): Keyed {
  return { keys: new Uint32Array(length), items: new Int32Array(length) };
}
