import type { ScoredBatch } from '../core/scored-batch.ts';
import { ProblemError } from './problem.ts';

/** For requests with one message: throws a problem when that one could not be read. */
export function refuseUnreadable(batch: Pick<ScoredBatch, 'unreadable'>): void {
  const [unreadable] = batch.unreadable;
  if (unreadable === undefined) return;
  const { reason, detail } = unreadable;
  throw new ProblemError(reason === 'too-large' ? 'too-large' : 'message-unreadable', {
    detail: `${reason}: ${detail}`,
  });
}
