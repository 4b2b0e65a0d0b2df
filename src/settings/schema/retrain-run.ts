import * as z from 'zod';
import { setting } from '../setting.ts';
import { path } from './shared.ts';

/** How a new model is trained. */
export const retrainRun = z.strictObject({
  seed: setting(z.number().int().min(0).max(999_999_999).default(0), {
    description: 'Seed of all random choices of a retraining.',
  }),
  folder: setting(path.default('retrain'), {
    description:
      'Folder for what a retraining works with: its data, which is removed at its end, and the new model, which the next one removes.',
    defaultBase: 'state',
  }),
  lockSeconds: setting(z.number().min(1).max(3600).default(60), {
    description:
      'How long a retraining whose process was killed keeps others from retraining. It is renewed all the time while one runs.',
    unit: 's',
  }),
});
