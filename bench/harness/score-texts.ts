import { decodeAnswer, PackedMessages, packMessages } from '../../src/scoring/score-protocol.ts';
import type { LoadedModel } from '../../workers/loaded-model.ts';
import { scorePackedBatch } from '../../workers/score-packed-batch.ts';

export const THRESHOLDS = { rejectMin: 0.5, rejectMax: 0.7 };
const BATCH = 512;
const SCORING = {
  policy: { default: THRESHOLDS, communities: {}, exactScores: 'all', maxMessageBytes: 65_536 },
  exactScores: 'all',
  every: true,
  explain: false,
} as const;

/** The probability of each text, null where it could not be scored. Without a language, as the pipeline gets most messages. */
export async function scoreTexts(model: LoadedModel, texts: readonly string[]): Promise<(number | null)[]> {
  const encoder = new TextEncoder();
  const probabilities: (number | null)[] = texts.map(() => null);
  for (let from = 0; from < texts.length; from += BATCH) {
    const lines = texts
      .slice(from, from + BATCH)
      .map((text, at) => encoder.encode(JSON.stringify({ message: text, message_id: String(at) })));
    const answer = await scorePackedBatch(model, new PackedMessages(packMessages(lines)), SCORING);
    for (const { index, probability } of decodeAnswer(answer).scored)
      probabilities[from + index] = probability;
  }
  return probabilities;
}
