import type { PreparedText } from '../featurizer.ts';
import { comparableKey, SIMILARITY_VERSION } from './comparable-text.ts';
import { mix } from './mix.ts';

/** Near-duplicates share at least this much of their character 4-grams (Jaccard index). */
export const NEAR_DUPLICATE_JACCARD = 0.8;

/** Length of a shingle, in UTF-16 code units. */
const SHINGLE = 4;
/**
 * Two texts with a Jaccard index of J share a band with probability 1 − (1 − J³)⁸: .997 at J = .8, .66 at .5, .06 at .2.
 */
const BANDS = 8;
const ROWS = 3;

/** What a store keeps of a message to find its near-duplicates. */
export interface Signature {
  readonly version: typeof SIMILARITY_VERSION;
  /** Eight unsigned 32-bit numbers, one indexed column each; none for a text without a visible character. */
  readonly bands: readonly number[];
}

/** The distinct 4-grams of a text's comparable key as hashes in ascending order; a shorter key is one shingle. */
export type Shingles = Uint32Array;

/** Hashes of 32 bits: of two texts with 200 shingles each, two differ and have one hash with a probability of 10⁻⁵. */
export function shinglesOf(message: string | PreparedText): Shingles {
  return shinglesOfKey(comparableKey(message));
}

/** The same of a message's comparable key. */
export function shinglesOfKey(key: string): Shingles {
  if (key === '') return new Uint32Array(0);
  const size = Math.min(SHINGLE, key.length);
  const hashes = new Uint32Array(key.length - size + 1);
  for (let at = 0; at < hashes.length; at++) {
    let hash = size;
    for (let i = 0; i < size; i++) hash = mix(Math.imul(hash, 0x9e3779b1) + key.charCodeAt(at + i));
    hashes[at] = hash;
  }
  hashes.sort();
  let distinct = 0;
  for (const hash of hashes) if (distinct === 0 || hash !== hashes[distinct - 1]) hashes[distinct++] = hash;
  return hashes.slice(0, distinct);
}

/** Of messages: |a ∩ b| / |a ∪ b|; 0 where one of them is empty. */
export function jaccard(a: Shingles, b: Shingles): number {
  let both = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const [left, right] = [a[i]!, b[j]!];
    if (left === right) both++;
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return both === 0 ? 0 : both / (a.length + b.length - both);
}

/** Whether {@link jaccard} is at least {@link NEAR_DUPLICATE_JACCARD}; returns as soon as it cannot be any more, and without a look where lengths differ too much. */
export function areNear(a: Shingles, b: Shingles): boolean {
  const all = a.length + b.length;
  if (Math.min(a.length, b.length) < NEAR_DUPLICATE_JACCARD * Math.max(a.length, b.length)) return false;
  // Each hash of one side alone leaves less to share; as many as this may be, with one to spare for rounding.
  let mayDiffer = all * (1 - (2 * NEAR_DUPLICATE_JACCARD) / (1 + NEAR_DUPLICATE_JACCARD)) + 1;
  let both = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const left = a[i]!;
    const right = b[j]!;
    if (left === right) {
      both++;
      i++;
      j++;
      continue;
    }
    if (--mayDiffer < 0) return false;
    if (left < right) i++;
    else j++;
  }
  return both > 0 && both / (all - both) >= NEAR_DUPLICATE_JACCARD;
}

const seeds = Int32Array.from({ length: BANDS * ROWS }, (_, i) => mix(0x51ed270b + i));

/**
 * MinHash with bands (A. Broder, 1997; Leskovec, Rajaraman & Ullman, *Mining of Massive Datasets*, 3.4). Messages that share a band are
 * candidates, which {@link isNearDuplicate} verifies.
 */
export function signatureOf(message: string | PreparedText): Signature {
  return { version: SIMILARITY_VERSION, bands: bandsOf(shinglesOf(message)) };
}

export function bandsOf(shingles: Shingles): readonly number[] {
  if (shingles.length === 0) return [];
  const lowest = new Uint32Array(seeds.length).fill(0xffffffff);
  for (const shingle of shingles)
    for (let i = 0; i < seeds.length; i++) {
      const hash = mix(shingle ^ seeds[i]!) >>> 0;
      if (hash < lowest[i]!) lowest[i] = hash;
    }
  return Array.from({ length: BANDS }, (_, band) => {
    let hash = band + 1;
    for (let row = 0; row < ROWS; row++) hash = mix(Math.imul(hash, 0x9e3779b1) ^ lowest[band * ROWS + row]!);
    return hash >>> 0;
  });
}

/** The definition: exact, symmetric, and independent of bands. An empty message is no near-duplicate of any. */
export function isNearDuplicate(a: string | PreparedText, b: string | PreparedText): boolean {
  return jaccard(shinglesOf(a), shinglesOf(b)) >= NEAR_DUPLICATE_JACCARD;
}
