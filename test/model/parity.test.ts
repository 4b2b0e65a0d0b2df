import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LabelledMessage, LabelledMessages } from '../../src/ports/labelled-messages.ts';
import { Featurizer } from '../../src/text/featurizer.ts';
import { collectMessages } from '../../src/training/collect-messages.ts';
import { writeFeatureMatrix } from '../../src/training/feature-matrix.ts';
import { featuresOf } from '../../src/training/profiles.ts';
import { preparePython } from '../../src/training/python-environment.ts';
import { runTrainer } from '../../src/training/run-trainer.ts';
import { sampleMessages } from '../../src/training/sample-messages.ts';
import { type TrainedModel, type TrainOptions, trainModel } from '../../src/training/train.ts';
import { loadModel } from '../../workers/loaded-model.ts';
import { BLANK } from '../../workers/onnx-session.ts';
import { fuzzedMessages } from './fuzzed-messages.ts';

const TOLERANCE = 1e-5;
const trainerHome = fileURLToPath(new URL('../../native-models', import.meta.url));
const probes = fuzzedMessages(10_000, 42);

const samples: LabelledMessages = {
  name: 'samples',
  async *read(): AsyncIterable<LabelledMessage> {
    for (const { message, label, language, message_id } of sampleMessages({
      count: 2000,
      spam: 0.3,
      seed: 9,
    }))
      yield { origin: message_id, text: message, label, language };
  },
};

const options = (out: string): TrainOptions => ({
  data: [samples],
  out,
  profile: 'quick',
  seed: 3,
  trainerHome,
  probes,
  now: () => new Date('2026-01-02T03:04:05Z'),
});

let folder: string;
let trained: TrainedModel;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-parity-'));
  trained = await trainModel(options(join(folder, 'one')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a trained model', () => {
  test('gives the probabilities of scikit-learn in the graphs, each member and the blend', async () => {
    const model = await loadModel(trained.path, trained.version);
    const members = model.manifest.members.length;
    const rows = probes.map(({ message, language }) => ({
      text: message,
      language,
      thresholds: model.manifest.thresholds,
    }));
    const worst = new Array<number>(members + 1).fill(0);
    let compared = 0;
    // Batches of the size that the line uses, so that rows of like length are run together.
    for (let from = 0; from < rows.length; from += 500) {
      const result = await model.session.evaluate(rows.slice(from, from + 500), {
        exactScores: 'all',
        keepMembers: true,
      });
      for (let row = 0; row < result.size; row++) {
        if (result.endedAt[row] === BLANK) {
          expect(result.probability[row]).toBe(model.manifest.prior);
          continue;
        }
        compared++;
        const expected = trained.probeAnswers[from + row]!;
        for (let m = 0; m < members; m++)
          worst[m] = Math.max(worst[m]!, Math.abs(result.members[row * members + m]! - expected[m]!));
        worst[members] = Math.max(worst[members]!, Math.abs(result.probability[row]! - expected[members]!));
      }
    }
    await model.session.release();
    expect(compared).toBeGreaterThan(9000);
    for (const difference of worst) expect(difference).toBeLessThanOrEqual(TOLERANCE);
    // Were they all zero, nothing would have been compared.
    expect(Math.max(...worst)).toBeGreaterThan(0);
  });

  test('tells spam from ham of its own kind, so that the comparison is of a model that says something', async () => {
    const facts = JSON.parse(await readFile(join(trained.path, 'training.json'), 'utf8'));
    expect(facts.figures.testing_part.all.mcc_at_half).toBeGreaterThan(0.8);
  });

  test('is the same to the last byte for the same data and seed, and another for another seed', async () => {
    const again = await trainModel(options(join(folder, 'two')));
    expect(again.version).toBe(trained.version);
    for (const file of [...Object.keys(trained.manifest.files), 'manifest.json'])
      expect(await readFile(join(again.path, file))).toEqual(await readFile(join(trained.path, file)));
    const other = await trainModel({ ...options(join(folder, 'three')), seed: 4 });
    expect(other.version).not.toBe(trained.version);
  });

  test('does not come of an interrupted training, and nothing is left of it', async () => {
    const out = join(folder, 'interrupted');
    for (const step of ['features', 'forest', 'export']) {
      const stop = new AbortController();
      const training = trainModel({
        ...options(out),
        signal: stop.signal,
        progress: (told) => {
          if (told.step === step && told.state === 'started') stop.abort(new Error('stopped'));
        },
      });
      await expect(training).rejects.toThrow('stopped');
      expect(await readdir(out).catch(() => [])).toEqual([]);
    }
  });
});

describe('the trainer', () => {
  test('refuses a matrix of another feature set', async () => {
    const matrixFolder = join(folder, 'matrix');
    const collected = await collectMessages([samples]);
    await writeFeatureMatrix(
      matrixFolder,
      collected,
      [],
      new Featurizer({ languages: ['en'], ownDomains: [] }),
      featuresOf('quick'),
    );
    const path = join(matrixFolder, 'features.json');
    const facts = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...facts, feature_set: 'sluice-0' }));
    const { python } = await preparePython({ trainerHome });
    const run = runTrainer({
      python,
      trainerHome,
      matrixFolder,
      outFolder: folder,
      profile: 'quick',
      seed: 0,
      final: false,
      search: false,
      jobs: 1,
      thresholds: { rejectMin: 0.5, rejectMax: 0.7 },
    });
    await expect(run).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(/'sluice-0'.*'sluice-1'/),
    });
  });

  test('refuses data with hardly any message of a class', async () => {
    const data: LabelledMessages = {
      name: 'few',
      async *read() {
        yield { origin: 'few', text: 'buy now', label: 'spam' };
        for (let i = 0; i < 50; i++) yield { origin: 'few', text: `hello ${'x'.repeat(i)}`, label: 'ham' };
      },
    };
    const out = join(folder, 'few');
    await expect(trainModel({ ...options(out), data: [data], probes: [] })).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining('spam messages: at least 10'),
    });
    expect(await readdir(out).catch(() => [])).toEqual([]);
  });
});
