import * as z from 'zod';
import { setting } from '../setting.ts';

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
});
