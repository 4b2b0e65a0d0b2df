import * as z from 'zod';
import { MOST_REPLAYED } from '../ports/letter-desk.ts';

/** What the page of dead letters and its server say to each other; the page imports the types. */

const wholeNumber = z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const filterFields = {
  reason: z.string().min(1).max(100).optional().describe('The code, such as `not-json`.'),
  topic: z.string().min(1).max(500).optional().describe('Topic or inbox file that the message came from.'),
  partition: wholeNumber.optional(),
  offset: wholeNumber.optional().describe('Of the message in its topic or file.'),
  from: wholeNumber.optional().describe('Stored at or after; epoch milliseconds.'),
  to: wholeNumber.optional().describe('Stored before; epoch milliseconds.'),
};

export const lettersQuery = z.object({
  ...filterFields,
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

const part = z.union([z.object({ text: z.string() }), z.object({ hex: z.string() })]);

const letterSchema = z.object({
  kind: z.literal('letter'),
  id: z.string(),
  reason: z.string(),
  detail: z.string(),
  position: z.object({ topic: z.string(), partition: z.number().int(), offset: z.number().int() }),
  stored_at: z.number().int().nullable().describe('Epoch milliseconds.'),
  bytes: z.number().int().describe('Length of the message.'),
  shown_bytes: z.number().int().describe('How many of them `content` has.'),
  content: z.array(part).describe('The beginning of the message: text, and hex of the bytes that are none.'),
  replayed: z.boolean(),
  unsendable: z.string().nullable().describe('Why it cannot be replayed.'),
});

const restSchema = z.object({
  kind: z
    .enum(['erased', 'unreadable'])
    .describe('`erased`: one dead letter or more that an erasure overwrote.'),
  id: z.string(),
  bytes: z.number().int(),
});

export const lettersPage = z
  .object({
    items: z.array(z.union([letterSchema, restSchema])).describe('Newest first.'),
    next: z
      .string()
      .nullable()
      .describe(
        '`after` of the next page; null on the last one. A page may be empty and have a next one: one request reads 8 MiB of a file, and of a topic a window of time (one day at first, then eight times as long each time).',
      ),
    since: z
      .number()
      .int()
      .nullable()
      .describe('Of a topic: letters since then were read, epoch milliseconds; null for all.'),
    complete: z
      .boolean()
      .describe('False where the window has more letters than one request reads; narrow `from` and `to`.'),
  })
  .meta({ id: 'DeadLetters' });
export type LettersPage = z.infer<typeof lettersPage>;
export type LetterAnswer = z.infer<typeof letterSchema>;
export type LetterRestAnswer = z.infer<typeof restSchema>;

export const replayBody = z.strictObject({
  ids: z.array(z.string().min(1).max(100)).min(1).max(MOST_REPLAYED).optional(),
  filter: z
    .strictObject({
      ...filterFields,
    })
    .optional()
    .describe(`Instead of \`ids\`: all that match and were not replayed, at most ${MOST_REPLAYED} at once.`),
});

export const replayAnswer = z
  .object({
    letters: z.array(
      z.object({
        id: z.string(),
        outcome: z
          .enum(['replayed', 'already-replayed', 'cannot-be-sent', 'gone', 'left'])
          .describe('`gone`: erased or removed. `left`: too much for one request; ask again.'),
        detail: z.string().nullable(),
      }),
    ),
    more: z.boolean().describe('Whether more letters match the filter; repeat the request with a new key.'),
  })
  .meta({ id: 'Replay' });
export type ReplayAnswer = z.infer<typeof replayAnswer>;
