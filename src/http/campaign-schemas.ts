import * as z from 'zod';
import { sampleReasons } from '../ports/campaign-store.ts';
import { queueItemSchema } from './console-schemas.ts';

/** What the console and its server say to each other of campaigns; the page imports the types. */

export const campaignSchema = z
  .object({
    id: z.number().int(),
    revision: z
      .number()
      .int()
      .describe(
        'Counts how often messages joined. A decision that names it leaves those out that joined later.',
      ),
    members: z.number().int().describe('Messages that ever joined.'),
    open: z.number().int().describe('Those that wait for a decision, the ones that somebody holds included.'),
    senders: z.number().int().describe('Different senders of the open messages.'),
    without_sender: z.number().int().describe('Open messages without a sender.'),
    probability_min: z.number().nullable().describe('Of the open messages.'),
    probability_max: z.number().nullable(),
    label: z
      .enum(['spam', 'ham'])
      .nullable()
      .describe('Of the last decision on the campaign. It decides nothing for messages that joined later.'),
    decided_by: z.string().nullable(),
    decided_at: z.number().int().nullable().describe('Epoch milliseconds.'),
    created_at: z.number().int(),
    changed_at: z.number().int(),
  })
  .meta({ id: 'Campaign', description: 'Messages in the review queue that were written on one template.' });

/** `GET /api/v1/campaigns`. */
export const campaignsQuery = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export const campaignsPage = z.object({
  items: z.array(campaignSchema).describe('Those of the most messages first.'),
  next: z.string().nullable().describe('`after` of the next page; null on the last one.'),
});

/** `GET /api/v1/campaigns/{id}`. */
export const campaignPath = z.object({ id: z.coerce.number().int().positive() });
export const campaignAnswer = campaignSchema
  .extend({
    sample: z
      .array(
        z.object({
          item: queueItemSchema,
          because: z.enum(sampleReasons).describe('Why this message is shown.'),
          score: z.number().describe('How like the others it is; 8 and more belongs to the campaign.'),
          foreign_words: z.number().int().describe('Longest run of words that the others do not have.'),
        }),
      )
      .describe(
        'The open messages that are most likely to be something else. Look at them before you decide.',
      ),
    score_min: z.number().nullable().describe('Of the messages that were compared, not of the sample alone.'),
    score_max: z.number().nullable(),
  })
  .meta({ id: 'SampledCampaign', description: 'A campaign with a sample of its messages.' });
export type SampledCampaignAnswer = z.infer<typeof campaignAnswer>;
