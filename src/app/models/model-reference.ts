import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../adapters/file/replace-file.ts';
import type { Thresholds } from '../../core/decision-policy.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { BatchStatistics } from '../../core/scored-batch.ts';
import type { Traffic } from '../../drift/traffic.ts';
import { trafficOfBatches, withReference } from '../../drift/training-reference.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import { openTextPool, TEXT_BATCH, textMessage } from './open-text-pool.ts';

/** File of a model's folder that its manifest does not list. */
export const trainingFile = 'training.json';

export interface ReferenceOptions {
  readonly thresholds: Thresholds;
  readonly threads: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Scores messages that a model was not trained on as the pipeline would, and writes down in the model's folder what they look like to it: the
 * reference that the messages of production are compared with. The manifest does not change. Throws `DATA_INVALID` where there is no message,
 * and `MODEL_CORRUPT` where the folder's `training.json` cannot be read.
 */
export async function addReference(
  model: LocalModel,
  messages: AsyncIterable<{ readonly text: string }>,
  options: ReferenceOptions,
): Promise<Traffic> {
  const reference = await measure(model, messages, options);
  if (reference.messages === 0)
    throw new SluiceError(
      'DATA_INVALID',
      'The data has no message that is held out of training. Name the data that the model was trained on.',
    );
  const file = join(model.path, trainingFile);
  let content: string;
  try {
    content = withReference(await readFile(file, 'utf8'), reference);
  } catch (error) {
    throw new SluiceError(
      'MODEL_CORRUPT',
      `${file} cannot be read (${describeError(error)}). Take the model's folder from where it was trained.`,
      { cause: error },
    );
  }
  await replaceFile(file, content);
  return reference;
}

async function measure(
  model: LocalModel,
  messages: AsyncIterable<{ readonly text: string }>,
  { thresholds, threads, signal }: ReferenceOptions,
): Promise<Traffic> {
  const pool = await openTextPool(model, { ...thresholds, exactScores: 'notHam', threads });
  try {
    const found: BatchStatistics[] = [];
    for await (const batch of batchesOf(messages)) {
      signal?.throwIfAborted();
      // No language is stated: most sites do not know it.
      found.push((await pool.score(batch.map(({ text }, at) => textMessage({ text }, at)))).statistics);
    }
    return trafficOfBatches(found);
  } finally {
    await pool.close();
  }
}

async function* batchesOf<T>(messages: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const message of messages) {
    batch.push(message);
    if (batch.length < TEXT_BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
