import * as z from 'zod';
import { messageSchema, unreadableReasons } from '../core/message.ts';
import { memberSchema, modelManifestSchema } from '../core/model-manifest.ts';
import { verdictSchema } from '../core/verdict.ts';
import { reviewOrigins, reviewStates } from '../ports/review-store.ts';
import { problemMediaType, problemSchema } from './problem.ts';

const flag = z.enum(['true', 'false']).default('false');

export const findSpamBody = z.object({ text: z.string().nullish().describe('The text to judge.') }).nullish();

export const findSpamAnswer = z
  .union([
    z.object({
      success: z.literal(true),
      is_spam: z.boolean().describe('The verdict is spam; review is not.'),
    }),
    z.object({ success: z.literal(false), error: z.string() }),
  ])
  .meta({ description: 'Whether it is spam, or what the request lacks.' });

export const scoreQuery = z.object({
  explain: flag.describe('Add the value of each member and the strongest features.'),
  full: flag.describe('No early exit: every member is evaluated and every probability is exact.'),
});

export const memberValueSchema = z.object({
  name: z.string(),
  value: z.number().nullable().describe('Null where an early exit made it unnecessary.'),
});

export const featureSchema = z.object({
  name: z.string(),
  count: z.number(),
  strength: z.number().describe('Towards spam is positive; comparable within one message.'),
});

export const apiVerdictSchema = verdictSchema
  .extend({
    members: z.array(memberValueSchema).optional().describe('With explain only.'),
    features: z.array(featureSchema).optional().describe('With explain only; strongest first.'),
  })
  .meta({ id: 'Verdict', description: 'What Sluice says of one message.' });
export type ApiVerdict = z.infer<typeof apiVerdictSchema>;

export const unreadableSchema = z
  .object({
    error: z.object({ code: z.enum(unreadableReasons), message: z.string() }),
  })
  .meta({ id: 'Unreadable', description: 'In place of the verdict of a message that cannot be read.' });

export const scoreManyAnswer = z
  .object({
    verdicts: z
      .array(z.union([apiVerdictSchema, unreadableSchema]))
      .describe('One for each message, in the same order; an error for one that cannot be read.'),
  })
  .meta({ description: 'A verdict for each message.' });

export type ScoreManyAnswer = z.infer<typeof scoreManyAnswer>;

export const scoreAnswer = z
  .union([scoreManyAnswer, apiVerdictSchema])
  .meta({ description: 'The verdict of the one message, or the verdicts of many.' });

/** One message, or many. Those of many are read one by one, so that a bad one costs no other its verdict. */
export function scoreBodies(mostMessages: number) {
  const { $schema: _, ...documented } = z.toJSONSchema(messageSchema, { io: 'input' });
  return {
    one: messageSchema,
    many: z.object({ messages: z.array(z.unknown().meta(documented)).min(1).max(mostMessages) }),
  };
}

export const reviewQuery = z.object({
  state: z.enum(reviewStates).default('open'),
  after: z.coerce
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('`next` of the last page that had one; the same again later, to see what is new.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const reviewItemSchema = z
  .object({
    id: z.number().int(),
    state: z.enum(reviewStates),
    origin: z.enum(reviewOrigins),
    community: z.string(),
    message_id: z.string(),
    message: z.string(),
    sender: z.string().nullable(),
    probability: z.number().nullable(),
    reasons: z.array(z.string()),
    model: z.string(),
    position: z.object({ topic: z.string(), partition: z.number().int(), offset: z.number().int() }),
    created_at: z.number().int().describe('Epoch milliseconds.'),
  })
  .meta({ id: 'ReviewItem', description: 'A message that waits for a human.' });

export const reviewAnswer = z
  .object({
    items: z.array(reviewItemSchema).describe('Oldest first.'),
    next: z
      .number()
      .int()
      .nullable()
      .describe(
        'Where the next page begins; null on the last. It is null as well while a row of the page is so young (half a minute with MySQL) that others may still appear before it: ask again later with the same `after`.',
      ),
  })
  .meta({ description: 'One page.' });

const manifest = modelManifestSchema.shape;

export const modelFactsSchema = z
  .object({
    version: z.string(),
    status: z.enum(['active']),
    feature_set: manifest.feature_set,
    languages: manifest.languages,
    vocabulary: manifest.vocabulary.shape.sizes.describe('Terms of each family.'),
    members: z.array(memberSchema.pick({ name: true, families: true, weight: true })),
    stages: z.number().int().describe('Steps of evaluation, each of which may be the last.'),
    trees: z.number().int(),
    prior: manifest.prior.describe('Probability of a message without one known feature.'),
    thresholds: manifest.thresholds.describe('As trained; settings and communities may have their own.'),
    data: manifest.data,
    bytes: z.number().int().describe('Of all files of the model.'),
  })
  .meta({ description: 'A model as its manifest tells it.' });

export const modelsAnswer = z
  .object({ models: z.array(modelFactsSchema) })
  .meta({ description: 'The active model, if there is one.' });

const problem = { content: { [problemMediaType]: { schema: problemSchema } } };

/** Every route may answer with these. */
export const problemAnswers = {
  '4xx': { description: 'The request is at fault; `type` and `detail` say how.', ...problem },
  '5xx': { description: 'Sluice is at fault, or busy; see the header Retry-After.', ...problem },
} as const;
