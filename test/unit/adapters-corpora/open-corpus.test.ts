import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCorpus } from '../../../src/adapters/corpora/open-corpus.ts';

const places = {
  npmRoot: '/nowhere',
  chitchatPath: () => Promise.reject(new Error('not asked for')),
  ownMessages: () => '/nowhere',
};

describe('opening what --data names', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-open-corpus-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('a number and * before a data file set its weight, and its messages are those of the file', async () => {
    const file = join(folder, 'tweets.csv');
    await writeFile(file, 'label,text\nham,hello\n');
    const set = await openCorpus(`0.05*${file}`, places);
    const texts: string[] = [];
    for await (const { text } of set.read()) texts.push(text);
    expect([set.name, set.weight, texts]).toEqual(['tweets.csv', 0.05, ['hello']]);
  });

  test('a data file without a number before it has no weight of its own', async () => {
    const set = await openCorpus(join(folder, '5 stars.csv'), places);
    expect(set.weight).toBeUndefined();
  });

  test.each(['0*a.csv', '0.0*a.csv', '2*corpus:nothing', 'corpus:nothing'])(
    'opening the data set refuses %s',
    async (spec) => {
      await expect(openCorpus(spec, places)).rejects.toMatchObject({ code: 'USAGE' });
    },
  );
});
