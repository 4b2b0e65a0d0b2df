import * as z from 'zod';
import type { Role } from './roles.ts';

/** Who acts. */
export interface Actor {
  /** The account's name, unique and at most 100 characters. */
  readonly name: string;
  readonly role: Role;
}

export const decisionLabels = ['spam', 'ham', 'unsure'] as const;
export type DecisionLabel = (typeof decisionLabels)[number];
/** The label of a review row; an unsure answer is no label. */
export type RowLabel = Exclude<DecisionLabel, 'unsure'>;

/** Rows of one decision: one transaction has to hold them all. */
export const MAX_DECISION_ITEMS = 1000;
/** Ids in one request or answer; also what a lease takes at once. */
const reviewId = z.number().int().positive();

const rowItemSchema = z.object({
  review_id: reviewId,
  version: z
    .string()
    .optional()
    .describe('The version that the person saw. If the row has another one by now, nothing is decided.'),
  lease: z
    .string()
    .optional()
    .describe('The lease that the row was handed out under. If it has ended, nothing is decided.'),
});
export type RowItem = z.infer<typeof rowItemSchema>;

/** Each row or campaign has another one. */
function nameOf(item: RowItem | CampaignItem): string {
  return 'review_id' in item ? `row ${item.review_id}` : `campaign ${item.campaign_id}`;
}

/** Rows of one campaign that a request may leave out. */
const MAX_EXCLUDED = 10_000;

const campaignItemSchema = z.object({
  campaign_id: z.number().int().positive(),
  revision: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe(
      'The revision that the person saw. Rows that joined later are not decided. Without it, all rows that belong to the campaign when the decision is made.',
    ),
  exclude: z.array(reviewId).max(MAX_EXCLUDED).optional().describe('Rows of it that stay in the queue.'),
});
export type CampaignItem = z.infer<typeof campaignItemSchema>;

/** One person's answer for one or more review rows or whole campaigns, as it is asked for. */
export const decisionRequestSchema = z.object({
  label: z.enum(decisionLabels),
  items: z
    .array(z.union([rowItemSchema, campaignItemSchema]))
    .min(1)
    .max(MAX_DECISION_ITEMS)
    .refine((items) => new Set(items.map(nameOf)).size === items.length, {
      error: 'A review row or a campaign may be named once.',
    }),
  note: z.string().max(2000).optional().describe('Why, for the others.'),
  overrule: z
    .boolean()
    .optional()
    .describe(
      'Replaces the label of rows that have one; of campaigns, open rows alone are decided. Needs the role lead.',
    ),
});
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;

/** One decision. It never changes: what takes it back or replaces it is another decision. */
export const decisionSchema = z.object({
  id: z.number().int().positive(),
  label: z
    .enum(decisionLabels)
    .nullable()
    .describe('Null for the undo of a decision, which gives each row the label from before it.'),
  items: z.array(reviewId).describe('Ids of the review rows.'),
  decided_by: z.string(),
  decided_at: z.number().int().describe('Epoch milliseconds.'),
  note: z.string().nullable(),
  undoes: z.number().int().positive().nullable().describe('The decision that this one takes back.'),
  training: z
    .array(reviewId)
    .optional()
    .describe(
      'Ids of the training rows that it relabeled; missing for decisions that were made in the review queue.',
    ),
});
export type Decision = z.infer<typeof decisionSchema>;

/** New labels for rows of the training table, as they are asked for. */
export const relabelRequestSchema = z.object({
  label: z.enum(['spam', 'ham']),
  ids: z
    .array(reviewId)
    .min(1)
    .max(MAX_DECISION_ITEMS)
    .refine((ids) => new Set(ids).size === ids.length, { error: 'A row may be named once.' })
    .describe('Ids of training rows. Those that a person gave the label already are left as they are.'),
  note: z.string().max(2000).optional().describe('Why, for the others.'),
});
export type RelabelRequest = z.infer<typeof relabelRequestSchema>;
