import { describe, expect, it } from 'vitest';
import { RareIndex } from '../../../../src/labeling/duplicates/rare-index.ts';

const ENTRIES = 2000;
const hash = (i: number) => Math.imul(Math.imul(i + 1, 0x85ebca6b) ^ (i >>> 3), 0x9e3779b1) >>> 0;
const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => hash(from + i));
/** What all entries have. */
const common = range(0, 80);
/** Entries 2 n and 2 n + 1 also share 20 hashes that no other has; ten are their own. */
const shinglesOf = (entry: number) =>
  Uint32Array.from([
    ...common,
    ...range(1000 + 100 * (entry >> 1), 20),
    ...range(500_000 + 10 * entry, 10),
  ]).sort();

describe('the index of what is rare among entries', () => {
  it('an entry finds the one that shares what is rare in both, among thousands that all share the rest', () => {
    const index = new RareIndex(ENTRIES);
    for (let entry = 0; entry < ENTRIES; entry++) index.count(shinglesOf(entry));
    expect(index.rareIn(shinglesOf(7))).toBeGreaterThanOrEqual(25);
    expect(index.rareIn(Uint32Array.from(common))).toBeLessThanOrEqual(1);
    let found = 0;
    for (let n = 0; n < ENTRIES; n++) {
      // First one of each pair, and then the others.
      const entry = n < ENTRIES / 2 ? 2 * n : 2 * n + 1 - ENTRIES;
      const candidates = index.search(shinglesOf(entry));
      expect(candidates.length).toBeLessThanOrEqual(8);
      if (entry % 2 === 1 && candidates.includes(entry - 1)) found++;
      index.add(entry);
    }
    expect(found / (ENTRIES / 2)).toBeGreaterThan(0.95);
  });

  it('an entry without anything rare finds none and is not added', () => {
    const index = new RareIndex(ENTRIES);
    for (let entry = 0; entry < ENTRIES; entry++) index.count(Uint32Array.from(common));
    expect(index.search(Uint32Array.from(common))).toEqual([]);
    index.add(1);
    expect(index.search(Uint32Array.from([...common, hash(77_777)]))).toEqual([]);
  });
});
