import * as z from 'zod';
import type { BatchStatistics } from '../core/scored-batch.ts';
import { trafficSchema } from './drift-monitor.ts';
import { addTraffic, noTraffic, type Traffic, trafficOf } from './traffic.ts';

/** In a model's `training.json`: what messages that it was not trained on looked like to it, when it was new. */
export const REFERENCE = 'reference';

const trainingFileSchema = z.looseObject({ [REFERENCE]: trafficSchema.optional() });

/** The reference in the content of a model's `training.json`; null where there is none. Throws where the content is not as it should be. */
export function referenceOf(trainingFile: string): Traffic | null {
  return trainingFileSchema.parse(JSON.parse(trainingFile))[REFERENCE] ?? null;
}

/** The content of a model's `training.json` with this reference. Throws where the content is not as it should be. */
export function withReference(trainingFile: string, reference: Traffic): string {
  const training = trainingFileSchema.parse(JSON.parse(trainingFile));
  return `${JSON.stringify({ ...training, [REFERENCE]: reference }, null, 1)}\n`;
}

/** What messages look like that were scored in these batches. */
export function trafficOfBatches(batches: Iterable<BatchStatistics>): Traffic {
  let sum = noTraffic;
  for (const statistics of batches) sum = addTraffic(sum, trafficOf(statistics));
  return sum;
}
