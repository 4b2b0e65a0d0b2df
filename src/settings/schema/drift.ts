import * as z from 'zod';
import { setting } from '../setting.ts';

/** What compares the messages that arrive with those that are usual. */
export const drift = z.strictObject({
  enabled: setting(z.boolean().default(true), {
    description:
      'Compare scores, unknown words, languages and verdicts of the messages with those that are usual, and raise an alarm when they have changed.',
  }),
  windowMinutes: setting(z.number().int().min(5).max(60).default(5), {
    description: 'Time over which messages are counted before they are compared.',
    unit: 'min',
  }),
  leastMessages: setting(z.number().int().min(50).max(1_000_000).default(200), {
    description:
      'Messages that a comparison needs. With fewer, the time is extended to an hour; with fewer in an hour, nothing is compared, and no alarm is raised.',
    unit: 'messages',
  }),
  baselineDays: setting(z.number().int().min(3).max(28).default(7), {
    description:
      'How long it is recorded what is usual, from the start of a new model or threshold on. There are no alarms meanwhile.',
    unit: 'days',
  }),
  baseline: setting(z.string().max(100).default(''), {
    description:
      'Any text. With another one, it is recorded again what is usual: for a change that is there to stay.',
    allowed: 'a text such as a date',
  }),
  falseAlarmsPerMonth: setting(z.number().min(0.01).max(100).default(1), {
    description: 'Alarms without a change, on average, of each daemon and over all four signals together.',
  }),
});
