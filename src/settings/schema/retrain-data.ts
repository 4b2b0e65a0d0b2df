import * as z from 'zod';
import { setting } from '../setting.ts';

const weight = z.number().min(0).max(1);

const reports = z.strictObject({
  weight: setting(weight.default(0.05), {
    description:
      'What one report of a user counts for in training while nobody has decided the message, as spam; a label counts for 1. 0 to not train on reports.',
  }),
  mostPerReporter: setting(z.number().min(0).max(1000).default(0.5), {
    description: 'What all such reports of one user count for together, at most.',
  }),
  mostPerMessage: setting(weight.default(0.1), {
    description: 'What all reports of one message count for together, at most.',
  }),
  leastShare: setting(weight.default(0.0002), {
    description:
      'A message that users reported counts from this share of what the reports of all who ever reported could count for, and from one whole report. With the default, one in twenty of them can bring in 250 messages at most.',
  }),
  mostShare: setting(weight.default(0.01), {
    description: 'What all such reports count for together, at most, as a share of what is labeled.',
  }),
});

/** What `sluice retrain` and `sluice dataset` assemble. */
export const retrainData = z.strictObject({
  base: setting(
    z
      .array(z.string().min(1))
      .min(1)
      .default(['corpus:own', 'corpus:spam-assassin', 'corpus:chitchat:30000']),
    {
      description: 'Data sets that every model is trained on, beside what people decided.',
      allowed: 'as `sluice train --data` takes them',
    },
  ),
  mostPerCommunityMonth: setting(z.number().int().min(1).max(10_000_000).default(5000), {
    description:
      'Labeled messages of one community and one month that are used at most; more are sampled, so that one community does not decide for all.',
  }),
  newestShare: setting(z.number().min(0).max(0.5).default(0.1), {
    description:
      'Of the groups of near-duplicates that were first labeled after the active model, the share that no model is trained on yet, the newest ones, so that what is held out of them is later than all that was trained on. 0 for none.',
  }),
  reports: reports.prefault({}),
});
