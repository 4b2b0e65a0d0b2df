import * as z from 'zod';
import { auditGroupKinds } from '../core/report-facts.ts';

/** `GET /api/v1/audit`; the page imports the types. */

const interval = z.object({
  estimate: z.number().min(0).max(1),
  low: z.number().min(0).max(1).describe('Limits of the 95 % interval.'),
  high: z.number().min(0).max(1),
});
const missing = z.object({ missing: z.string().describe('Why there is no figure, and what to do.') });
const count = z.number().int();
const time = z.number().int().describe('Epoch milliseconds.');

const estimates = z.object({
  true_positive_rate: interval.nullable().describe('Spam with the verdict spam, of all spam.'),
  false_positive_rate: interval.nullable().describe('Ham with the verdict spam, of all ham.'),
  precision: interval.nullable().describe('Spam, of all messages with the verdict spam.'),
  prevalence: interval.nullable().describe('Spam, of all messages.'),
});

export const auditQuery = z.object({
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(366)
    .default(30)
    .describe('Of messages drawn in so many days until now.'),
});

export const auditAnswer = z
  .object({
    from: time,
    to: time,
    drawing: z.boolean().describe('Whether messages are drawn by the current settings.'),
    least_decided: count.describe('Rates are estimated from so many decided messages on.'),
    groups: z.array(
      z.object({
        by: z.enum(auditGroupKinds),
        value: z.string().describe('Empty for `all`.'),
        drawn: count,
        decided: count,
        unsure: count.describe('Undecided, since those who answered were unsure.'),
        others: count
          .nullable()
          .describe('Of how many smaller groups this is the rest; null where it is one by itself.'),
        estimates: z.union([estimates, missing]),
      }),
    ),
    calibration: z.union([
      z.array(
        z.object({
          from: z.number(),
          to: z.number(),
          messages: count.describe('Decided messages with scores between the limits.'),
          predicted: z.number().describe('Mean score.'),
          observed: interval.describe('Share that is spam.'),
        }),
      ),
      missing,
    ]),
    from_reviews_alone: z
      .union([estimates, missing])
      .describe('From decided review rows alone, which are not a random sample: biased.'),
  })
  .meta({
    id: 'Audit',
    description: 'Rates of all messages, estimated from the audit sample, with 95 % intervals.',
  });
export type AuditAnswer = z.infer<typeof auditAnswer>;
export type AuditEstimatesAnswer = z.infer<typeof estimates>;
