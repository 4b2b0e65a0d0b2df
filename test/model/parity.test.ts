import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Thresholds } from '../../src/core/decision-policy.ts';
import type { LabelledMessage, LabelledMessages } from '../../src/ports/labelled-messages.ts';
import { FeatureCounts } from '../../src/text/feature-counts.ts';
import { isPairName } from '../../src/text/feature-names.ts';
import { Featurizer } from '../../src/text/featurizer.ts';
import { Vocabulary } from '../../src/text/vocabulary.ts';
import { parseVocabulary } from '../../src/text/vocabulary-file.ts';
import { collectMessages } from '../../src/training/collect-messages.ts';
import { writeFeatureMatrix } from '../../src/training/feature-matrix.ts';
import { featuresOf, type Profile } from '../../src/training/profiles.ts';
import { preparePython } from '../../src/training/python-environment.ts';
import { runTrainer } from '../../src/training/run-trainer.ts';
import { sampleMessages } from '../../src/training/sample-messages.ts';
import { type TrainedModel, type TrainOptions, trainModel } from '../../src/training/train.ts';
import { loadModel } from '../../workers/loaded-model.ts';
import { BLANK } from '../../workers/onnx-session.ts';
import { fuzzedMessages } from './fuzzed-messages.ts';

const TOLERANCE = 1e-5;
const trainerHome = fileURLToPath(new URL('../../native-models', import.meta.url));
// Of random Unicode the smaller feature sets know nothing: enough that 10,000 are compared in each profile.
const probes = fuzzedMessages(14_000, 42);

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
  jobs: 2,
  now: () => new Date('2026-01-02T03:04:05Z'),
});

/** Whether the two lie in different bands although the first is not within the tolerance of a threshold. */
function movedBand(before: number, after: number, { rejectMin, rejectMax }: Thresholds): boolean {
  return [rejectMin, rejectMax].some(
    (threshold) => before > threshold !== after > threshold && Math.abs(before - threshold) > TOLERANCE,
  );
}

let folder: string;
const trained = new Map<Profile, TrainedModel>();
const workOf = (profile: Profile) => join(folder, `work-${profile}`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-parity-'));
  for (const profile of ['quick', 'reference', 'bag-of-words'] as const) {
    await mkdir(workOf(profile));
    const out = join(folder, profile);
    trained.set(profile, await trainModel({ ...options(out), profile, workFolder: workOf(profile) }));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const eight = [
  'naive-bayes',
  'logistic-regression',
  'linear-svm',
  'perceptron',
  'passive-aggressive',
  'network',
  'boosted-trees',
  'random-forest',
];

test('a profile with a maximum number of pairs has the most frequent ones, and none that occurs in fewer than three messages', async () => {
  const { path } = trained.get('quick')!;
  const { words } = parseVocabulary(await readFile(join(path, 'vocabulary.tsv'), 'utf8'));
  const messagesWith = new Map<string, number>();
  const vocabulary = Vocabulary.fromNames(words.names);
  const featurizer = new Featurizer({ languages: ['en', 'de'], ownDomains: [] });
  const counts = new FeatureCounts();
  for await (const { text, language } of samples.read()) {
    featurizer.count(featurizer.prepare(text, language), 'words', vocabulary, counts);
    for (const id of counts.ids.subarray(0, counts.size)) {
      const name = vocabulary.name(id);
      messagesWith.set(name, (messagesWith.get(name) ?? 0) + 1);
    }
  }
  const pairs = words.names.filter(isPairName);
  expect(pairs.length).toBeGreaterThan(100);
  expect(pairs.length).toBeLessThanOrEqual(2_000);
  expect(pairs.filter((name) => messagesWith.get(name)! < 3)).toEqual([]);
  // Single words may be rarer.
  expect(Math.min(...messagesWith.values())).toBeLessThan(3);
});

describe.each([
  ['quick', eight, 0.8],
  ['reference', eight, 0.8],
  ['bag-of-words', ['bag-of-words'], 0.5],
] as const)('a model of the profile %s', (profile, names, leastMcc) => {
  test('a model of each profile gives the same scores in the pipeline as its libraries in training, for each base model and the blend', async () => {
    const { probeAnswers, ...local } = trained.get(profile)!;
    const model = await loadModel(local);
    const { members, thresholds, prior } = model.manifest;
    expect(members.map(({ name }) => name).sort()).toEqual([...names].sort());
    const rows = probes.map(({ message, language }) => ({ text: message, language, thresholds }));
    const worst = new Array<number>(members.length + 1).fill(0);
    let compared = 0;
    let inAnotherBand = 0;
    // Batches of the size that the line uses, so that rows of like length are run together.
    for (let from = 0; from < rows.length; from += 500) {
      const result = await model.session.evaluate(rows.slice(from, from + 500), {
        exactScores: 'all',
        keepBaseModels: true,
        wholeOnly: true,
      });
      for (let row = 0; row < result.size; row++) {
        if (result.endedAt[row] === BLANK) {
          expect(result.probability[row]).toBe(prior);
          continue;
        }
        compared++;
        const expected = probeAnswers[from + row]!;
        const told = [
          ...result.members.subarray(row * members.length, (row + 1) * members.length),
          result.probability[row]!,
        ];
        for (const [m, value] of told.entries())
          worst[m] = Math.max(worst[m]!, Math.abs(value - expected[m]!));
        if (movedBand(expected.at(-1)!, told.at(-1)!, thresholds)) inAnotherBand++;
      }
    }
    await model.session.release();
    expect(compared).toBeGreaterThanOrEqual(10_000);
    for (const difference of worst) expect(difference).toBeLessThanOrEqual(TOLERANCE);
    expect(inAnotherBand).toBe(0);
    // Were they all zero, nothing would have been compared.
    expect(Math.max(...worst)).toBeGreaterThan(0);
  });

  test('a model of each profile gives the same scores in ONNX Runtime under Python', async () => {
    const script = fileURLToPath(new URL('compare_graphs.py', import.meta.url));
    const { python } = await preparePython({ trainerHome });
    const work = workOf(profile);
    const { stdout } = await promisify(execFile)(python, [
      script,
      join(work, 'matrix'),
      join(work, 'trained'),
    ]);
    const { probes: count, worst, in_another_band } = JSON.parse(stdout);
    expect(count).toBeGreaterThanOrEqual(10_000);
    expect(Object.keys(worst).sort()).toEqual([...names, 'blend'].sort());
    for (const difference of Object.values(worst)) expect(difference).toBeLessThanOrEqual(TOLERANCE);
    expect(in_another_band).toBe(0);
  });

  test('a model of each profile separates spam from ham of its training kind, so that comparing its scores means something', async () => {
    const { figures } = trained.get(profile)!;
    expect(figures.testing_part.all!.mcc_at_half).toBeGreaterThan(leastMcc);
  });
});

describe('a training', () => {
  test('a training run records the time and memory of each base model', async () => {
    const facts = JSON.parse(await readFile(join(trained.get('quick')!.path, 'training.json'), 'utf8'));
    for (const name of eight) {
      const step = facts.steps.find((one: { step: string }) => one.step === name);
      expect(step, name).toMatchObject({ seconds: expect.any(Number), peak_bytes: expect.any(Number) });
      expect(step.peak_bytes).toBeGreaterThan(1e7);
    }
  });

  test('a training run gives the same bytes for the same data and seed, however many base models are trained at once', async () => {
    const one = trained.get('quick')!;
    const again = await trainModel({ ...options(join(folder, 'two')), jobs: 1 });
    expect(again.version).toBe(one.version);
    for (const file of [...Object.keys(one.manifest.files), 'manifest.json'])
      expect(await readFile(join(again.path, file))).toEqual(await readFile(join(one.path, file)));
  });

  test('a training run blends three ways, fits again on all rows, and searches settings when configured to', async () => {
    const told: string[] = [];
    const model = await trainModel({
      ...options(join(folder, 'three')),
      probes: [],
      seed: 4,
      blending: 'three-way',
      final: true,
      search: true,
      progress: ({ step, state }) => told.push(`${step} ${state}`),
    });
    expect(model.version).not.toBe(trained.get('quick')!.version);
    expect(told).toContain('search: linear-svm advanced');
    const facts = JSON.parse(await readFile(join(model.path, 'training.json'), 'utf8'));
    expect(facts).toMatchObject({ blending: 'three-way', final: true });
    expect(facts.member_search['linear-svm']).toHaveLength(4);
    const losses = facts.member_search['linear-svm'].map((one: { log_loss: number }) => one.log_loss);
    const best = facts.member_search['linear-svm'][losses.indexOf(Math.min(...losses))];
    expect(facts.settings['linear-svm'].C).toBe(best.C);
    expect(facts.figures.validation_part.all.mcc_at_half).toBeGreaterThan(0.7);
    expect(facts.figures.out_of_fold).toBeUndefined();
  });

  test('a training run that is interrupted leaves no model, no file and no process', async () => {
    const out = join(folder, 'interrupted');
    const temporary = join(folder, 'temporary');
    await mkdir(temporary);
    vi.stubEnv('TMPDIR', temporary);
    try {
      for (const [step, state] of [
        ['features', 'started'],
        ['network', 'started'],
        ['linear-svm', 'advanced'],
        ['export', 'started'],
      ]) {
        const stop = new AbortController();
        const training = trainModel({
          ...options(out),
          signal: stop.signal,
          progress: (told) => {
            if (told.step === step && told.state === state) stop.abort(new Error('stopped'));
          },
        });
        await expect(training).rejects.toThrow('stopped');
        expect(await readdir(out).catch(() => [])).toEqual([]);
        expect(await readdir(temporary)).toEqual([]);
        await vi.waitFor(async () => {
          const { stdout } = await promisify(execFile)('ps', ['-eo', 'args']);
          expect(stdout.split('\n').filter((line) => line.includes(temporary))).toEqual([]);
        });
      }
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('the trainer', () => {
  test('the trainer refuses a matrix of another feature set', async () => {
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
      message: expect.stringMatching(/'sluice-0'.*'sluice-2'/),
    });
  });

  test('the trainer ends when its parent process is gone', async () => {
    const { python } = await preparePython({ trainerHome });
    const args = ['-m', 'sluice_trainer', '--matrix', join(workOf('quick'), 'matrix'), '--out', folder];
    const child = spawn(python, [...args, '--end-with-stdin'], {
      env: { ...process.env, PYTHONPATH: trainerHome, PYTHONDONTWRITEBYTECODE: '1' },
      // The end of standard input is what is left of a killed parent.
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    child.stdin.end();
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
  });

  test('the trainer refuses data with too few messages of a class', async () => {
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
