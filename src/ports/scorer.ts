import type { DecisionPolicy } from '../core/decision-policy.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';

export interface ScoreOptions {
  /** Report each message, ham too. */
  readonly every?: boolean;
  /** Report members and features of each reported message. */
  readonly explain?: boolean;
  /** Also report the messages of the sample of this share (0 … 1), as `isInSample` draws it. */
  readonly sample?: number;
  /** Also draw the messages of the audit sample, as the current policy states; where it is left out, nobody can find out who is drawn. */
  readonly audit?: boolean;
  /** Overrides `exactScores` of the current policy. */
  readonly exactScores?: DecisionPolicy['exactScores'];
}

/** Scores messages. One batch is scored by one model under one policy. */
export interface Scorer {
  /**
   * Throws `SCORER_THREAD_LOST` (retriable) when the thread died under the batch, `SCORER_CLOSED` after `close`.
   * The bytes are copied before the first await.
   */
  score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch>;
}
