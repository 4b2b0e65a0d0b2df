import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Thresholds } from '../core/decision-policy.ts';
import { SluiceError } from '../core/errors.ts';
import type { DataSet } from '../ports/data-set.ts';
import type { LabelledMessages } from '../ports/labelled-messages.ts';
import { Featurizer } from '../text/featurizer.ts';
import { languageTags } from '../text/languages/languages.ts';
import { readVocabularyFile } from '../text/vocabulary-file.ts';
import { augmentMessages } from './augment-messages.ts';
import { collectDataSet } from './collect-data-set.ts';
import { type CollectedMessages, collectMessages } from './collect-messages.ts';
import { type FeatureMatrix, type Probe, writeFeatureMatrix } from './feature-matrix.ts';
import {
  fitWindows,
  type ScoreTexts,
  type WindowFit,
  type WindowMessages,
  windowMessages,
} from './fit-windows.ts';
import { goldenMessages } from './golden-messages.ts';
import { decodeNpy } from './npy.ts';
import { type Blending, featuresOf, type Profile, type ProfileFeatures } from './profiles.ts';
import { preparePython } from './python-environment.ts';
import { runTrainer } from './run-trainer.ts';
import type { TrainingProgress } from './training-progress.ts';
import { type ModelParts, type WrittenModel, writeModel } from './write-model.ts';

/** Opens what scores texts with a model. */
export type OpenTextScorer = (
  model: Pick<WrittenModel, 'version' | 'path' | 'sha256'>,
) => Promise<{ readonly score: ScoreTexts; readonly close: () => Promise<void> }>;

export interface TrainOptions {
  /** Data sets, of a text that two of them have, the first one's label counts; or one that was assembled, with its testing part. */
  readonly data: readonly LabelledMessages[] | DataSet;
  /** The folder below which the model's folder is written. */
  readonly out: string;
  readonly profile?: Profile;
  readonly seed?: number;
  /** The first is the model's default language. */
  readonly languages?: readonly string[];
  /** A site's own domains: links to them are not counted as links. */
  readonly ownDomains?: readonly string[];
  readonly thresholds?: Thresholds;
  /** The profile's own where left out. */
  readonly blending?: Blending;
  /** Refit the base models on all of the training part when the figures have been taken. */
  readonly final?: boolean;
  /** Search the grids of the base models' settings first. */
  readonly search?: boolean;
  /** Base models trained at once. */
  readonly jobs?: number;
  /** Folder with `requirements.lock` and the package `sluice_trainer`. */
  readonly trainerHome: string;
  readonly basePython?: string;
  readonly cacheFolder?: string;
  /** File for the fitted estimators (joblib), for comparisons. */
  readonly keepEstimators?: string;
  /** Existing folder for the matrix (`matrix/`) and what the trainer writes (`trained/`), kept for comparisons. */
  readonly workFolder?: string;
  /** Further texts that the model is to answer; see {@link TrainedModel.probeAnswers}. */
  readonly probes?: readonly Probe[];
  /** Scores texts with a model that was just written; without it no windows are fitted. */
  readonly openScorer?: OpenTextScorer;
  readonly now?: () => Date;
  readonly progress?: TrainingProgress;
  readonly signal?: AbortSignal;
}

export interface TrainedModel extends WrittenModel {
  /** Per probe each base model's probability and, last, the blend's, as the trainer computes them in float64. */
  readonly probeAnswers: readonly (readonly number[])[];
  readonly duplicates: number;
}

/**
 * Trains a model: reads the data, keeps the testing part back, writes the features, runs the Python trainer and writes the model's
 * folder. An interrupted or failed training leaves none. Throws `DATA_UNREADABLE`, `DATA_INVALID` or `TRAINER_FAILED`, or the
 * signal's reason.
 */
export async function trainModel(options: TrainOptions): Promise<TrainedModel> {
  const {
    signal,
    trainerHome,
    profile = 'default',
    seed = 0,
    languages = languageTags,
    ownDomains = [],
  } = options;
  if (options.blending !== undefined && profile === 'bag-of-words')
    throw new SluiceError(
      'USAGE',
      'The profile bag-of-words has one base model and nothing to blend. Leave --blending out.',
    );
  const thresholds = options.thresholds ?? { rejectMin: 0.5, rejectMax: 0.7 };
  const step = stepper(options.progress);
  const features = featuresOf(profile);
  const featurizer = new Featurizer({ languages, ownDomains, featureSet: features.featureSet });
  const work = options.workFolder ?? (await mkdtemp(join(tmpdir(), 'sluice-train-')));
  try {
    const { python, matrix, data, windowsOf } = await prepare(options, features, featurizer, work, step);
    const trainedFolder = join(work, 'trained');
    await mkdir(trainedFolder, { recursive: true });
    await runTrainer({
      python,
      trainerHome,
      matrixFolder: matrix.folder,
      outFolder: trainedFolder,
      profile,
      seed,
      final: options.final ?? false,
      search: options.search ?? false,
      jobs: options.jobs ?? 1,
      ...(options.blending === undefined ? {} : { blending: options.blending }),
      thresholds,
      ...(options.keepEstimators === undefined ? {} : { keepEstimators: options.keepEstimators }),
      ...(options.progress === undefined ? {} : { progress: options.progress }),
      ...(signal === undefined ? {} : { signal }),
    });
    const now = (options.now ?? (() => new Date()))();
    const parts: ModelParts = {
      trainedFolder,
      matrix,
      golden: goldenMessages,
      featurizer,
      languages,
      ownDomains,
      thresholds,
      featureSet: features.featureSet,
      profile,
      seed,
      now,
      training: { trained_at: now.toISOString(), data },
      ...('bytes' in options.data ? { data: options.data.bytes } : {}),
    };
    const { openScorer } = options;
    const fit =
      openScorer === undefined || !features.pieces
        ? undefined
        : await step('windows', () => fitWindowsOf(parts, windowsOf, join(work, 'whole'), openScorer));
    const model = await writeModel(
      {
        ...parts,
        ...(fit?.windows === undefined ? {} : { windows: fit.windows }),
        training: { ...parts.training, ...(fit === undefined ? {} : { windows: fit.facts }) },
      },
      options.out,
    );
    const answers = decodeNpy(await readFile(join(trainedFolder, 'probes.npy')));
    return {
      ...model,
      probeAnswers: rowsAfter(answers, goldenMessages.length),
      duplicates: data.duplicates_removed,
    };
  } finally {
    if (options.workFolder === undefined) await rm(work, { recursive: true, force: true });
  }
}

function collect({ data, signal }: TrainOptions, isWeighted: boolean): Promise<CollectedMessages> {
  return 'bytes' in data ? collectDataSet(data, { isWeighted, signal }) : collectMessages(data, signal);
}

/** What is left of the messages once their features are written: the rest of them, which may be a million, is freed. */
interface Prepared {
  readonly python: string;
  readonly matrix: FeatureMatrix;
  readonly data: ReturnType<typeof countData>;
  readonly windowsOf: WindowMessages;
}

async function prepare(
  options: TrainOptions,
  features: ProfileFeatures,
  featurizer: Featurizer,
  work: string,
  step: ReturnType<typeof stepper>,
): Promise<Prepared> {
  const { signal, seed = 0 } = options;
  // The data first: errors in it are reported before an environment is built.
  const read = await step('read data', () => collect(options, features.isWeighted));
  const { python } = await step('python environment', () => preparePython(options));
  const { collected, augmented } = features.isAugmented
    ? augmentMessages(read, seed)
    : { collected: read, augmented: [] };
  const probes = [...goldenMessages, ...(options.probes ?? [])];
  const matrix = await step('features', () =>
    writeFeatureMatrix(join(work, 'matrix'), collected, probes, featurizer, features, signal, augmented),
  );
  return { python, matrix, data: countData(collected), windowsOf: windowMessages(collected) };
}

/** The model is written without windows first, since it takes a whole model to score the texts that they are fitted to. */
async function fitWindowsOf(
  parts: ModelParts,
  windowsOf: WindowMessages,
  folder: string,
  openScorer: OpenTextScorer,
): Promise<WindowFit> {
  const whole = await writeModel(parts, folder);
  const file = await readFile(join(whole.path, whole.manifest.vocabulary.file), 'utf8');
  const { vocabularies, strengths } = readVocabularyFile(file);
  const { score, close } = await openScorer(whole);
  try {
    return await fitWindows({
      ...windowsOf,
      featurizer: parts.featurizer,
      vocabulary: vocabularies.words,
      strengths: strengths.words,
      thresholds: parts.thresholds,
      seed: parts.seed,
      manifest: whole.manifest,
      score,
    });
  } finally {
    await close();
  }
}

function stepper(progress: TrainingProgress | undefined) {
  return async <T>(step: string, run: () => Promise<T>): Promise<T> => {
    progress?.({ step, state: 'started' });
    const began = performance.now();
    const result = await run();
    progress?.({ step, state: 'finished', seconds: (performance.now() - began) / 1000 });
    return result;
  };
}

function countData({ sources, messages, duplicates }: CollectedMessages) {
  const sets = sources.map((name, source) => {
    const count = (label: string, forTesting: boolean) =>
      messages.filter((m) => m.source === source && m.label === label && m.forTesting === forTesting).length;
    return {
      name,
      training: { spam: count('spam', false), ham: count('ham', false) },
      testing: { spam: count('spam', true), ham: count('ham', true) },
    };
  });
  return { duplicates_removed: duplicates, sets };
}

function rowsAfter({ shape, values }: ReturnType<typeof decodeNpy>, first: number): number[][] {
  const width = shape[1]!;
  const rows: number[][] = [];
  for (let row = first; row < shape[0]!; row++)
    rows.push(Array.from(values.subarray(row * width, (row + 1) * width)));
  return rows;
}
