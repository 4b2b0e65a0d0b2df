import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSimilar } from '../../../src/labeling/similar/find-similar.ts';
import type { LabelSearch } from '../../../src/ports/label-search.ts';
import type { LabelStore } from '../../../src/ports/label-store.ts';

export interface OpenLabelSearch {
  readonly store: LabelStore;
  readonly search: LabelSearch;
  dispose(): Promise<void>;
}

const messages = [
  'The purple lighthouse sells tokens to every visitor',
  'Tokens, tokens and more tokens: the lighthouse is open',
  'We met at the old harbour and had fish',
  'Grüße vom Bodensee, das Wetter ist prächtig',
  'Привет, маяк открыт',
  'PURPLE LIGHTHOUSE TOKENS FOR ALL',
  'The harbour festival begins on sunday',
];

/** What every index of the training table answers. */
export function describeLabelSearch(name: string, open: () => Promise<OpenLabelSearch>): void {
  describe(`${name}: the search in the training table`, () => {
    let opened: OpenLabelSearch;
    const idOf = new Map<string, number>();
    const ranked = async (words: readonly string[], limit = 10) =>
      (await opened.search.rank(words, limit)).map(
        ({ id }) => [...idOf].find(([, known]) => known === id)?.[0],
      );
    beforeAll(async () => {
      opened = await open();
      const { store } = opened;
      const step = await store.begin({ kind: 'import', about: 'own', parameters: null, by: 'anna' });
      await store.add(
        step.id,
        messages.map((message) => ({ message, community: 'forum', source: 'random' })),
        null,
      );
      await store.finish(step.id);
      for (const { id, message } of await store.rows({ after: 0, limit: 100 })) idOf.set(message, id);
    });
    afterAll(() => opened?.dispose());

    it('the search in the training table ranks rows with more of the words, and rarer ones, first', async () => {
      const found = await ranked(['purple', 'lighthouse', 'harbour']);
      expect(new Set(found.slice(0, 2))).toEqual(new Set([messages[0], messages[5]]));
      expect(new Set(found)).toEqual(new Set([0, 1, 2, 5, 6].map((at) => messages[at])));
    });

    it('the search in the training table has scores in descending order, and no more rows than the limit', async () => {
      const rows = await opened.search.rank(['tokens', 'harbour', 'lighthouse'], 3);
      expect(rows).toHaveLength(3);
      const scores = rows.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(rows.every(({ id, score }) => Number.isInteger(id) && Number.isFinite(score))).toBe(true);
    });

    it('the search in the training table finds words of any script in any case, as whole words', async () => {
      expect(await ranked(['bodensee'])).toEqual([messages[3]]);
      expect(await ranked(['маяк'])).toEqual([messages[4]]);
      expect(await ranked(['light'])).toEqual([]);
    });

    it('the search in the training table takes nothing for more than a word, and finds nothing for no words', async () => {
      expect(await ranked([])).toEqual([]);
      expect(await ranked(['+fish', '"fish', 'fish*', 'fish OR tokens', "fish'", '-', ''])).toEqual([]);
      expect(await ranked(['OR', 'AND', 'NOT', 'NEAR', 'fish'])).toContain(messages[2]);
    });

    it('the search in the training table does not find rows that a step removed, until that is undone', async () => {
      const { store } = opened;
      const [row] = await store.rowsOf([idOf.get(messages[3]!)!]);
      const step = await store.begin({ kind: 'dedupe', about: 'own', parameters: null, by: 'anna' });
      expect(await store.edit(step.id, [{ kind: 'remove', row: row! }])).toBe(1);
      await store.finish(step.id);
      expect(await ranked(['bodensee'])).toEqual([]);
      await store.undo(step.id, 'anna');
      expect(await ranked(['bodensee'])).toEqual([messages[3]]);
    });

    it('rows like a text are found by this index, near-duplicates first', async () => {
      const text = 'The purple lighthouse sells tokens to every visitor!';
      const found = await findSimilar(opened, { text, limit: 10, minSimilarity: 0.1 });
      expect(found[0]).toMatchObject({ kind: 'near-duplicate', label: null, message: messages[0] });
      expect(found.slice(1).every(({ kind }) => kind === 'similar')).toBe(true);
      expect(found.map(({ message }) => message)).toContain(messages[5]);
    });
  });
}
