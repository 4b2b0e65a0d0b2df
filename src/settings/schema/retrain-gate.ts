import * as z from 'zod';
import { gates } from '../../core/gate-report.ts';
import { setting } from '../setting.ts';

const margin = z.number().min(0.0001).max(0.5);
const cost = z.number().min(0).max(1_000_000);
const fewest = z.number().int().min(20).max(1_000_000);

/** When a new model is promoted. */
export const retrainGate = z.strictObject({
  kind: setting(z.enum(gates).default('sound'), {
    description:
      'How a new model is compared with the active one. `document`: its true positive rate is not lower and its false positive rate not higher. `sound`: it is shown to be no worse than by the margins, and to cost less.',
  }),
  margins: z
    .strictObject({
      truePositiveRate: setting(margin.default(0.02), {
        description:
          'With `sound`, the new model must be shown to find less than so much less of the spam. 0.02 is two points.',
      }),
      falsePositiveRate: setting(margin.default(0.005), {
        description:
          'With `sound`, the new model must be shown to call less than so much more of the ham spam. 0.005 is half a point.',
      }),
      partFactor: setting(z.number().min(1).max(10).default(2), {
        description:
          'The margins are so many times as wide within the old messages, the new messages, and each language, of which there are fewer.',
      }),
      obfuscatedRecall: setting(margin.default(0.02), {
        description: 'With `sound`, recall under each obfuscation may fall by so much.',
      }),
    })
    .prefault({}),
  costs: z
    .strictObject({
      falseAccusation: setting(cost.default(3), {
        description:
          'What it costs that a ham message is called spam, in any unit: only the ratios of the three costs matter.',
      }),
      missedSpam: setting(cost.default(1), {
        description: 'What it costs that a spam message passes as ham.',
      }),
      review: setting(cost.default(0.5), {
        description: 'What it costs that a person has to look at a message.',
      }),
      spamShare: setting(z.number().min(0.0001).max(0.9999).optional(), {
        description: 'Share of spam among the messages that the costs are expected at.',
        defaultText: 'that of the held-out messages',
      }),
    })
    .prefault({}),
  leastGain: setting(z.number().min(0.001).max(1).default(0.2), {
    description:
      'Share of the active model’s cost that a new model should save: with fewer messages than show such a saving in 80 of 100 cases, the answer is that they are too few.',
  }),
  fewestPerLanguage: setting(fewest.default(300), {
    description: 'A language with fewer held-out messages of a class is not compared apart in that class.',
    unit: 'messages',
  }),
  fewestPerObfuscation: setting(fewest.default(100), {
    description: 'An obfuscation that changes fewer held-out spam messages is not compared.',
    unit: 'messages',
  }),
});
