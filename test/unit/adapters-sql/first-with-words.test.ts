import * as fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { firstWithWords } from '../../../src/adapters/sql/first-with-words.ts';
import type { SqlFlavour } from '../../../src/adapters/sql/sql-flavour.ts';

const flavour = { selectText: () => sql``, decodeText: String } as Pick<
  SqlFlavour,
  'selectText' | 'decodeText'
> as SqlFlavour;

/** Ids are positions. */
function search(texts: readonly string[], words: readonly string[], wanted: number) {
  let read = 0;
  const found = firstWithWords(flavour, words, wanted, async (_, { skip, take }) => {
    const rows = texts.slice(skip, skip + take);
    read += rows.length;
    return rows.map((text, at) => ({ id: skip + at, begin: text.slice(0, 2000), length: text.length }));
  });
  return found.then((ids) => ({ ids, read }));
}

describe('the search at the head of a list', () => {
  it('the search at the head of a list finds the first rows with the words, however far apart, or leaves them to the index', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2500 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 30 }),
        async (rows, every, wanted) => {
          const texts = Array.from({ length: rows }, (_, at) =>
            at % every === 0 ? 'Gratis für alle' : 'Hallo',
          );
          const matching = texts.flatMap((text, at) => (text === 'Hallo' || at >= 2000 ? [] : [at]));
          const { ids } = await search(texts, ['grat', 'FUR'], wanted);
          expect(ids).toEqual(matching.length < wanted ? undefined : matching.slice(0, wanted));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the search at the head of a list reads few rows where the words are frequent', async () => {
    const { read } = await search(Array(5000).fill('free coins'), ['coins'], 21);
    expect(read).toBe(100);
  });

  it('the search at the head of a list leaves a text to the index of which it has read the beginning alone', async () => {
    const long = `${'a '.repeat(1500)}coins`;
    expect((await search([long, 'coins'], ['coins'], 1)).ids).toBeUndefined();
    expect((await search([`coins ${long}`, 'coins'], ['coins'], 2)).ids).toEqual([0, 1]);
  });
});
