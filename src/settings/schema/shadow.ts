import * as z from 'zod';
import { modelVersionPattern } from '../../core/model-manifest.ts';
import { setting } from '../setting.ts';

/** A second model that scores a share of the messages without effect. */
export const shadow = z.strictObject({
  version: setting(
    z
      .string()
      .regex(new RegExp(`^$|${modelVersionPattern.source}`))
      .default(''),
    {
      description:
        'A model that scores a share of the messages beside the active one, without effect, so that people see where both differ. Empty for none.',
      live: true,
      allowed: 'a version of `sluice model list`, or the empty text',
    },
  ),
  share: setting(z.number().min(0).max(1).default(0.05), {
    description: 'Share of the messages that it scores. The same messages are drawn when they come again.',
    live: true,
  }),
  keep: setting(z.number().int().min(1).max(100_000).default(1000), {
    description: 'Messages that the two models disagree about to keep: the newest.',
    unit: 'messages',
  }),
  keepDays: setting(z.number().int().min(1).max(3650).default(30), {
    description: 'Age at which such messages are removed.',
    unit: 'days',
  }),
});
