import * as z from 'zod';
import { messageSchema, unreadableReasons } from '../core/message.ts';
import { baseModelSchema, modelManifestSchema } from '../core/model-manifest.ts';
import { verdictSchema } from '../core/verdict.ts';
import { reviewOrigins, reviewStates } from '../ports/review-store.ts';
import { problemMediaType, problemSchema } from './problem.ts';

const flag = z.enum(['true', 'false']).default('false');

export const findSpamBody = z.object({ text: z.string().nullish().describe('The text to score.') }).nullish();

export const findSpamAnswer = z
  .union([
    z.object({
      success: z.literal(true),
      is_spam: z.boolean().describe('Whether the verdict is spam. False for review.'),
    }),
    z.object({ success: z.literal(false), error: z.string() }),
  ])
  .meta({ description: 'Whether the text is spam, or what is missing from the request.' });

export const scoreQuery = z.object({
  explain: flag.describe('Add the value of each base model and the strongest features.'),
  full: flag.describe('No early exit: every base model runs and every probability is exact.'),
});

export const baseModelValueSchema = z.object({
  name: z.string(),
  value: z.number().nullable().describe('Null if it was skipped by early exit.'),
});

export const featureSchema = z.object({
  name: z.string(),
  count: z.number(),
  strength: z.number().describe('Positive toward spam. Comparable within one message.'),
});

export const apiVerdictSchema = verdictSchema
  .extend({
    members: z.array(baseModelValueSchema).optional().describe('With explain only.'),
    features: z.array(featureSchema).optional().describe('With explain only; strongest first.'),
  })
  .meta({ id: 'Verdict', description: 'The verdict on one message.' });
export type ApiVerdict = z.infer<typeof apiVerdictSchema>;

export const unreadableSchema = z
  .object({
    error: z.object({ code: z.enum(unreadableReasons), message: z.string() }),
  })
  .meta({ id: 'Unreadable', description: 'Replaces the verdict of a message that cannot be read.' });

export const scoreManyAnswer = z
  .object({
    verdicts: z
      .array(z.union([apiVerdictSchema, unreadableSchema]))
      .describe('One for each message, in the same order. An unreadable message has an error instead.'),
  })
  .meta({ description: 'A verdict for each message.' });

export type ScoreManyAnswer = z.infer<typeof scoreManyAnswer>;

export const scoreAnswer = z
  .union([scoreManyAnswer, apiVerdictSchema])
  .meta({ description: 'The verdict of a single message, or the verdicts of a list.' });

/** One message, or many. Those of many are read one by one, so that a bad one costs no other its verdict. */
export function scoreBodies(mostMessages: number) {
  const { $schema: _, ...documented } = z.toJSONSchema(messageSchema, { io: 'input' });
  return {
    one: messageSchema,
    many: z.object({ messages: z.array(z.unknown().meta(documented)).min(1).max(mostMessages) }),
  };
}

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
  .meta({ id: 'ReviewItem', description: 'A message in the review queue.' });

const manifest = modelManifestSchema.shape;

export const modelFactsSchema = z
  .object({
    version: z.string(),
    status: z.enum(['active']),
    feature_set: manifest.feature_set,
    languages: manifest.languages,
    vocabulary: manifest.vocabulary.shape.sizes.describe('Terms of each family.'),
    members: z.array(baseModelSchema.pick({ name: true, families: true, weight: true })),
    stages: z.number().int().describe('Number of stages; early exit may skip the later ones.'),
    trees: z.number().int(),
    prior: manifest.prior.describe('Probability of a message without any known feature.'),
    thresholds: manifest.thresholds.describe(
      'Thresholds from training. Settings may override them, also per community.',
    ),
    data: manifest.data,
    bytes: z.number().int().describe('Size of all files of the model.'),
  })
  .meta({ description: 'Facts from the manifest of a model.' });

export const modelsAnswer = z
  .object({ models: z.array(modelFactsSchema) })
  .meta({ description: 'The active model, if any.' });

const problem = { content: { [problemMediaType]: { schema: problemSchema } } };

/** Every route may answer with these. */
export const problemAnswers = {
  '4xx': { description: 'The request is invalid; see `type` and `detail`.', ...problem },
  '5xx': { description: 'Sluice failed or is overloaded; see the header Retry-After.', ...problem },
} as const;
