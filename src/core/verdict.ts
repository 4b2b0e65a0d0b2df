import * as z from 'zod';

/** What we say of a message: the model's score falls into one of three bands. */
export const verdictNames = ['ham', 'review', 'spam'] as const;
export type VerdictName = (typeof verdictNames)[number];

/** What became of a message that was read: a verdict, or the dead letters. Each message has exactly one. */
export const outcomes = [...verdictNames, 'dead-letter'] as const;
export type Outcome = (typeof outcomes)[number];

/** One verdict; the same keys on the topic, in the file, from the API and from `sluice score`. */
export const verdictSchema = z.object({
  community: z.string(),
  message_id: z.string(),
  verdict: z.enum(verdictNames),
  probability: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe('Probability of spam; null where an early exit made it unnecessary.'),
  probability_min: z.number().min(0).max(1).describe('The probability is at least this.'),
  probability_max: z.number().min(0).max(1).describe('The probability is at most this.'),
  model: z.string().describe('Version of the model that scored the message.'),
  decided_by: z.enum(['model', 'human']),
  reasons: z
    .array(z.string())
    .describe('The strongest features, or why the model could not score the message.'),
  scored_at: z.string().describe('RFC 3339, UTC.'),
  amends: z.string().optional().describe('scored_at of the verdict that this one replaces.'),
});

export type Verdict = z.infer<typeof verdictSchema>;
