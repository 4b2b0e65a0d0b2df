import * as z from 'zod';
import { modelVersionPattern } from '../core/model-manifest.ts';

/** What the page of models and its server say to each other; the page imports the types. */

const time = z.number().int().nullable().describe('Epoch milliseconds.');
const rate = z.number().nullable();

export const modelVersionSchema = z
  .object({
    version: z.string(),
    status: z
      .enum(['active', 'inactive', 'candidate', 'refused'])
      .describe('`refused`: it failed the admission check.'),
    is_stored: z.boolean().describe('Whether it is complete in the model store.'),
    trained_at: time,
    activated_at: time,
    deactivated_at: time,
    decided: z.string().nullable().describe('Who or what decided its status, and why.'),
    true_positive_rate: rate.describe('Share of spam of its testing part with a probability above one half.'),
    false_positive_rate: rate.describe('Share of ham of its testing part with a probability above one half.'),
    figures: z.record(z.string(), z.unknown()).describe('What its training measured.'),
    facts: z
      .object({
        languages: z.array(z.string()),
        bytes: z.number().int().describe('Size of all its files.'),
        profile: z.string(),
        spam: z.number().int().describe('Spam messages it was trained on.'),
        ham: z.number().int(),
      })
      .nullable()
      .describe('From its manifest; null where no copy is on this machine.'),
  })
  .meta({ id: 'ModelVersion', description: 'A version of the model.' });

export const modelVersionsAnswer = z
  .object({
    versions: z.array(modelVersionSchema).describe('Newest first.'),
    activated: z.string().nullable().describe('Null where none was activated: then the newest is active.'),
    previous: z.string().nullable().describe('What a rollback would activate.'),
    scores_with: z
      .string()
      .nullable()
      .describe('What this process scores with; null where it is not a daemon.'),
    is_daemon: z.boolean(),
    pinned: z
      .string()
      .nullable()
      .describe('`model.version` of the settings, where daemons obey it instead of what is activated.'),
    is_record_read: z.boolean().describe('False where the table of models cannot be read.'),
  })
  .meta({ id: 'ModelVersions' });
export type ModelVersionsAnswer = z.infer<typeof modelVersionsAnswer>;
export type ModelVersionAnswer = z.infer<typeof modelVersionSchema>;

export const versionPath = z.object({ version: z.string().regex(modelVersionPattern) });

export const modelChangeBody = z.strictObject({
  reason: z.string().trim().min(1).max(500).describe('Why; it is stored in the activity log.'),
  activated: z
    .string()
    .max(100)
    .nullable()
    .optional()
    .describe(
      '`activated` of the list that was looked at. If another one has been activated since, the answer is 409.',
    ),
});

export const modelChangeAnswer = z
  .object({
    version: z.string().describe('The version that is active now.'),
    before: z.string().nullable(),
    changed: z.boolean().describe('False where it was active already.'),
    recorded: z.boolean().describe('False where the activity log lacks it: the database did not answer.'),
  })
  .meta({ id: 'ModelChange' });
export type ModelChangeAnswer = z.infer<typeof modelChangeAnswer>;
