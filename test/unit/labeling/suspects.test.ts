import { describe, expect, it } from 'vitest';
import { findSuspects, isSuspect, outOfFold } from '../../../src/labeling/suspects.ts';
import { MemoryTable, sentences } from './own-sentences.ts';

const spam = sentences('spam', 60);
const ham = sentences('ham', 60);

describe('label suspects', () => {
  it('planted flips come first, those of near-duplicates as one row, and each class on its side of the threshold', async () => {
    const table = new MemoryTable();
    for (const message of spam.slice(3)) table.add(message, 'spam', 'ann');
    for (const message of ham.slice(2)) table.add(message, 'ham', 'ann');
    // A campaign that is wrong as a whole: its messages must not vouch for each other.
    for (let copy = 0; copy < 5; copy++) table.add(`${spam[0]} ${'!'.repeat(copy)}`, 'ham', 'step:3');
    table.add(spam[1]!, 'ham', 'ann');
    table.add(ham[0]!, 'spam', 'ann');
    table.add('not labeled');
    const { rows, groups, suspects } = await findSuspects(table, { most: 3 });
    expect(rows).toBe(122);
    expect(groups).toBeGreaterThanOrEqual(3);
    expect(suspects.map(({ row }) => row.message.trim()).sort()).toEqual(
      [ham[0]!, spam[0]!, spam[1]!].sort(),
    );
    const campaign = suspects.find(({ row }) => row.message.trim() === spam[0])!;
    expect(campaign.rows).toBe(5);
    for (const { row, probability } of suspects) expect(isSuspect(row.label!, probability)).toBe(true);
  });

  it('messages of one group do not vouch for each other: what only their group knows, their prediction does not', () => {
    const pairs = Array.from(
      { length: 12 },
      (_, at) => `${'abcdefghijkl'[at]!.repeat(9)} ${'qrstuvwxyzab'[at]!.repeat(8)}`,
    );
    const texts = [...pairs, ...pairs].map((message, at) => ({
      ...{ message, label: at % 2 === 0 ? ('spam' as const) : ('ham' as const) },
    }));
    const right = (groups: Int32Array) =>
      outOfFold(texts, groups, 1)!.filter(
        (probability, at) => (texts[at]!.label === 'spam') === probability > 0.5,
      ).length;
    const alone = right(Int32Array.from(texts.keys()));
    expect(right(Int32Array.from(texts.keys()).map((at) => at % 12))).toBeLessThan(alone - 5);
  });

  it('groups that dedupe has named are one fold too', async () => {
    const table = new MemoryTable();
    for (const message of spam) table.add(message, 'spam');
    for (const message of ham) table.add(message, 'ham');
    // Not alike, and wrong together.
    for (const message of sentences('spam', 64, 9).slice(60)) {
      const row = table.add(message, 'ham');
      table.table[row.id - 1] = { ...row, near_group: '7:1' };
    }
    const { suspects } = await findSuspects(table, { most: 100 });
    expect(suspects.filter(({ row }) => row.near_group === '7:1')).toHaveLength(1);
  });

  it('a table with one class, or none, has no suspects; it is read page by page', async () => {
    const table = new MemoryTable();
    expect(await findSuspects(table, { most: 10 })).toEqual({ rows: 0, groups: 0, suspects: [] });
    for (const message of spam) table.add(message, 'spam');
    expect((await findSuspects(table, { most: 10 })).groups).toBe(0);
    expect(table.largestPage).toBeLessThanOrEqual(1000);
  });
});
