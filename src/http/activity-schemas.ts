import * as z from 'zod';

const epochMs = z.coerce.number().int().nonnegative();

/** `GET /api/v1/activity`: which entries, and as what. */
export const activityQuery = z.object({
  who: z.string().max(100).optional(),
  what: z.string().max(100).optional().describe('As `decision`, `relabel` or `undo`.'),
  from: epochMs.optional().describe('At or after; epoch milliseconds.'),
  to: epochMs.optional().describe('Before; epoch milliseconds.'),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Of a page of JSON.'),
  format: z
    .enum(['json', 'jsonl'])
    .default('json')
    .describe('`jsonl`: all entries, one on each line, as a file (`application/jsonl`).'),
});

export const activityEntrySchema = z.object({
  id: z.number().int(),
  who: z.string(),
  what: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  when: z.number().int().describe('Epoch milliseconds.'),
});
export type ActivityEntryAnswer = z.infer<typeof activityEntrySchema>;

export const activityPage = z.object({
  items: z.array(activityEntrySchema),
  next: z
    .string()
    .nullable()
    .describe(
      '`after` of the next page; null on the last one. A page may have fewer entries than `limit`, be it none, and a next one.',
    ),
});
export type ActivityPageAnswer = z.infer<typeof activityPage>;
