import * as z from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Names of a model's files, which are safe in every store. */
export const modelFilePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const fileName = z.string().regex(modelFilePattern);

/** The sets of features that a model can be trained on. One of another set is refused. */
export const featureSets = ['sluice-2', 'reference-1', 'bag-of-words-1'] as const;

/** Families of features; a later family is computed only for messages that the earlier ones leave open. */
export const featureFamilies = ['words', 'grams'] as const;
export type FeatureFamily = (typeof featureFamilies)[number];

const families = z.array(z.enum(featureFamilies)).min(1).max(featureFamilies.length);
const baseModelIndex = z.number().int().nonnegative();

/**
 * Per family of the stage, feature ids, ascending: the dense input has a column for each feature of the stage's first family,
 * then for each of its second, holding the feature's count.
 */
const denseColumns = z.partialRecord(z.enum(featureFamilies), z.array(z.number().int().nonnegative()));

export const baseModelSchema = z.object({
  name: z.string().describe('For people and metrics, e.g. "logistic-regression".'),
  families: families.describe('Of the features that it looks at.'),
  /** Each base model answers with a probability, so its interval is [0, 1] unless training proved it narrower. */
  min: z.number(),
  max: z.number(),
  weight: z.number().describe('Its weight in the blender’s log-odds.'),
});

/**
 * One step of scoring: a graph and what it computes. A `linear` stage answers K base models at once from padded ids and counts (a
 * network is such a base model, its layers in the same graph); a `trees` stage answers the probability of one base model from dense
 * columns; a `forest` stage answers the sum over its own trees of one base model, the mean over all trees being that base model's value.
 */
export const stageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('linear'),
    name: z.string(),
    file: fileName,
    families,
    /** Indices into `members`, in the order of the graph's output columns. */
    members: z.array(baseModelIndex).min(1),
  }),
  z.object({
    kind: z.literal('trees'),
    name: z.string(),
    file: fileName,
    families,
    member: baseModelIndex,
    columns: denseColumns,
  }),
  z.object({
    kind: z.literal('forest'),
    name: z.string(),
    file: fileName,
    families,
    member: baseModelIndex,
    trees: z.number().int().positive(),
    columns: denseColumns,
  }),
]);

/**
 * How the base models' values become a probability. `logistic`: sigmoid(scale · (bias + Σ weight · member) + shift). `identity`: the
 * one base model's value passes through as it is; its weight is 1.
 */
export const blenderSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('logistic'),
    bias: z.number(),
    /** probability = sigmoid(scale · log-odds + shift), scale > 0. */
    calibration: z.object({ scale: z.number().positive(), shift: z.number() }),
  }),
  z.object({ kind: z.literal('identity') }),
]);

/**
 * Parts of a message are scored beside the whole, so that harmless text around spam does not hide it. A message of at least `from`
 * words is searched for the part of each length that its features' strengths rate highest. A part whose rate is above `least` is scored
 * as a message of its own, by the first stage alone. Of its log-odds z count slope · z − shift − perDoubling · log2(words of the message / words of the part): the
 * more parts a message has, the higher is the highest of them by chance. The probability is at most `most`: a part is a weaker sign than
 * the whole, and a message whose whole is above needs no look at its parts.
 */
export const windowsSchema = z.object({
  /** Words of a part, ascending. */
  words: z.array(z.number().int().min(2)).min(1).max(8),
  from: z.number().int().min(2),
  least: z.number(),
  /** At most so many parts of a message are scored, those of the highest rates. */
  parts: z.number().int().positive(),
  slope: z.number().positive().max(1),
  shift: z.number(),
  perDoubling: z.number().nonnegative(),
  most: z.number().min(0).max(1),
});
export type WindowsBlock = z.infer<typeof windowsSchema>;

const trustSteps = z
  .array(z.object({ from: z.number().nonnegative(), trust: z.number().positive().max(1) }))
  .min(1)
  .refine(
    (steps) => steps[0]!.from === 0 && steps.every((step, i) => i === 0 || steps[i - 1]!.from < step.from),
    {
      error: 'must begin at 0 and ascend',
    },
  )
  .refine((steps) => steps.every((step, i) => i === 0 || steps[i - 1]!.trust <= step.trust), {
    error: 'must not trust less where more is known',
  });

/**
 * How far the log-odds z of a message are trusted: prior + t · (z − prior), with t the product of two factors. `words`: by the number of
 * known words with a letter; `share`: by their share of all such words. The factor is that of the last step whose `from` is reached.
 */
export const trustSchema = z.object({ words: trustSteps, share: trustSteps });
export type TrustBlock = z.infer<typeof trustSchema>;

/** A model's file of facts. No times and no memory: the same data and seed give the same bytes. */
export const modelManifestSchema = z
  .object({
    schema: z.literal(1),
    feature_set: z.enum(featureSets, {
      error: ({ input }) =>
        `it was trained on the features ${JSON.stringify(input)}, and this version has ${featureSets.join(', ')}: train it again, or activate the default model`,
    }),
    languages: z.array(z.string()).min(1).describe('The first is the default.'),
    own_domains: z.array(z.string()),
    /** Terms per family; the padding id of a family is its size. */
    vocabulary: z.object({
      file: fileName,
      sizes: z.object({ words: z.number().int().nonnegative(), grams: z.number().int().nonnegative() }),
    }),
    members: z.array(baseModelSchema).min(1),
    /** In order of evaluation. */
    stages: z.array(stageSchema).min(1),
    blender: blenderSchema,
    /** Probability for a message without one known feature. */
    prior: z.number().min(0).max(1),
    /** Without it, only whole messages are scored. */
    windows: windowsSchema.optional(),
    /** Without it, all messages are trusted alike, and their shape alone can make them spam. */
    trust: trustSchema.optional(),
    thresholds: z.object({ rejectMin: z.number(), rejectMax: z.number() }),
    data: z.object({
      profile: z.string(),
      seed: z.number().int(),
      spam: z.number().int(),
      ham: z.number().int(),
      sha256: sha256.describe('Of the feature matrix that it was trained on.'),
    }),
    files: z.record(fileName, z.object({ bytes: z.number().int().nonnegative(), sha256 })),
  })
  .refine(
    ({ blender, members }) =>
      blender.kind !== 'identity' || (members.length === 1 && members[0]!.weight === 1),
    { error: 'the blender "identity" takes exactly one base model, of weight 1', path: ['blender'] },
  )
  .refine(
    ({ feature_set, windows, trust }) =>
      feature_set === 'sluice-2' || (windows === undefined && trust === undefined),
    { error: 'only models of the feature set sluice-2 have windows and trust', path: ['feature_set'] },
  )
  .refine(({ stages, windows }) => windows === undefined || stages[0]!.kind !== 'forest', {
    error: 'parts of messages are scored by the first stage alone, which cannot be a forest',
    path: ['windows'],
  })
  .refine(({ prior, trust }) => trust === undefined || (prior > 0 && prior < 1), {
    error: 'nothing can be drawn to a prior of 0 or 1',
    path: ['prior'],
  });

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type ModelStage = z.infer<typeof stageSchema>;

/** Indices into `members` that the stage scores, the blocks of a forest each the same one. */
export function baseModelsOfStage(stage: ModelStage): readonly number[] {
  return stage.kind === 'linear' ? stage.members : [stage.member];
}

/** Tensor names of every graph, shared by the exporter and by the thread that runs it. */
export const tensorNames = {
  /** int32 [B, L], padded with the family's size. L may be another for each family. */
  ids: { words: 'ids_words', grams: 'ids_grams' },
  /** float32 [B, L], 0 where padded. */
  counts: { words: 'counts_words', grams: 'counts_grams' },
  /** float32 [B, K]: a probability for each base model. */
  scores: 'scores',
  /** float32 [B, C]: counts of the columns that the trees test. */
  columns: 'columns',
  /** float32 [B, 1]: of a `trees` stage, its base model's probability. */
  probability: 'probability',
  /** float32 [B, 1]: sum over the block's trees. */
  treeSum: 'tree_sum',
} as const;

/** The file of messages whose answers the trainer computed, in every model's folder. */
export const goldenFile = 'golden.jsonl';

/** One line of it: text written for the purpose, and what training computed for it. */
export const goldenSchema = z.object({
  message: z.string(),
  language: z.string().optional(),
  probability: z.number(),
  members: z.array(z.number()),
});
export type GoldenMessage = z.infer<typeof goldenSchema>;

/** `YYYYMMDDTHHMMSSZ-<8 hex of the manifest's SHA-256>` */
export const modelVersionPattern = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;
