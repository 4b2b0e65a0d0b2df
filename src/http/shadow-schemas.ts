import * as z from 'zod';
import { guardStates } from '../core/guard-counts.ts';
import { verdictNames } from '../core/verdict.ts';

/** What the page of models and its server say to each other about guard and shadow; the page imports the types. */

const time = z.number().int().describe('Epoch milliseconds.');
const count = z.number().int();

export const guardedVersionSchema = z
  .object({
    version: z.string(),
    state: z
      .enum(guardStates)
      .describe(
        '`tripped`: all its spam goes to review. `watching`: spam that the model before does not find.',
      ),
    before: z.string().nullable().describe('What it is compared with.'),
    messages: count.describe('That both have scored.'),
    spam_more: count.describe('It calls them spam, and the model before does not.'),
    spam_fewer: count,
    review_more: count,
    review_fewer: count,
    decided: z.string().nullable().describe('Who or what decided its state, and why.'),
    began_at: time,
    changed_at: time,
  })
  .meta({ id: 'GuardedVersion', description: 'A version that became active, and what the guard found.' });
export type GuardedVersionAnswer = z.infer<typeof guardedVersionSchema>;

export const guardAnswer = z
  .object({ versions: z.array(guardedVersionSchema).describe('The one that changed last first.') })
  .meta({ id: 'ModelGuard' });
export type GuardAnswer = z.infer<typeof guardAnswer>;

export const confirmBody = z.strictObject({
  reason: z.string().trim().min(1).max(500).describe('Why; it is stored in the activity log.'),
});

export const shadowQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.coerce.number().int().positive().optional().describe('Older than this one.'),
});

const verdict = z.enum(verdictNames);
const score = z.object({
  verdict,
  probability: z.number().nullable().describe('Null where an early exit made it unnecessary.'),
  reasons: z.array(z.string()),
});

export const shadowAnswer = z
  .object({
    counts: z
      .array(
        z.object({
          ...{ active: z.string(), shadow: z.string() },
          ...{ active_verdict: verdict, shadow_verdict: verdict, messages: count },
        }),
      )
      .describe('Of each pair of models, messages by the verdicts of both.'),
    disagreements: z
      .array(
        z.object({
          ...{ id: count, community: z.string(), message_id: z.string(), message: z.string() },
          sender: z.string().nullable(),
          models: z.object({ active: z.string(), shadow: z.string() }),
          ...{ active: score, shadow: score, at: time },
        }),
      )
      .describe('Messages that the two give different verdicts, newest first.'),
  })
  .meta({ id: 'Shadow', description: 'What a model found that scores without effect.' });
export type ShadowAnswer = z.infer<typeof shadowAnswer>;
