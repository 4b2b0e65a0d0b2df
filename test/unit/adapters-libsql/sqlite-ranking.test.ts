import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeLibsql, type OpenLibsql, openLibsql } from '../../../src/adapters/libsql/open-libsql.ts';
import { rankedRows } from '../../../src/adapters/libsql/sqlite-ranking.ts';
import { trainingSearch } from '../../../src/adapters/sql/searched-column.ts';

let folder: string;
let opened: OpenLibsql;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-ranking-'));
  opened = await openLibsql(join(folder, 'sluice.db'));
});
afterAll(async () => {
  await closeLibsql(opened);
  await rm(folder, { recursive: true });
});

const bounds = { rareRows: 10, rankedRows: 15 };
const ranked = (words: readonly string[], limit: number) =>
  rankedRows(opened.database, trainingSearch, words, limit, bounds);

describe('the ranking of rows in SQLite', () => {
  beforeAll(async () => {
    const insert = async (id: number, message: string) => {
      await opened.database
        .insertInto('training')
        .values({ id, class: 0, message, community: '', source: 'own' } as never)
        .execute();
    };
    for (let id = 1; id <= 40; id++)
      await insert(id, `golden ticket campaign ${id % 2 === 0 ? 'today' : 'soon'}`);
    await insert(41, 'a golden lighthouse');
    await insert(42, 'lighthouse tour');
    await insert(43, 'nothing of that');
  });

  it('rows with a rare word come first, and those that have only frequent words after them, the newest first', async () => {
    const found = await ranked(['golden', 'ticket', 'lighthouse'], 8);
    expect(
      found
        .slice(0, 2)
        .map(({ id }) => Number(id))
        .sort(),
    ).toEqual([41, 42]);
    expect(found.slice(2).map(({ id }) => Number(id))).toEqual([40, 39, 38, 37, 36, 35]);
    expect(found.slice(2).every(({ score }) => score < 0)).toBe(true);
    expect(found.slice(0, 2).every(({ score }) => score > 0)).toBe(true);
  });

  it('of a word that very many rows have, the newest rows alone are looked at', async () => {
    expect(await ranked(['golden'], 100)).toHaveLength(10);
    const both = (await ranked(['golden', 'ticket'], 100)).map(({ id }) => Number(id));
    expect(Math.min(...both)).toBeGreaterThan(30);
  });

  it('rare words are ranked until their rows are too many', async () => {
    expect(await ranked(['tour', 'nothing'], 100)).toHaveLength(2);
    expect(await ranked(['missing'], 100)).toEqual([]);
  });
});
