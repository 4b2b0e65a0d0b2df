import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../../src/core/model-data.ts';
import type { DataSet, DataSetLine } from '../../../src/ports/data-set.ts';
import { augmentMessages } from '../../../src/training/augment-messages.ts';
import { collectDataSet } from '../../../src/training/collect-data-set.ts';
import { isForTesting } from '../../../src/training/testing-part.ts';

const source = (name: string, kind: ModelData['sources'][number]['kind']) => ({
  ...{ name, kind, read: 0, training: { spam: 0, ham: 0 }, heldOut: { spam: 0, ham: 0 } },
  ...{ leftOut: {}, rows: [], heldOutRows: [] },
});

function dataSet(
  training: readonly Omit<DataSetLine, 'origin'>[],
  heldOut: readonly Omit<DataSetLine, 'origin'>[],
): DataSet {
  const lines = (list: readonly Omit<DataSetLine, 'origin'>[]) =>
    async function* () {
      for (const [at, line] of list.entries()) yield { origin: `line ${at + 1}`, ...line };
    };
  return {
    data: {
      ...{
        schema: 1,
        assembledAt: 1,
        labelsUntil: 1,
        seed: 1,
        hashes: { training: '', heldOut: '' },
        limits: {},
      },
      sources: [source('own', 'base'), source('training', 'training'), source('reports', 'reports')],
      contradictions: { count: 0, first: [] },
    },
    bytes: Buffer.from('{}'),
    training: lines(training),
    heldOut: lines(heldOut),
  };
}

const texts = Array.from(
  { length: 40 },
  (_, i) => `message ${'abcdefghijklmnopqrstuvwxyz'[i % 26]} ${'x'.repeat(i)}`,
);
const testing = texts.find((text) => isForTesting({ text }))!;
const set = dataSet(
  [
    { text: testing, label: 'spam', source: 'own' },
    { text: 'hello', label: 'ham', source: 'training', group: 'talk', weight: 0.5 },
    { text: 'hello', label: 'ham', source: 'training' },
    { text: 'reported', label: 'spam', source: 'reports', weight: 0.05 },
  ],
  [{ text: 'held out', label: 'ham', source: 'training' }],
);

describe('an assembled data set', () => {
  it('is trained on as it was assembled: the folder has decided what is held out', async () => {
    const { messages, sources, duplicates } = await collectDataSet(set, { isWeighted: true });
    expect(sources).toEqual(['own', 'training', 'reports']);
    expect(duplicates).toBe(0);
    expect(
      messages.map(({ text, source: of, forTesting, weight }) => [text, of, forTesting, weight]),
    ).toEqual([
      [testing, 0, false, 1],
      ['hello', 1, false, 0.5],
      ['hello', 1, false, 1],
      ['reported', 2, false, 0.05],
      ['held out', 1, true, 1],
    ]);
    expect(messages[1]).toMatchObject({ group: 'talk' });
    expect(messages.map(({ isWeak = false }) => isWeak)).toEqual([false, false, false, true, false]);
  });

  it('has no reports for a profile that would count them as labels', async () => {
    const { messages } = await collectDataSet(set, { isWeighted: false });
    expect(messages.map(({ text }) => text)).toEqual([testing, 'hello', 'hello', 'held out']);
  });

  it('has copies of labeled messages alone, the same ones whatever is reported', async () => {
    const labeled = texts.map((text) => ({ text, label: 'spam' as const, source: 'own' }));
    const ham = { text: 'see you at nine', label: 'ham' as const, source: 'own' };
    const reports = texts.map((text) => ({ text: `${text}!`, label: 'spam' as const, source: 'reports' }));
    const copies = async (lines: Parameters<typeof dataSet>[0]) =>
      augmentMessages(await collectDataSet(dataSet(lines, []), { isWeighted: true }), 3).augmented.map(
        ({ text }) => text,
      );
    const alone = await copies([...labeled, ham]);
    expect(alone.length).toBeGreaterThan(5);
    expect(await copies([...labeled, ham, ...reports])).toEqual(alone);
  });

  it('without a class to train on is refused, though the held-out part has it', async () => {
    const only = dataSet(
      [{ text: 'a', label: 'ham', source: 'own' }],
      [{ text: 'b', label: 'spam', source: 'own' }],
    );
    await expect(collectDataSet(only, { isWeighted: true })).rejects.toMatchObject({ code: 'DATA_INVALID' });
  });
});
