import * as z from 'zod';
import { setting } from '../setting.ts';

/** How a new model is trained. */
export const retrainRun = z.strictObject({
  seed: setting(z.number().int().min(0).max(999_999_999).default(0), {
    description: 'Seed of all random choices of a retraining.',
  }),
});
