/**
 * The 64-bit hash of a feature's name, as two 32-bit halves: in each, h ← h · base + code unit (mod 2³²), from a seed.
 * A polynomial, because then the scanner can put the hash of `b:free money` together from the hashes of its parts,
 * without the string: with value(t) the same sum from zero, hash(a + t) = hash(a) · baseⁿ + value(t), n the length of t.
 * The bases are 3 and 5 modulo 8, so that their powers take as many values as they can.
 */
export const BASE_HIGH = 0x2c9277b5 | 0;
export const BASE_LOW = 0xe2c6a8d3 | 0;
const SEED_HIGH = 0x5bd1e995 | 0;
const SEED_LOW = 0x1b873593 | 0;

export interface TermHash {
  readonly high: number;
  readonly low: number;
}

/** `hash` continued by the code units of `text`. From zero this is value(text). */
export function continueHash(hash: number, base: number, text: string): number {
  let h = hash;
  for (let i = 0; i < text.length; i++) h = (Math.imul(h, base) + text.charCodeAt(i)) | 0;
  return h;
}

export function hashTerm(name: string): TermHash {
  return { high: continueHash(SEED_HIGH, BASE_HIGH, name), low: continueHash(SEED_LOW, BASE_LOW, name) };
}

/** base to the power of `exponent` (≥ 0), mod 2³². */
export function power(base: number, exponent: number): number {
  let result = 1;
  for (let i = 0; i < exponent; i++) result = Math.imul(result, base);
  return result;
}
