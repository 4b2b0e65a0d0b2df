import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Names of a model's files, which are safe in every store. */
export const modelFilePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
const fileName = z.string().regex(modelFilePattern);

/** The sets of features that this code can make. A model trained on another set is refused. */
export const featureSets = ['sluice-1'] as const;

/** Families of features; a later family is computed only for messages that the earlier ones leave open. */
export const featureFamilies = ['words', 'grams'] as const;
export type FeatureFamily = (typeof featureFamilies)[number];

export const memberSchema = z.object({
  name: z.string().describe('For people and metrics, e.g. "logistic-regression".'),
  family: z.enum(featureFamilies),
  /** Each member answers with a probability, so its interval is [0, 1] unless training proved it narrower. */
  min: z.number(),
  max: z.number(),
  weight: z.number().describe('Its weight in the blender’s log-odds.'),
});

/**
 * One step of scoring: a graph and what it tells. A `linear` stage answers K members at once from padded ids and counts;
 * a `forest` stage answers the sum over its own trees of one member, the mean over all trees being that member's value.
 */
export const stageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('linear'),
    name: z.string(),
    file: fileName,
    family: z.enum(featureFamilies),
    /** Indices into `members`, in the order of the graph's output columns. */
    members: z.array(z.number().int().nonnegative()).min(1),
  }),
  z.object({
    kind: z.literal('forest'),
    name: z.string(),
    file: fileName,
    family: z.enum(featureFamilies),
    member: z.number().int().nonnegative(),
    trees: z.number().int().positive(),
    /** Feature ids of the family, ascending: column c of the graph's input holds the count of feature columns[c]. */
    columns: z.array(z.number().int().nonnegative()),
  }),
]);

/** A model's file of facts. No times and no memory: the same data and seed give the same bytes. */
export const modelManifestSchema = z.object({
  schema: z.literal(1),
  feature_set: z.enum(featureSets),
  languages: z.array(z.string()).min(1).describe('The first is the default.'),
  own_domains: z.array(z.string()),
  /** Terms per family; the padding id of a family is its size. */
  vocabulary: z.object({
    file: fileName,
    sizes: z.object({ words: z.number().int().nonnegative(), grams: z.number().int().nonnegative() }),
  }),
  members: z.array(memberSchema).min(1),
  /** In order of evaluation. */
  stages: z.array(stageSchema).min(1),
  blender: z.object({
    bias: z.number(),
    /** probability = sigmoid(scale · log-odds + shift), scale > 0. */
    calibration: z.object({ scale: z.number().positive(), shift: z.number() }),
  }),
  /** Probability for a message without one known feature. */
  prior: z.number().min(0).max(1),
  thresholds: z.object({ rejectMin: z.number(), rejectMax: z.number() }),
  data: z.object({
    profile: z.string(),
    seed: z.number().int(),
    spam: z.number().int(),
    ham: z.number().int(),
    sha256: sha256.describe('Of the feature matrix that it was trained on.'),
  }),
  files: z.record(fileName, z.object({ bytes: z.number().int().nonnegative(), sha256 })),
});

export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type ModelStage = z.infer<typeof stageSchema>;

/** Tensor names of every graph, shared by the exporter and by the thread that runs it. */
export const tensorNames = {
  /** int32 [B, L], padded with the family's size. */
  ids: 'ids',
  /** float32 [B, L], 0 where padded. */
  counts: 'counts',
  /** float32 [B, K]: a probability for each member. */
  scores: 'scores',
  /** float32 [B, C]: counts of the columns that the block's trees test. */
  columns: 'columns',
  /** float32 [B, 1]: sum over the block's trees. */
  treeSum: 'tree_sum',
} as const;

/** One line of `golden.jsonl`: text written for the purpose, and what training computed for it. */
export const goldenSchema = z.object({
  message: z.string(),
  language: z.string().optional(),
  probability: z.number(),
  members: z.array(z.number()),
});
export type GoldenMessage = z.infer<typeof goldenSchema>;

/** `YYYYMMDDTHHMMSSZ-<8 hex of the manifest's SHA-256>` */
export const modelVersionPattern = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;
