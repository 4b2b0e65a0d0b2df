import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasonsOf } from '../../../../src/app/report/error-reasons.ts';
import { trainingFacts } from '../../../../src/app/report/training-facts.ts';
import type { Explanation } from '../../../../src/core/explanation.ts';
import { isMissing } from '../../../../src/core/report-facts.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-facts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const manifest = {
  ...{ languages: ['en', 'de'], feature_set: 'sluice-2' as const },
  vocabulary: { file: 'vocabulary.tsv', sizes: { words: 10, grams: 2 } },
  data: { profile: 'quick', seed: 3, spam: 1200, ham: 3, sha256: 'f'.repeat(64) },
};
const factsOf = async () =>
  Object.fromEntries((await trainingFacts(folder, manifest)).map(({ name, value }) => [name, value]));

describe('the data behind a model', () => {
  it('is what the manifest says, and a statement of what is missing, if the model has no training facts', async () => {
    const facts = await factsOf();
    expect(facts).toMatchObject({ Messages: '1,200 spam, 3 ham', Languages: 'en, de' });
    expect(facts['Date, data sets, time']).toContain('no readable training.json');
    expect(facts['Rows behind it']).toContain('no readable data.json');
  });

  it('has what training.json has, and states what it lacks or has in another form', async () => {
    const sets = [{ name: 'own', training: { spam: 5, ham: 6 }, testing: { spam: 1, ham: 2 } }];
    const training = { trained_at: '2026-11-01T00:00:00Z', data: { sets }, steps: 'none', environment: null };
    await writeFile(join(folder, 'training.json'), JSON.stringify(training));
    const facts = await factsOf();
    expect(facts.Trained).toBe('2026-11-01T00:00:00Z');
    expect(facts['Data set own']).toBe('training 5 spam, 6 ham; testing 1 spam, 2 ham');
    for (const name of ['Duplicates left out', 'Training time', 'Highest memory', 'Libraries'])
      expect(facts[name], name).toContain('not known');
  });

  it('states that a file is not readable, and invents nothing', async () => {
    await writeFile(join(folder, 'training.json'), '{');
    await writeFile(join(folder, 'data.json'), '{}');
    const facts = await factsOf();
    expect(facts['Date, data sets, time']).toContain('not known');
    expect(facts['Rows behind it']).toContain('not known');
  });
});

describe('reasons of an error', () => {
  const term = (feature: string, contribution: number) => ({
    ...{ feature, contribution, kind: feature.startsWith('adjust:') ? 'adjustment' : 'feature', spans: [] },
  });

  it('add up to the log-odds, the largest first, in words', () => {
    const many = Array.from({ length: 12 }, (_, at) => term(`w:word${at}`, 0.01));
    const explanation = {
      ...{ logOdds: 1.02, prior: -3 },
      terms: [term('w:prize', 4), term('s:length:30-44', -0.5), term('adjust:trust', 0.4), ...many],
    } as unknown as Explanation;
    const reasons = reasonsOf(explanation);
    if (isMissing(reasons)) throw new Error(reasons.missing);
    expect(reasons.slice(0, 4).map(({ name }) => name)).toEqual([
      '“prize”',
      'before reading anything',
      'shape: length 30–44',
      'few known words',
    ]);
    expect(reasons.map(({ name }) => name)).toContain('everything else');
    expect(reasons.length).toBeLessThanOrEqual(10);
    expect(reasons.reduce((sum, { logOdds }) => sum + logOdds, 0)).toBeCloseTo(1.02, 9);
  });

  it('are missing for a message without a score', () => {
    expect(reasonsOf(null)).toEqual({ missing: expect.any(String) });
  });
});
