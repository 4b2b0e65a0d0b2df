import { mix } from './mix.ts';
import type { Shingles } from './near-duplicates.ts';

/**
 * Bands for tables of millions of messages, where three rows a band would make too many candidates. Two texts with a Jaccard index of J
 * share a band with probability 1 − (1 − J⁶)¹⁶: .992 at J = .8, .9999 at .9, .22 at .5, .012 at .3, .001 at .2.
 */
export const BULK_BANDS = 16;
const ROWS = 6;

/** x ↦ a·x + c modulo 2³², a odd: shingles are mixed already, so that linear permutations are as good as others (Broder et al., 2000). */
const factors = Int32Array.from({ length: BULK_BANDS * ROWS }, (_, i) => mix(0x2545f491 + i) | 1);
const summands = Int32Array.from({ length: BULK_BANDS * ROWS }, (_, i) => mix(0x6c078965 + i));

/** Writes the {@link BULK_BANDS} of a text to `out` from `at` on. `shingles`: at least one. */
export function writeBulkBands(shingles: Shingles, out: Uint32Array, at: number): void {
  for (let band = 0; band < BULK_BANDS; band++) {
    let hash = band + 1;
    for (let row = band * ROWS; row < (band + 1) * ROWS; row++)
      hash = mix(Math.imul(hash, 0x9e3779b1) ^ lowest(shingles, factors[row]!, summands[row]!));
    out[at + band] = hash;
  }
}

function lowest(shingles: Shingles, factor: number, summand: number): number {
  let least = 0x7fffffff;
  for (let i = 0; i < shingles.length; i++) {
    const hash = (Math.imul(shingles[i]!, factor) + summand) | 0;
    if (hash < least) least = hash;
  }
  return least;
}
