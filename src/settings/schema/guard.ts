import * as z from 'zod';
import { setting } from '../setting.ts';

const beyond = z.number().min(0.0001).max(0.5);

/** What holds the spam of a new model back whose verdicts depart from those of the model before. */
export const guard = z.strictObject({
  messages: setting(z.number().int().min(0).max(100_000_000).default(10_000), {
    description:
      'Messages that the model before scores too after a change of the model. Spam that it does not call spam goes to review meanwhile. 0 turns the guard off.',
    unit: 'messages',
  }),
  maxHours: setting(z.number().min(0.01).max(8760).default(24), {
    description: 'Time after which this ends though there were fewer messages.',
    unit: 'h',
  }),
  spamDeparture: setting(beyond.default(0.01), {
    description:
      'How far the share of spam may be from that of the model before. Beyond it, all spam of the new model goes to review until a person confirms the model or rolls it back.',
  }),
  reviewDeparture: setting(beyond.default(0.03), {
    description: 'The same for the share of review.',
  }),
  falseAlarms: setting(z.number().min(1e-9).max(0.1).default(0.001), {
    description:
      'Probability, at most, that a change is held back though the shares depart by less, for each change and daemon.',
  }),
});
