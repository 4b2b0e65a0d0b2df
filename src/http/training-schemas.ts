import * as z from 'zod';
import { relabelRequestSchema } from '../core/decision.ts';
import { decisionAnswer } from './console-schemas.ts';

const epochMs = z.coerce.number().int().nonnegative();
const label = z.enum(['spam', 'ham']);

/** `GET /api/v1/training`: which rows. */
export const trainingQuery = z.object({
  q: z.string().max(200).optional().describe('Words of the text, or their beginnings.'),
  class: label.optional().describe('Imported rows that nobody has labeled are neither.'),
  source: z
    .string()
    .max(191)
    .optional()
    .describe('`review` for rows that were decided in the review queue; else where they were imported from.'),
  labelled_by: z.string().max(191).optional(),
  community: z.string().max(1000).optional().describe('Empty for rows of no community.'),
  from: epochMs.optional().describe('Labeled at or after; epoch milliseconds.'),
  to: epochMs.optional().describe('Labeled before; epoch milliseconds.'),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const trainingRowSchema = z
  .object({
    id: z.number().int(),
    class: label
      .nullable()
      .describe('The label; null for an imported row that nobody has labeled. In the table, spam is 1.'),
    message: z.string(),
    community: z.string(),
    source: z.string(),
    labelled_by: z.string().nullable(),
    labelled_at: z.number().int().nullable().describe('Epoch milliseconds.'),
    near_group: z
      .string()
      .nullable()
      .describe('What its near-duplicates share, so that they stay on one side of a split.'),
    review_id: z.number().int().nullable().describe('The review row that it was decided in.'),
    decision: z.number().int().nullable().describe('The decision that gave it this label.'),
  })
  .meta({ id: 'TrainingRow', description: 'A labeled message that models are trained on.' });
export type TrainingRowAnswer = z.infer<typeof trainingRowSchema>;

export const trainingPage = z.object({
  items: z.array(trainingRowSchema),
  next: z
    .string()
    .nullable()
    .describe(
      '`after` of the next page; null on the last one. A page may have fewer rows than `limit`, be it none, and a next one.',
    ),
  count: z
    .number()
    .int()
    .nullable()
    .describe(
      'How many rows the filter finds, at most 10,000; null where counting would take long, and on later pages.',
    ),
  count_is_exact: z.boolean().describe('False where there are more rows than `count`.'),
});
export type TrainingPageAnswer = z.infer<typeof trainingPage>;

export const relabelBody = relabelRequestSchema;
export type RelabelBody = z.infer<typeof relabelBody>;

export const relabelAnswer = z
  .object({
    decision: decisionAnswer.nullable().describe('Null where people gave all rows the label already.'),
    unchanged: z.number().int().describe('How many rows had the label already, by a person.'),
  })
  .meta({ id: 'Relabeling' });
export type RelabelAnswer = z.infer<typeof relabelAnswer>;
