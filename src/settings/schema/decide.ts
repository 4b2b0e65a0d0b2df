import * as z from 'zod';
import { exactScoresModes, unknownMessageModes } from '../../core/decision-policy.ts';
import { setting } from '../setting.ts';

const probability = z.number().min(0).max(1);
const language = z.string().regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/);

const community = z.strictObject({
  rejectMin: setting(probability.optional(), {
    description: 'Overrides `decide.rejectMin` for this community.',
    live: true,
    defaultText: '`decide.rejectMin`',
  }),
  rejectMax: setting(probability.optional(), {
    description: 'Overrides `decide.rejectMax` for this community.',
    live: true,
    defaultText: '`decide.rejectMax`',
  }),
  language: setting(language.optional(), {
    description: 'Language of messages of this community that do not name their language.',
    live: true,
    allowed: 'a language tag such as `en` or `de-AT`',
    defaultText: 'the model’s default',
  }),
  bias: setting(z.number().min(-10).max(10).optional(), {
    description:
      'Added to the log-odds of each message of this community: above zero more of them are spam, below zero fewer. 0.7 doubles the odds.',
    live: true,
    unit: 'log-odds',
    defaultText: '`0`',
  }),
});

export const decide = z.strictObject({
  rejectMin: setting(probability.default(0.5), {
    description: 'Messages up to and including this probability of spam are ham; above it, review.',
    live: true,
  }),
  rejectMax: setting(probability.default(0.7), {
    description: 'Messages up to and including this probability of spam are for review; above it, spam.',
    live: true,
  }),
  exactScores: setting(z.enum(exactScoresModes).default('notHam'), {
    description:
      'Which messages get an exact probability. The others get bounds, which is faster; the verdict is the same.',
    live: true,
  }),
  unknownMessage: setting(z.enum(unknownMessageModes).default('prior'), {
    description:
      'How to treat a message without any feature that the model knows, such as one in a script that it was not trained on. `prior` applies the thresholds to the share of spam in training.',
    live: true,
  }),
  communities: z.record(z.string().min(1), community).prefault({}),
});
