import type { BatchStatistics } from '../core/scored-batch.ts';
import type { LabelledMessage } from '../ports/labelled-messages.ts';
import type { Scorer } from '../ports/scorer.ts';

/** How many messages the scorer gets at once. */
export const BATCH = 512;

export interface ScoredMessages {
  readonly model: string;
  /** In the order of the messages; null where the scorer could not read or score one. */
  readonly probabilities: readonly (number | null)[];
  readonly statistics: BatchStatistics;
  /** Only when asked for: of each message the value of each base model, null where it was not evaluated; null without a probability. */
  readonly baseModels?: readonly (readonly (number | null)[] | null)[];
}

/**
 * The exact probability of each message, from the scorer that production uses. The language is not given to it: most sites don't know
 * it, so figures are of what the pipeline finds out by itself. Throws what the scorer throws.
 */
export async function scoreMessages(
  scorer: Scorer,
  batch: readonly Pick<LabelledMessage, 'text'>[],
  { baseModels = false }: { readonly baseModels?: boolean } = {},
): Promise<ScoredMessages> {
  const encoder = new TextEncoder();
  const bytes = batch.map(({ text }, at) =>
    encoder.encode(JSON.stringify({ message: text, message_id: String(at) })),
  );
  const { model, scored, statistics } = await scorer.score(bytes, {
    ...{ every: true, exactScores: 'all' },
    ...(baseModels ? { explain: true } : {}),
  });
  const probabilities = new Array<number | null>(batch.length).fill(null);
  for (const { index, probability } of scored) probabilities[index] = probability;
  if (!baseModels) return { model, probabilities, statistics };
  const values = new Array<readonly (number | null)[] | null>(batch.length).fill(null);
  for (const { index, members } of scored) values[index] = members ?? null;
  return { model, probabilities, statistics, baseModels: values };
}

/** A stream in batches of what the scorer gets at once. */
export async function* inBatches<T>(items: AsyncIterable<T>): AsyncGenerator<T[]> {
  let batch: T[] = [];
  for await (const item of items) {
    batch.push(item);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
