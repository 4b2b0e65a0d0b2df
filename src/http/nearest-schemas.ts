import * as z from 'zod';

/** A labeled message that is like the one that was asked about. */
const nearestMessage = z.object({
  review_id: z.number().int().nullable().describe('The review row that it was decided in; null for others.'),
  community: z.string(),
  message: z.string().describe('At most 2,000 characters of it.'),
  label: z.enum(['spam', 'ham']),
  source: z.string().describe('Where the label comes from: `review` for a decision.'),
  labelled_by: z.string().nullable(),
  labelled_at: z.number().int().nullable().describe('Epoch milliseconds.'),
  similarity: z
    .number()
    .describe('Jaccard index of the 4-grams of both deobfuscated texts, 0.2 to 1; 1 for the same text.'),
});

/** `GET /api/v1/review/{id}/nearest`. */
export const nearestAnswer = z
  .object({ items: z.array(nearestMessage).describe('The most similar first, at most five.') })
  .meta({
    id: 'NearestMessages',
    description: 'Labeled messages that are like a message of the review queue.',
  });
export type NearestAnswer = z.infer<typeof nearestAnswer>;
