import type { LabelledMessage } from '../ports/labelled-messages.ts';
import type { Scorer } from '../ports/scorer.ts';

/** How many messages the scorer gets at once. */
export const BATCH = 512;

export interface ScoredMessages {
  readonly model: string;
  /** In the order of the messages; null where the scorer could not read or score one. */
  readonly probabilities: readonly (number | null)[];
}

/**
 * The exact probability of each message, from the scorer that production uses. The language is not given to it: most sites don't know
 * it, so figures are of what the pipeline finds out by itself. Throws what the scorer throws.
 */
export async function scoreMessages(
  scorer: Scorer,
  batch: readonly Pick<LabelledMessage, 'text'>[],
): Promise<ScoredMessages> {
  const encoder = new TextEncoder();
  const bytes = batch.map(({ text }, at) =>
    encoder.encode(JSON.stringify({ message: text, message_id: String(at) })),
  );
  const { model, scored } = await scorer.score(bytes, { every: true, exactScores: 'all' });
  const probabilities = new Array<number | null>(batch.length).fill(null);
  for (const { index, probability } of scored) probabilities[index] = probability;
  return { model, probabilities };
}
