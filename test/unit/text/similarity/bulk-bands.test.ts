import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BULK_BANDS, writeBulkBands } from '../../../../src/text/similarity/bulk-bands.ts';
import { areNear, jaccard, NEAR_DUPLICATE_JACCARD } from '../../../../src/text/similarity/near-duplicates.ts';
import { writeTextHash } from '../../../../src/text/similarity/text-hash.ts';

/** Two sets of hashes, of which the first `both` are shared. */
function setsOf(
  seed: number,
  both: number,
  left: number,
  right: number,
): readonly [Uint32Array, Uint32Array] {
  const hash = (i: number) =>
    Math.imul(Math.imul(seed + i * 7919 + 1, 0x85ebca6b) ^ (i << 7), 0x9e3779b1) >>> 0;
  const list = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => hash(from + i));
  const shared = list(0, both);
  const distinct = (more: number[]) => Uint32Array.from(new Set([...shared, ...more])).sort();
  return [distinct(list(both, both + left)), distinct(list(both + left, both + left + right))];
}

const bandsOf = (shingles: Uint32Array) => {
  const bands = new Uint32Array(BULK_BANDS);
  writeBulkBands(shingles, bands, 0);
  return bands;
};

describe('the bands of a bulk search', () => {
  it('the quick comparison of two texts is that of their Jaccard index', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(60), fc.nat(15), fc.nat(15), (seed, both, left, right) => {
        const [a, b] = setsOf(seed, both, left, right);
        expect(areNear(a, b)).toBe(jaccard(a, b) >= NEAR_DUPLICATE_JACCARD);
        expect(areNear(b, a)).toBe(areNear(a, b));
      }),
      { numRuns: 1000 },
    );
    for (const [both, left, right] of [
      [4, 1, 0],
      [8, 1, 1],
      [80, 20, 0],
      [80, 10, 10],
      [0, 0, 0],
    ] as const) {
      const [a, b] = setsOf(1, both, left, right);
      expect(areNear(a, b)).toBe(both > 0);
    }
  });

  it('at a Jaccard index of 0.8 more than 98 % of the pairs share a band, and at 0.2 less than 1 %', () => {
    const share = (both: number, alone: number) => {
      let found = 0;
      for (let seed = 0; seed < 1000; seed++) {
        const [a, b] = setsOf(seed * 104_729, both, alone, alone).map(bandsOf);
        if (a!.some((band, at) => band === b![at])) found++;
      }
      return found / 1000;
    };
    expect(share(80, 10)).toBeGreaterThan(0.98);
    expect(share(20, 40)).toBeLessThan(0.01);
  });

  it('the hash of a text depends on each character and on their order', () => {
    const hashOf = (text: string) => {
      const hash = new Int32Array(2);
      writeTextHash(text, hash);
      return hash.join(' ');
    };
    const texts = new Set<string>();
    for (let i = 0; i < 2000; i++)
      for (const pad of ['', '\0', 'x']) texts.add(`${pad}${i}${pad}${'ab'.repeat(i % 7)}`);
    for (const text of ['ab', 'ba', 'aab', 'aba', 'Ab', 'a\u0300b', 'àb']) texts.add(text);
    expect(new Set([...texts].map(hashOf)).size).toBe(texts.size);
    expect(hashOf('the same')).toBe(hashOf('the same'));
  });
});
