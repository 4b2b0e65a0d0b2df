import * as z from 'zod';
import { decisionLabels, decisionRequestSchema, decisionSchema } from '../core/decision.ts';
import { explanationSchema } from '../core/explanation.ts';
import { roles } from '../core/roles.ts';
import { verdictNames } from '../core/verdict.ts';
import { reviewOrders } from '../ports/decision-store.ts';
import { reviewOrigins, reviewStates } from '../ports/review-store.ts';
import { reviewItemSchema } from './api-schemas.ts';

/** What the console and its server say to each other; the page imports the types. */

const accountName = z.string().min(1).max(100);
const secret = z.string().min(1).max(200);

/** The three bodies of `POST /api/v1/session`: each has these fields and no others. */
export const loginBodies = {
  /** The one-time link of the first start. */
  token: z.strictObject({ token: secret }),
  /** An invitation, with a name and a password of one's own. */
  invitation: z.strictObject({
    invitation: secret,
    name: accountName,
    password: z.string().min(12).max(200),
  }),
  password: z.strictObject({ name: accountName, password: z.string().min(1).max(200) }),
};
export const loginBody = z.union([loginBodies.token, loginBodies.invitation, loginBodies.password]);

export const passwordBody = z.strictObject({
  current: z.string().max(200).optional().describe('Not needed where the account has none yet.'),
  password: z.string().min(12).max(200),
});

export const sessionAnswer = z
  .object({
    name: z.string(),
    role: z.enum(roles),
    csrf: z
      .string()
      .describe('To be sent as the header `X-CSRF-Token` with each request that changes something.'),
    expires_at: z.number().int().describe('Epoch milliseconds.'),
  })
  .meta({ id: 'Session', description: 'Who is logged in.' });
export type SessionAnswer = z.infer<typeof sessionAnswer>;

const probability = z.coerce.number().min(0).max(1);
const epochMs = z.coerce.number().int().nonnegative();

/** Of `GET /api/v1/review` and of a lease: which rows. */
export const reviewFilterFields = {
  community: z.string().max(200).optional(),
  min: probability.optional().describe('Lowest probability.'),
  max: probability.optional().describe('Highest probability.'),
  model: z.string().max(100).optional(),
  origin: z.enum(reviewOrigins).optional(),
  sender: z.string().max(200).optional(),
  q: z.string().max(200).optional().describe('Words of the text, or their beginnings.'),
  from: epochMs.optional().describe('Created at or after; epoch milliseconds.'),
  to: epochMs.optional().describe('Created before; epoch milliseconds.'),
  campaign: z.coerce.number().int().positive().optional().describe('The id of a campaign.'),
  reporters: z.coerce.number().int().positive().optional().describe('At least so many people reported it.'),
};

/** A row as the console shows it. */
export const queueItemSchema = reviewItemSchema
  .extend({
    version: z
      .string()
      .describe('Another one as soon as the text or the label is another one; the ETag of the row.'),
    label: z.enum(['spam', 'ham']).nullable(),
    decided_by: z.string().nullable(),
    decided_at: z.number().int().nullable().describe('Epoch milliseconds.'),
    unsure: z.number().int().describe('Unsure answers so far.'),
    campaign: z.number().int().nullable().describe('The campaign that it belongs to, be it alone.'),
    reporters: z.number().int().describe('How many people reported it.'),
    answers: z
      .array(z.object({ by: z.string(), label: z.enum(decisionLabels), at: z.number().int() }))
      .readonly()
      .optional()
      .describe('For a lead who leased a row with two answers that differ: both.'),
    audit: z
      .object({
        inclusion_probability: z
          .number()
          .describe('The probability that a message of its community and band is drawn.'),
        verdict: z.enum(verdictNames),
        language: z.string().describe('Primary subtag; empty where it is not known.'),
      })
      .optional()
      .describe(
        'Of a decided message of the audit sample. Until it is decided, `probability` is null and `reasons` is empty too.',
      ),
  })
  .meta({ id: 'QueueItem', description: 'A message in the review queue, with what was decided.' });
export type QueueItemAnswer = z.infer<typeof queueItemSchema>;

/** A page of `GET /api/v1/review`. */
export const queuePage = z.object({
  items: z.array(queueItemSchema),
  next: z
    .string()
    .nullable()
    .describe(
      '`after` of the next page; null on the last one. With `order=age` it is also null while the page holds a very recent row (half a minute with MySQL), since others may still appear before it: repeat the request later with the same `after`.',
    ),
});

export const queueQuery = z.object({
  state: z.enum(reviewStates).default('open'),
  order: z.enum(reviewOrders).default('age'),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  ...reviewFilterFields,
});

export const leaseBody = z.object({
  count: z.number().int().min(1).max(100),
  order: z.enum(reviewOrders).default('uncertainty'),
  ...reviewFilterFields,
});

export const leaseAnswer = z
  .object({
    id: z.string(),
    until: z.number().int().describe('Epoch milliseconds by the clock of the server.'),
    seconds: z.number().describe('Until then from now, for a client whose clock is another one.'),
    items: z.array(queueItemSchema),
  })
  .meta({ id: 'Lease', description: 'Rows that one person holds for a minute.' });
export type LeaseAnswer = z.infer<typeof leaseAnswer>;

/** The path of a lease; and of a row or a decision. */
export const leasePath = z.object({ lease: z.string().min(1).max(100) });
export const idPath = z.object({ id: z.coerce.number().int().positive() });

/** Of a lease that goes on. */
export const renewedLease = leaseAnswer.omit({ items: true });

export const decisionBody = decisionRequestSchema;
export const decisionAnswer = decisionSchema.meta({ id: 'Decision', description: "One person's decision." });
export type DecisionAnswer = z.infer<typeof decisionAnswer>;

/** `GET /api/v1/decisions`: newest first; `by=me` for one's own. */
export const decisionsQuery = z.object({
  by: z.string().max(100).optional().describe('`me` for the one who asks.'),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const decisionsPage = z.object({
  items: z.array(
    decisionSchema.extend({
      undone_by: z.number().int().nullable().describe('The decision that took it back.'),
    }),
  ),
  next: z.string().nullable(),
});

/** `GET /api/v1/review/stats`. */
export const reviewStatsAnswer = z
  .object({
    open: z.number().int().describe('Rows that wait, those that somebody holds included.'),
    mine: z.object({ today: z.number().int(), last_hour: z.number().int() }).describe('Rows decided.'),
    team: z.object({ today: z.number().int(), last_hour: z.number().int() }),
    outbox: z.object({ rows: z.number().int(), oldest_seconds: z.number() }),
  })
  .meta({ id: 'ReviewStats' });
export type ReviewStatsAnswer = z.infer<typeof reviewStatsAnswer>;

/** `GET /api/v1/review/{id}/explanation`, by the model that is active now. */
export const explanationAnswer = explanationSchema
  .extend({ thresholds: z.object({ reject_min: z.number(), reject_max: z.number() }) })
  .meta({ id: 'Explanation' });
export type ExplanationAnswer = z.infer<typeof explanationAnswer>;

export type DecisionBody = z.infer<typeof decisionBody>;
