import * as z from 'zod';
import { erasureReportSchema, subjectKinds } from '../core/erasure.ts';
import { erasureStates } from '../ports/erasures.ts';

/** What the console and its server say to each other about erasures. All times are epoch milliseconds. */

export const subjectPath = z.object({
  kind: z.enum(subjectKinds),
  id: z
    .string()
    .min(1)
    .max(1000)
    .describe('The sender; or the message, as COMMUNITY/ID, or as its id alone with `community`.'),
});

export const subjectQuery = z.object({
  community: z.string().max(1000).optional().describe('Only in this community.'),
  dry_run: z.enum(['true', 'false']).default('false').describe('Count what would be erased.'),
});

export const erasurePath = z.object({ id: z.string().min(1).max(100) });

export const erasureAnswer = z
  .object({
    id: z.string(),
    dry_run: z.boolean(),
    who: z.string(),
    state: z.enum(erasureStates),
    started_at: z.number().int(),
    ended_at: z.number().int().nullable(),
    report: erasureReportSchema.nullable().describe('The proof, once it is done.'),
    problem: z.string().nullable().describe('Why it failed, and what to do.'),
  })
  .meta({ id: 'Erasure', description: 'An erasure or its preview. It names nobody.' });
export type ErasureAnswer = z.infer<typeof erasureAnswer>;

export const erasuresAnswer = z.object({ erasures: z.array(erasureAnswer) });
export type ErasuresAnswer = z.infer<typeof erasuresAnswer>;
