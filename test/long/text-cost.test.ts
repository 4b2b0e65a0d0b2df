import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainEnglish } from '../../bench/costly-texts.ts';
import { MOST_MILLISECONDS, MOST_PER_BYTE, measureTextCost } from '../../bench/text-cost.ts';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { type LoadedModel, loadModel } from '../../workers/loaded-model.ts';

const home = fileURLToPath(new URL('../../native-models/default', import.meta.url));

let model: LoadedModel;
beforeAll(async () => {
  const [version = ''] = await readdir(home);
  model = await loadModel(await new FolderModelStore(home).fetch(version));
});
afterAll(() => model.session.release());

// CPU time, of which others on the machine take nothing, as ratios to plain English measured in between; of many rounds the lowest, since
// others still disturb the caches.
describe('CPU time of the features of a text, of any kind known and of any that a search finds', () => {
  it.each([1, 2, 3])(
    `is at most ${MOST_PER_BYTE} times that of plain English a byte, and ${MOST_MILLISECONDS} ms (search %i)`,
    (seed) => {
      const costs = measureTextCost(model, { rounds: 15, tries: 6_000, seed });
      const tooMuch = costs.filter(
        ({ perByte, milliseconds }) => perByte > MOST_PER_BYTE || milliseconds > MOST_MILLISECONDS,
      );
      expect(tooMuch).toEqual([]);
      // Otherwise nothing was measured.
      expect(costs.filter(({ isFound }) => isFound).length).toBeGreaterThan(4);
      expect(costs.find(({ name }) => name === plainEnglish[0])?.perByte).toBeCloseTo(1, 0);
    },
  );
});
