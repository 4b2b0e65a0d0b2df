import type { LabelRow } from '../../core/label-step.ts';
import type { PriorOf } from '../../labeling/label-questions.ts';
import type { Scorer } from '../../ports/scorer.ts';

/** Messages that are scored together. */
const BATCH = 250;

/** What a scorer says of rows of the training table, all base models included. Throws what the scorer throws. */
export function priorOfScorer(scorer: Scorer): PriorOf {
  const encoder = new TextEncoder();
  const score = async (rows: readonly LabelRow[], into: (number | null)[], from: number) => {
    const lines = rows.map(({ message, community, id }) =>
      encoder.encode(JSON.stringify({ message, community, message_id: String(id) })),
    );
    const answer = await scorer.score(lines, { every: true, exactScores: 'all' });
    for (const { index, probability, unscorable } of answer.scored)
      if (!unscorable) into[from + index] = probability;
  };
  return async (rows) => {
    const probabilities: (number | null)[] = rows.map(() => null);
    for (let from = 0; from < rows.length; from += BATCH)
      await score(rows.slice(from, from + BATCH), probabilities, from);
    return probabilities;
  };
}
