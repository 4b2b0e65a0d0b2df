import * as z from 'zod';
import { retrainData } from './retrain-data.ts';
import { retrainGate } from './retrain-gate.ts';
import { retrainRun } from './retrain-run.ts';

/** `sluice retrain`. */
export const retrain = z.strictObject({
  data: retrainData.prefault({}),
  gate: retrainGate.prefault({}),
  run: retrainRun.prefault({}),
});
