import type { Batch } from '../core/batch.ts';

/**
 * The batch without its tombstones: records of a compacted topic that only delete a key and hold no message. They have no
 * outcome; their offsets are settled with the batch. The messages may be none.
 */
export function withoutTombstones(batch: Batch): Batch {
  if (!batch.messages.some(({ tombstone }) => tombstone)) return batch;
  return { ...batch, messages: batch.messages.filter(({ tombstone }) => !tombstone) };
}
