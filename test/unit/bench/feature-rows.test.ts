import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FeatureRows } from '../../../bench/peers/feature-rows.ts';
import { FeatureCounts } from '../../../src/text/feature-counts.ts';
import { Featurizer } from '../../../src/text/featurizer.ts';
import { Vocabulary } from '../../../src/text/vocabulary.ts';

it('FeatureRows writes a row for each text once, with the features that the featurizer counts', async () => {
  const featurizer = new Featurizer({ languages: ['en'], ownDomains: [] });
  const vocabularies = {
    words: Vocabulary.fromNames(['w:prize', 'w:free', 'f:the']),
    grams: Vocabulary.fromNames(['g:pri', 'g:ree']),
  };
  const texts = ['free free prize', '???', 'free free prize', 'the prize'];
  const rows = new FeatureRows({ featurizer, vocabularies });
  for (const text of texts) rows.add(text);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-rows-'));
  try {
    await rows.write(join(folder, 'rows'));
    const bytes = await readFile(join(folder, 'rows'));
    let at = 0;
    const numbers = (length: number, float = false) =>
      Array.from({ length }, () => {
        const value = float ? bytes.readFloatLE(at) : bytes.readInt32LE(at);
        at += 4;
        return value;
      });
    expect(numbers(2)).toEqual([4, 3]);
    expect(numbers(4)).toEqual([0, 1, 0, 2]);
    const counted = new FeatureCounts();
    for (const family of ['words', 'grams'] as const) {
      const wanted = ['free free prize', '???', 'the prize'].map((text) => {
        featurizer.count(featurizer.prepare(text), family, vocabularies[family], counted);
        const { ids, counts, size } = counted;
        return { ids: [...ids.subarray(0, size)], counts: [...counts.subarray(0, size)] };
      });
      const starts = numbers(4);
      expect(starts.slice(1).map((end, i) => end - starts[i]!)).toEqual(wanted.map(({ ids }) => ids.length));
      expect(numbers(starts[3]!)).toEqual(wanted.flatMap(({ ids }) => ids));
      expect(numbers(starts[3]!, true)).toEqual(wanted.flatMap(({ counts }) => counts));
      if (family === 'words') expect(wanted[0]?.counts).toContain(2);
    }
    expect([...bytes.subarray(at)]).toEqual([0, 1, 0]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
