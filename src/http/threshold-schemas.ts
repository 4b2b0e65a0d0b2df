import * as z from 'zod';

/** The thresholds and the labeled messages they can be tried on; the page imports the types. */

const probability = z.number().min(0).max(1);

export const thresholdsSchema = z.object({ reject_min: probability, reject_max: probability });
export type ThresholdsAnswer = z.infer<typeof thresholdsSchema>;

/** `audit`: the random sample; `review`: all other decided rows. */
export const scoreSources = ['audit', 'review'] as const;

const sourceSchema = z.object({
  source: z.enum(scoreSources),
  spam: z.number().int().describe('Messages that people decided.'),
  ham: z.number().int(),
  bins: z
    .array(
      z.object({
        at: probability.describe('Probabilities above the last bin’s, up to and including this one.'),
        spam: z
          .number()
          .describe('In the audit sample each message counts for 1 / its inclusion probability.'),
        ham: z.number(),
      }),
    )
    .describe(
      'Ascending; empty bins are left out. The current thresholds and all thousandths are limits of bins.',
    ),
});
export type ScoreSourceAnswer = z.infer<typeof sourceSchema>;

export const thresholdsAnswer = z
  .object({
    current: thresholdsSchema,
    location: z.string().nullable().describe('Where they are saved; null where there is nothing to save to.'),
    model: z.string().nullable().describe('The model whose scores these are; null where none is active.'),
    sources: z.array(sourceSchema),
    complete: z
      .boolean()
      .describe('False where there are more decided rows than were read, the newest ones.'),
  })
  .meta({ id: 'ThresholdView' });
export type ThresholdViewAnswer = z.infer<typeof thresholdsAnswer>;

export const changedQuery = z.object({
  source: z.enum(scoreSources),
  reject_min: z.coerce.number().min(0).max(1),
  reject_max: z.coerce.number().min(0).max(1),
});

const band = z.enum(['ham', 'review', 'spam']);

export const changedAnswer = z
  .object({
    total: z.number().int(),
    items: z
      .array(
        z.object({
          review_id: z.number().int(),
          community: z.string(),
          message: z.string(),
          label: z.enum(['spam', 'ham']),
          probability,
          before: band,
          after: band,
        }),
      )
      .describe('The first ones: new errors before others, then by probability.'),
  })
  .meta({
    id: 'ChangedVerdicts',
    description: 'Decided messages that other thresholds give another verdict.',
  });
export type ChangedVerdictsAnswer = z.infer<typeof changedAnswer>;

export const thresholdsBody = z.strictObject({
  reject_min: probability,
  reject_max: probability,
  why: z.string().trim().min(1).max(500).describe('It is stored in the activity log.'),
  seen: thresholdsSchema.describe(
    '`current` of what was looked at. If others are in effect by now, the answer is 409.',
  ),
});

export const savedAnswer = z
  .object({
    location: z.string(),
    changed: z.boolean().describe('False where they were so already.'),
    recorded: z.boolean().describe('False where the activity log lacks it: the database did not answer.'),
  })
  .meta({ id: 'SavedThresholds' });
export type SavedThresholdsAnswer = z.infer<typeof savedAnswer>;
