/*
 * Texts are searched for by fingerprints of pieces of their bytes, so that a search that a crash cut can be repeated without having
 * stored the text: a piece cannot be computed from its fingerprint.
 */

/** Two 32-bit polynomial hashes of so many bytes. */
export type Fingerprint = readonly [bytes: number, a: number, b: number];

/** Bytes of a piece. A page of a database may cut one piece of a long text; the others are found. */
export const PIECE_BYTES = 16;
/** Shorter texts are everywhere by chance. */
const FEWEST_BYTES = 8;
/** Pieces with fewer different bytes, such as rows of zeros, are everywhere too. */
const FEWEST_DIFFERENT = 4;

const FACTOR_A = 0x01000193;
const FACTOR_B = 0x5bd1e995;
const FILTER_BITS = 20;

/** Fingerprints of a text in one encoding; none where it has no piece that would prove anything. */
export function fingerprintsOf(bytes: Uint8Array): readonly Fingerprint[] {
  if (bytes.length < FEWEST_BYTES) return [];
  if (bytes.length < PIECE_BYTES) return isTelling(bytes) ? [fingerprintOf(bytes)] : [];
  const found: Fingerprint[] = [];
  const last = bytes.length - PIECE_BYTES;
  for (let at = 0; ; at = Math.min(last, at + PIECE_BYTES)) {
    const piece = bytes.subarray(at, at + PIECE_BYTES);
    if (isTelling(piece)) found.push(fingerprintOf(piece));
    if (at === last) return found;
  }
}

function isTelling(bytes: Uint8Array): boolean {
  return new Set(bytes).size >= FEWEST_DIFFERENT;
}

function fingerprintOf(bytes: Uint8Array): Fingerprint {
  let a = 0;
  let b = 0;
  for (const byte of bytes) {
    a = (Math.imul(a, FACTOR_A) + byte + 1) | 0;
    b = (Math.imul(b, FACTOR_B) + byte + 1) | 0;
  }
  return [bytes.length, a, b];
}

interface Group {
  readonly length: number;
  readonly outA: number;
  readonly outB: number;
  readonly filter: Uint8Array;
  /** By the first hash: pairs of the second hash and the fingerprint's index. */
  readonly table: Map<number, (readonly [b: number, index: number])[]>;
}

/** Finds fingerprints in bytes, in one pass for each length of piece. */
export class FingerprintScanner {
  readonly #groups: readonly Group[];

  constructor(fingerprints: readonly Fingerprint[]) {
    const groups = new Map<number, Group>();
    for (const [index, [length, a, b]] of fingerprints.entries()) {
      const group = groups.get(length) ?? emptyGroup(length);
      groups.set(length, group);
      group.filter[slotOf(a)] = 1;
      const entries = group.table.get(a);
      if (entries === undefined) group.table.set(a, [[b, index]]);
      else entries.push([b, index]);
    }
    this.#groups = [...groups.values()];
  }

  /** Calls `hit` with the fingerprint's index and the offset behind the piece, for each occurrence. */
  scan(bytes: Uint8Array, hit: (index: number, end: number) => void): void {
    for (const group of this.#groups) scanFor(group, bytes, hit);
  }
}

function emptyGroup(length: number): Group {
  let outA = 1;
  let outB = 1;
  for (let i = 0; i < length; i++) {
    outA = Math.imul(outA, FACTOR_A);
    outB = Math.imul(outB, FACTOR_B);
  }
  return { length, outA, outB, filter: new Uint8Array(1 << FILTER_BITS), table: new Map() };
}

function slotOf(a: number): number {
  return (a ^ (a >>> 12)) & ((1 << FILTER_BITS) - 1);
}

function scanFor(
  { length, outA, outB, filter, table }: Group,
  bytes: Uint8Array,
  hit: (index: number, end: number) => void,
): void {
  let a = 0;
  let b = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]! + 1;
    a = (Math.imul(a, FACTOR_A) + byte) | 0;
    b = (Math.imul(b, FACTOR_B) + byte) | 0;
    if (at >= length) {
      const out = bytes[at - length]! + 1;
      a = (a - Math.imul(out, outA)) | 0;
      b = (b - Math.imul(out, outB)) | 0;
    }
    if (at < length - 1 || filter[slotOf(a)] === 0) continue;
    for (const [other, index] of table.get(a) ?? []) if (other === b) hit(index, at + 1);
  }
}
