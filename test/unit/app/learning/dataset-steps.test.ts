import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countData } from '../../../../src/app/learning/count-data.ts';
import { writeDataFeatures } from '../../../../src/app/learning/data-features.ts';
import { writeDataFolder } from '../../../../src/app/learning/data-files.ts';
import { givenParts } from '../../../../src/app/learning/given-model.ts';
import type { ModelData } from '../../../../src/core/model-data.ts';
import { loadSettings } from '../../../../src/settings/load-settings.ts';
import { decodeNpy } from '../../../../src/training/npy.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-dataset-steps-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const source: ModelData['sources'][number] = {
  ...{ name: 'own', kind: 'base' as const, read: 3, leftOut: {}, rows: [], heldOutRows: [] },
  ...{ training: { spam: 1, ham: 1 }, heldOut: { spam: 1, ham: 0 } },
};
const data = (seed: number): ModelData => ({
  ...{ schema: 1, assembledAt: 1, labelsUntil: 0, seed, sources: [source] },
  ...{ hashes: { training: 'a', heldOut: 'b' }, contradictions: { count: 0, first: [] }, limits: {} },
});

/** Two messages to train on, one held out. */
async function dataset(name: string, seed = 0): Promise<string> {
  const path = join(folder, name);
  await writeDataFolder(path, async (writer) => {
    await writer.training({ text: 'cheap watches now', label: 'spam', source: 'own' });
    await writer.training({ text: 'lunch now', label: 'ham', source: 'own' });
    const heldOut = { label: 'spam', part: 'new', source: 'own', community: 'c' } as const;
    await writer.heldOut({ text: 'cheap cheap lunch', ...heldOut });
    return { data: data(seed) };
  });
  return path;
}

describe('writeDataFeatures', () => {
  it('writeDataFeatures counts the words of all messages and marks the held-out ones', async () => {
    const out = join(folder, 'features');
    const features = await writeDataFeatures({
      dataset: await dataset('set'),
      profile: 'bag-of-words',
      out,
    });
    expect(features).toEqual({ path: out, training: 2, heldOut: 1, words: 4 });
    const words = JSON.parse(await readFile(join(out, 'words.json'), 'utf8')) as string[];
    expect(words).toEqual(['t:cheap', 't:watches', 't:now', 't:lunch']);
    const array = async (name: string) =>
      Array.from(decodeNpy(await readFile(join(out, `${name}.npy`))).values);
    // One byte for each message, after the header.
    expect([...(await readFile(join(out, 'parts.npy'))).subarray(-3)]).toEqual([0, 0, 1]);
    expect(await array('words.indptr')).toEqual([0, 3, 5, 7]);
    expect((await array('words.data')).slice(5)).toEqual([2, 1]);
  });

  it('writeDataFeatures replaces what an earlier call wrote', async () => {
    const out = join(folder, 'features');
    await mkdir(out);
    await writeFile(join(out, 'old.npy'), '');
    await writeDataFeatures({ dataset: await dataset('set'), profile: 'bag-of-words', out });
    await expect(readFile(join(out, 'old.npy'))).rejects.toThrow('ENOENT');
  });
});

describe('countData', () => {
  it('countData counts spam and ham of files and of the tables of a database', async () => {
    const file = join(folder, 'messages.csv');
    await writeFile(file, 'label,text\nspam,win\nham,hello\nham,good night\n');
    const { settings } = await loadSettings({
      file: undefined,
      environment: {},
      assignments: [`store.libsql.path=${join(folder, 'sluice.db')}`],
      baseFolders: { workingDirectory: folder, packageRoot: folder },
    });
    expect(await countData(settings, { data: [file], tables: true })).toEqual({
      sets: [{ name: 'messages.csv', spam: 1, ham: 2 }],
      tables: [
        { name: 'training', spam: 0, ham: 0 },
        { name: 'messages', spam: 0, ham: 0 },
      ],
      reported: 0,
    });
  });
});

describe('givenParts', () => {
  it('givenParts refuses a model that was trained on another data set', async () => {
    const [own, other] = [await dataset('own'), await dataset('other', 1)];
    const model = join(folder, '20261201T000000Z-0000beef');
    await mkdir(model);
    await writeFile(join(model, 'data.json'), await readFile(join(own, 'data.json')));
    const train = (from: string) => {
      const parts = givenParts({ dataset: from, model });
      const unused = undefined as never;
      return parts.train(unused, unused, unused);
    };
    await expect(train(other)).rejects.toThrow(/was not trained on the data set/);
    // The same data: what is wrong with it then is that it has no manifest.
    await expect(train(own)).rejects.toMatchObject({ code: 'MODEL_MISSING' });
    rmSync(join(model, 'data.json'));
    await expect(train(own)).rejects.toThrow(/was not trained on the data set/);
  });
});
