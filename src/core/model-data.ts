import * as z from 'zod';

/** File of a model's folder that says which data the model was trained on. */
export const modelDataFile = 'data.json';

/**
 * Files of a model's folder that its manifest does not list, since they hold times: what its training measured, and its data. Stores copy them
 * where they are there; no model needs them to score.
 */
export const unlistedFiles = ['training.json', modelDataFile] as const;
/** Longer ones are not copied: a model works without them. */
export const MOST_UNLISTED_BYTES: number = 64 * 1024 * 1024;

/** Where labels come from. `base`: files and corpora; `reports`: what users reported and nobody decided. */
export const dataSourceKinds = ['base', 'training', 'messages', 'reports'] as const;
export type DataSourceKind = (typeof dataSourceKinds)[number];

const classCounts = z.strictObject({ spam: z.number().int().min(0), ham: z.number().int().min(0) });

/** Numbers of rows of a table, each `[first, last]`, in order; with the hash of the texts they can be checked later. */
const rowRanges = z.array(z.tuple([z.number().int(), z.number().int()]));

/**
 * What a data set was assembled from: with the row numbers and hashes, a verdict can be traced to the labels behind its model.
 * Times are epoch milliseconds.
 */
export const modelDataSchema = z.looseObject({
  schema: z.literal(1),
  assembledAt: z.number(),
  /** Labels that were given later are new to the next model. */
  labelsUntil: z.number(),
  seed: z.number().int(),
  sources: z.array(
    z.looseObject({
      name: z.string(),
      kind: z.enum(dataSourceKinds),
      read: z.number().int().min(0),
      training: classCounts,
      heldOut: classCounts,
      /** Messages that were left out, by reason. */
      leftOut: z.record(z.string(), z.number().int().min(0)),
      /** Of the training part: ids of the table, or numbers of a base set's messages from 1. */
      rows: rowRanges,
      heldOutRows: rowRanges.default([]),
      /** The highest number that was read. */
      readTo: z.number().int().min(0).optional(),
    }),
  ),
  /**
   * SHA-256 in hex over the messages of each part: of each key, as `testingKey` makes it, the first 12 hex digits of its SHA-256, sorted, one a
   * line.
   */
  hashes: z.strictObject({ training: z.string(), heldOut: z.string() }),
  /**
   * Messages with both labels, which are in neither part: the first ones, and how many there are. `key`: the SHA-256 of the message's key in
   * hex, since nobody's text belongs into a model; `rows`: name of the source and number of the row.
   */
  contradictions: z.strictObject({
    count: z.number().int().min(0),
    first: z.array(z.strictObject({ key: z.string(), rows: z.array(z.string()) })),
  }),
  /** What a part was limited to, by the settings. */
  limits: z.record(z.string(), z.unknown()),
});
export type ModelData = z.infer<typeof modelDataSchema>;
