import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Thresholds } from '../core/decision-policy.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import { modelDataFile } from '../core/model-data.ts';
import {
  baseModelSchema,
  blenderSchema,
  type FeatureFamily,
  featureFamilies,
  type GoldenMessage,
  goldenFile,
  type ModelManifest,
  modelManifestSchema,
  stageSchema,
  trustSchema,
  type WindowsBlock,
} from '../core/model-manifest.ts';
import { sha256Of } from '../core/sha256.ts';
import { FeatureCounts } from '../text/feature-counts.ts';
import type { Featurizer } from '../text/featurizer.ts';
import { Vocabulary } from '../text/vocabulary.ts';
import { formatVocabulary, type VocabularySection } from '../text/vocabulary-file.ts';
import type { FeatureMatrix, Probe } from './feature-matrix.ts';
import { decodeNpy } from './npy.ts';

const partFiguresSchema = z.looseObject({
  all: z
    .looseObject({
      spam: z.number(),
      ham: z.number(),
      mcc_at_half: z.number().nullable(),
      spam_above_half: z.number().nullable(),
      ham_above_half: z.number().nullable(),
    })
    .optional(),
});

/** Per part of the data, what it is called, and the figures of all its messages. */
const trainingFiguresSchema = z.looseObject({
  thresholds: z.unknown(),
  testing_part: partFiguresSchema,
  out_of_fold: partFiguresSchema.optional(),
  blending_part: partFiguresSchema.optional(),
  validation_part: partFiguresSchema.optional(),
  held_out: partFiguresSchema.optional(),
});
export type TrainingFigures = z.infer<typeof trainingFiguresSchema>;

/** By the names of base models that were fitted to a sample: the number of their rows, of those that there were. */
const samplesSchema = z.record(z.string(), z.strictObject({ rows: z.number().int(), of: z.number().int() }));
export type BaseModelSamples = z.infer<typeof samplesSchema>;

/** The trainer's file of facts. What it reports of times and figures goes into `training.json` as it is. */
const factsSchema = z.looseObject({
  members: z.array(baseModelSchema),
  stages: z.array(stageSchema),
  blender: blenderSchema,
  prior: z.number(),
  trust: trustSchema.optional(),
  spam: z.number().int(),
  ham: z.number().int(),
  figures: trainingFiguresSchema,
  base_model_samples: samplesSchema.optional(),
});

export interface ModelParts {
  /** Where the trainer wrote graphs and facts. */
  readonly trainedFolder: string;
  readonly matrix: FeatureMatrix;
  /** The first of the matrix's probes: those of `golden.jsonl`. */
  readonly golden: readonly Probe[];
  readonly featurizer: Featurizer;
  readonly languages: readonly string[];
  readonly ownDomains: readonly string[];
  readonly featureSet: ModelManifest['feature_set'];
  readonly thresholds: Thresholds;
  readonly profile: string;
  readonly seed: number;
  /** Part of the version's name. */
  readonly now: Date;
  /** How parts of a message are scored, once that is fitted. */
  readonly windows?: WindowsBlock;
  /** Further facts for `training.json`. */
  readonly training: Readonly<Record<string, unknown>>;
  /**
   * For `data.json`. Like `training.json`, which has times, too, it is no part of the manifest: the same data gives the same manifest.
   */
  readonly data?: Uint8Array;
}

export interface WrittenModel {
  readonly version: string;
  readonly path: string;
  /** Of the manifest's bytes. */
  readonly sha256: string;
  readonly manifest: ModelManifest;
  readonly figures: TrainingFigures;
  /** Undefined where all base models were fitted to all rows. */
  readonly samples?: BaseModelSamples;
}

/**
 * Makes a model folder of what the trainer wrote, below `out` (created). It is written beside and renamed at the end, so that a
 * folder with a version's name is always whole. Throws `DATA_UNREADABLE` where `out` cannot be written to.
 */
export async function writeModel(parts: ModelParts, out: string): Promise<WrittenModel> {
  const beside = await makeBeside(out);
  try {
    const facts = factsSchema.parse(
      JSON.parse(await readFile(join(parts.trainedFolder, 'facts.json'), 'utf8')),
    );
    const sections = {
      words: await readSection(parts, 'words'),
      grams: await readSection(parts, 'grams'),
    };
    for (const { file } of facts.stages) await copyFile(join(parts.trainedFolder, file), join(beside, file));
    await writeFile(join(beside, 'vocabulary.tsv'), formatVocabulary(sections));
    const golden = await answerGolden(parts, sections, facts.prior);
    await writeFile(join(beside, goldenFile), golden.map((line) => `${JSON.stringify(line)}\n`).join(''));

    const { members, stages, blender, prior, trust, spam, ham, ...reported } = facts;
    const files = [...stages.map((stage) => stage.file), 'vocabulary.tsv', goldenFile];
    const manifest: ModelManifest = modelManifestSchema.parse({
      schema: 1,
      feature_set: parts.featureSet,
      languages: [...parts.languages],
      own_domains: [...parts.ownDomains],
      vocabulary: {
        file: 'vocabulary.tsv',
        sizes: { words: sections.words.names.length, grams: sections.grams.names.length },
      },
      members,
      stages,
      blender,
      prior,
      ...(parts.windows === undefined ? {} : { windows: parts.windows }),
      ...(trust === undefined ? {} : { trust }),
      thresholds: { rejectMin: parts.thresholds.rejectMin, rejectMax: parts.thresholds.rejectMax },
      data: { profile: parts.profile, seed: parts.seed, spam, ham, sha256: parts.matrix.sha256 },
      files: Object.fromEntries(
        await Promise.all(files.map(async (name) => [name, await measure(beside, name)])),
      ),
    } satisfies ModelManifest);
    const bytes = formatManifest(manifest);
    await writeFile(join(beside, 'manifest.json'), bytes);
    await writeFile(
      join(beside, 'training.json'),
      `${JSON.stringify({ ...parts.training, ...reported }, null, 1)}\n`,
    );
    if (parts.data !== undefined) await writeFile(join(beside, modelDataFile), parts.data);

    const sha256 = sha256Of(bytes);
    const version = `${stamp(parts.now)}-${sha256.slice(0, 8)}`;
    const path = join(out, version);
    await rename(beside, path);
    const { base_model_samples: samples } = facts;
    return { version, path, sha256, manifest, figures: facts.figures, ...(samples && { samples }) };
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function makeBeside(out: string): Promise<string> {
  try {
    await mkdir(out, { recursive: true });
    const beside = join(out, `.writing-${randomUUID()}`);
    await mkdir(beside);
    return beside;
  } catch (error) {
    throw new SluiceError(
      'DATA_UNREADABLE',
      `No model can be written below ${out} (${describeError(error)}).`,
      {
        cause: error,
      },
    );
  }
}

async function readSection(parts: ModelParts, family: FeatureFamily): Promise<VocabularySection> {
  const read = async (what: string) =>
    decodeNpy(await readFile(join(parts.trainedFolder, `${family}.${what}.npy`)));
  const columns = (await read('columns')).values;
  const names = Array.from(columns, (id) => parts.matrix.names[family][id]!);
  return { names, strengths: Float32Array.from((await read('strengths')).values) };
}

async function answerGolden(
  parts: ModelParts,
  sections: Readonly<Record<FeatureFamily, VocabularySection>>,
  prior: number,
): Promise<GoldenMessage[]> {
  const { shape, values } = decodeNpy(await readFile(join(parts.trainedFolder, 'probes.npy')));
  const width = shape[1]!;
  const vocabularies = {
    words: Vocabulary.fromNames(sections.words.names),
    grams: Vocabulary.fromNames(sections.grams.names),
  };
  return parts.golden.map(({ message, language }, row) => {
    const answers = Array.from(values.subarray(row * width, (row + 1) * width));
    const blank = isBlank(parts.featurizer, vocabularies, message, language);
    return {
      message,
      ...(language === undefined ? {} : { language }),
      // Without one known feature nothing is evaluated, and the probability is the prior.
      probability: blank ? prior : answers[width - 1]!,
      members: answers.slice(0, -1),
    };
  });
}

function isBlank(
  featurizer: Featurizer,
  vocabularies: Readonly<Record<FeatureFamily, Vocabulary>>,
  message: string,
  language: string | undefined,
): boolean {
  const prepared = featurizer.prepare(message, language);
  const features = new FeatureCounts();
  return featureFamilies.every((family) => {
    featurizer.count(prepared, family, vocabularies[family], features);
    return features.ids.subarray(0, features.size).every((id) => !vocabularies[family].isContent(id));
  });
}

/** Indented, but for lists of numbers. */
function formatManifest(manifest: ModelManifest): Buffer {
  const json = JSON.stringify(manifest, null, 1).replace(/\[\s+([-\d.,\s]+?)\s+\]/g, (_, list: string) => {
    return `[${list.replace(/\s+/g, '')}]`;
  });
  return Buffer.from(`${json}\n`);
}

async function measure(folder: string, name: string): Promise<{ bytes: number; sha256: string }> {
  const bytes = await readFile(join(folder, name));
  return { bytes: bytes.length, sha256: sha256Of(bytes) };
}

/** `YYYYMMDDTHHMMSSZ` */
function stamp(now: Date): string {
  return now.toISOString().replace(/[-:]|\.\d{3}/g, '');
}
