import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { modelDataFile, modelDataSchema } from '../../core/model-data.ts';
import type { ModelManifest } from '../../core/model-manifest.ts';

export interface TrainingFact {
  readonly name: string;
  readonly value: string;
}

const counts = z.object({ spam: z.number(), ham: z.number() });
/** As training writes it. Each part is optional: an older trainer may have written less. */
const trainingSchema = z.looseObject({
  trained_at: z.string().optional().catch(undefined),
  data: z
    .looseObject({
      duplicates_removed: z.number().optional(),
      sets: z.array(z.looseObject({ name: z.string(), training: counts, testing: counts })).optional(),
    })
    .optional()
    .catch(undefined),
  steps: z
    .array(z.looseObject({ seconds: z.number(), peak_bytes: z.number().optional() }))
    .optional()
    .catch(undefined),
  environment: z.record(z.string(), z.string()).optional().catch(undefined),
});
type Training = z.infer<typeof trainingSchema>;

const number = new Intl.NumberFormat('en');
const megabytes = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** What is known of a model's training, from its manifest, `training.json` and `data.json`. What a file lacks is stated. */
export async function trainingFacts(
  path: string,
  manifest: Pick<ModelManifest, 'data' | 'languages' | 'feature_set' | 'vocabulary'>,
): Promise<readonly TrainingFact[]> {
  const { data, languages, feature_set: features, vocabulary } = manifest;
  const training = await parsed(join(path, 'training.json'), trainingSchema);
  const sources = await parsed(join(path, modelDataFile), modelDataSchema);
  return [
    { name: 'Messages', value: classText(data) },
    { name: 'Languages', value: languages.join(', ') },
    { name: 'Profile and seed', value: `${data.profile}, ${data.seed}` },
    {
      name: 'Features',
      value: `${features}: ${number.format(vocabulary.sizes.words)} words, ${number.format(vocabulary.sizes.grams)} grams`,
    },
    { name: 'SHA-256 of the feature matrix', value: data.sha256 },
    ...(training === null
      ? [{ name: 'Date, data sets, time', value: 'not known: the model has no readable training.json' }]
      : factsOfTraining(training)),
    ...(sources === null
      ? [
          {
            name: 'Rows behind it',
            value: `not known: the model has no readable ${modelDataFile}, which "sluice train --dataset" writes`,
          },
        ]
      : factsOfSources(sources)),
  ];
}

function factsOfTraining({ trained_at: at, data, steps, environment }: Training): TrainingFact[] {
  const unknown = 'not known: training.json does not have it';
  const seconds = steps?.reduce((sum, step) => sum + step.seconds, 0);
  const peak = Math.max(0, ...(steps ?? []).map((step) => step.peak_bytes ?? 0));
  return [
    { name: 'Trained', value: at ?? unknown },
    ...(data?.sets === undefined
      ? [{ name: 'Data sets', value: unknown }]
      : data.sets.map(({ name, training, testing }) => ({
          name: `Data set ${name}`,
          value: `training ${classText(training)}; testing ${classText(testing)}`,
        }))),
    {
      name: 'Duplicates left out',
      value: data?.duplicates_removed === undefined ? unknown : number.format(data.duplicates_removed),
    },
    {
      name: 'Training time',
      value: seconds === undefined ? unknown : `${number.format(Math.round(seconds))} s`,
    },
    {
      name: 'Highest memory',
      value: peak === 0 ? unknown : `${megabytes.format(peak / 1024 ** 2)} MiB`,
    },
    {
      name: 'Libraries',
      value:
        environment === undefined
          ? unknown
          : Object.entries(environment)
              .map(([name, version]) => `${name} ${version}`)
              .join(', '),
    },
  ];
}

function factsOfSources({
  assembledAt,
  labelsUntil,
  sources,
  contradictions,
}: z.infer<typeof modelDataSchema>): TrainingFact[] {
  return [
    { name: 'Data assembled', value: dateText(assembledAt) },
    { name: 'Labels until', value: dateText(labelsUntil) },
    ...sources.map(({ name, kind, training, heldOut }) => ({
      name: `Source ${name}`,
      value: `${kind}; training ${classText(training)}; held out ${classText(heldOut)}`,
    })),
    { name: 'Messages with both labels, left out', value: number.format(contradictions.count) },
  ];
}

function dateText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? 'not a date' : date.toISOString();
}

function classText({ spam, ham }: { readonly spam: number; readonly ham: number }): string {
  return `${number.format(spam)} spam, ${number.format(ham)} ham`;
}

/** Null where the file is missing or not of this form: a model works without it. */
async function parsed<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}
