import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenScorer } from '../../../../src/app/models/open-scorer.ts';
import { modelReports } from '../../../../src/app/report/model-reports.ts';
import { isMissing, type ModelReport } from '../../../../src/core/report-facts.ts';
import { FakeScorer } from '../../cli/fake-scorer.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-reports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const manifest = {
  ...{ languages: ['en'], feature_set: 'sluice-2', members: [], stages: [], files: {} },
  vocabulary: { file: 'vocabulary.tsv', sizes: { words: 10, grams: 2 } },
  data: { profile: 'quick', seed: 3, spam: 1, ham: 3, sha256: 'f'.repeat(64) },
} as unknown as OpenScorer['manifest'];

async function report(content: string, model: Partial<OpenScorer> = {}): Promise<ModelReport> {
  const file = join(folder, 'data.csv');
  await writeFile(file, content);
  const { models } = await modelReports({
    models: [{ ...new FakeScorer().opened, manifest, ...model }],
    ...{ data: [file], everything: true, thresholds: { rejectMin: 0.5, rejectMax: 0.7 }, now: new Date() },
  });
  return models[0]!;
}

describe('the report on a model', () => {
  it('states why there are no labels where each figure would be, and still has the training facts', async () => {
    const model = await report('text\nhello\n');
    const { roc, precisionRecall, calibration, riskCoverage, histogram, baseModels, obfuscations } = model;
    const figures = [roc, precisionRecall, calibration, riskCoverage, histogram, baseModels, obfuscations];
    for (const figure of [
      ...figures,
      model.falseAccusations,
      model.missedSpam,
      ...Object.values(model.slices),
    ])
      expect(figure).toEqual({ missing: expect.stringContaining('there is no label column') });
    expect(model.rates).toMatchObject({ spam: 0, ham: 0 });
    expect(isMissing(model.training)).toBe(false);
  });

  it('has no curves for one class, and all that one class can give', async () => {
    // The scorer gives an exact probability to what holds "spam", and to nothing else.
    const model = await report('label,text\nham,no spam here\nham,spam again\nham,hello\n');
    expect(model.roc).toEqual({ missing: expect.stringContaining('All labeled messages are ham') });
    expect(model.rates).toMatchObject({ spam: 0, ham: 2, truePositiveRate: null });
    expect(model.rates.falsePositiveRate?.estimate).toBe(1);
    expect(model.unscored).toBe(1);
    expect(model.missedSpam).toEqual([]);
    expect(model.falseAccusations).toHaveLength(2);
  });

  it('shows errors without reasons, and states why, for a model that cannot be explained', async () => {
    const openExplainer = async () => {
      throw new Error('the graph is of another form');
    };
    const model = await report(`label,text\nham,spam ${'🎁'.repeat(400)}\n`, { openExplainer });
    const [error] = model.falseAccusations as Exclude<ModelReport['falseAccusations'], { missing: string }>;
    expect(error!.reasons).toEqual({ missing: expect.stringContaining('the graph is of another form') });
    expect(error!.text.length).toBeLessThan(610);
    // A lone half of a pair cannot be encoded.
    expect(() => encodeURIComponent(error!.text)).not.toThrow();
  });
});
