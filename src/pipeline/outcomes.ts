import type { Batch, MessageHeaders } from '../core/batch.ts';
import type { DeadLetter, DeadLetterReason } from '../core/dead-letter.ts';
import type { ScoredMessage } from '../core/scored-batch.ts';
import type { Position } from '../core/topic-partition.ts';
import type { Outcome, Verdict } from '../core/verdict.ts';
import { verdictOf } from '../decide/verdict-of.ts';
import type { NewReviewItem } from '../ports/review-store.ts';
import type { TraceEntry } from '../ports/trace-sink.ts';
import type { BatchResult } from './dispatch.ts';

/** The records of a scored batch, by sink. Ham has none but its line in the trace. */
export interface Outcomes {
  readonly verdicts: readonly Verdict[];
  /** Headers of the scored messages, each at the index of its verdict. */
  readonly verdictHeaders: readonly (MessageHeaders | undefined)[];
  /** Of the same messages. */
  readonly verdictPositions: readonly Position[];
  readonly reviews: readonly NewReviewItem[];
  readonly letters: readonly DeadLetter[];
  readonly trace: readonly TraceEntry[];
}

export interface OutcomeOptions {
  /** `observe`: no verdict is published and no review row is stored; dead letters and trace are written as ever. */
  readonly mode: 'enforce' | 'observe';
  /** Needs a result for every message, ham too. */
  readonly traced: boolean;
  /** Epoch milliseconds, of the whole batch. */
  readonly now: number;
}

const POISON_DETAIL = 'the thread or process that scored this message alone died twice';

/** Sorts a scored batch by outcome. */
export function outcomesOf(
  batch: Batch,
  result: BatchResult,
  { mode, traced, now }: OutcomeOptions,
): Outcomes {
  const verdicts: Verdict[] = [];
  const verdictHeaders: (MessageHeaders | undefined)[] = [];
  const verdictPositions: Position[] = [];
  const reviews: NewReviewItem[] = [];
  const letters: DeadLetter[] = [];
  const trace: TraceEntry[] = [];
  const scoredAt = new Date(now).toISOString();
  const enforced = mode === 'enforce';

  const positionOf = (index: number): Position => ({
    topic: batch.topic,
    partition: batch.partition,
    offset: batch.messages[index]!.offset,
  });
  const traceOf = (index: number, scored: ScoredMessage | null, outcome: Outcome, model: string): void => {
    if (!traced) return;
    const { community = null, message_id = null } = scored?.message ?? {};
    trace.push({ position: positionOf(index), community, message_id, outcome, model });
  };
  const kill = (index: number, reason: DeadLetterReason, detail: string, model: string): void => {
    const { bytes, headers, key, timestamp } = batch.messages[index]!;
    letters.push({
      position: positionOf(index),
      reason,
      detail,
      bytes,
      ...(headers === undefined ? {} : { headers }),
      ...(key === undefined ? {} : { key }),
      ...(timestamp === undefined ? {} : { timestamp }),
    });
    traceOf(index, null, 'dead-letter', model);
  };

  for (const { model, scored, unreadable } of result.parts) {
    for (const each of scored) {
      if (enforced && each.verdict === 'spam') {
        verdicts.push(verdictOf(each, model, scoredAt));
        verdictHeaders.push(batch.messages[each.index]!.headers);
        verdictPositions.push(positionOf(each.index));
      }
      // One row for a message that was drawn, also where it is for review anyway: a person answers once, without seeing the score.
      if (enforced && (each.verdict === 'review' || each.audit !== undefined))
        reviews.push(reviewItemOf(each, model, positionOf(each.index)));
      traceOf(each.index, each, each.verdict, model);
    }
    for (const { index, reason, detail } of unreadable) kill(index, reason, detail, model);
  }
  // No model has scored these; the trace names the one that scored the rest of the batch.
  for (const index of result.poisoned)
    kill(index, 'kills-scorer', POISON_DETAIL, result.parts[0]?.model ?? '');
  return { verdicts, verdictHeaders, verdictPositions, reviews, letters, trace };
}

function reviewItemOf(scored: ScoredMessage, model: string, position: Position): NewReviewItem {
  return {
    community: scored.message.community,
    message_id: scored.message.message_id,
    message: scored.message.message,
    sender: scored.message.sender ?? null,
    probability: scored.unscorable ? null : scored.probability,
    reasons: scored.reasons,
    model,
    position,
    ...originOf(scored),
  };
}

function originOf({ audit, unscorable }: ScoredMessage): Pick<NewReviewItem, 'origin' | 'audit'> {
  if (audit !== undefined) return { origin: 'audit', audit };
  return { origin: unscorable ? 'unscorable' : 'band' };
}
