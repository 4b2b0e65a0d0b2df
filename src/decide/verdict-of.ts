import type { ScoredMessage } from '../core/scored-batch.ts';
import type { Verdict } from '../core/verdict.ts';

/**
 * The verdict that the model's word on one message becomes; the one mapping, for the line, the API and `sluice score`.
 * `model`: version of the model that scored it. `scoredAt`: RFC 3339, UTC.
 */
export function verdictOf(scored: ScoredMessage, model: string, scoredAt: string): Verdict {
  return {
    community: scored.message.community,
    message_id: scored.message.message_id,
    verdict: scored.verdict,
    probability: scored.probability,
    probability_min: scored.probabilityMin,
    probability_max: scored.probabilityMax,
    model,
    decided_by: 'model',
    reasons: [...scored.reasons],
    scored_at: scoredAt,
  };
}
