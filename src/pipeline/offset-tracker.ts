import type { Batch } from '../core/batch.ts';
import { type CommittableOffset, type TopicPartition, topicPartitionKey } from '../core/topic-partition.ts';

/** A batch's position in its partition's order. The caller hands it back to settle the batch. */
export interface Ticket {
  readonly queue: PartitionQueue;
  readonly nextOffset: number;
  settled: boolean;
}

/** Unsettled batches of one partition in one assignment epoch, in the order they were pulled. */
interface PartitionQueue extends TopicPartition {
  readonly epoch: number;
  /** Batches from `head` on are waiting for the first of them to settle. */
  waiting: Ticket[];
  head: number;
  /** One past the last contiguous settled offset; undefined until the first batch of the epoch settled. */
  committable: number | undefined;
  committed: number | undefined;
}

/** An offset that may be committed until its assignment epoch ends. */
export interface EpochOffset extends CommittableOffset {
  readonly epoch: number;
}

/** Dropping settled tickets one by one from the front would copy the rest each time. */
const COMPACT_AFTER = 64;

/**
 * Computes how far each partition may be committed. Batches settle in any order, but only offsets before the first
 * unsettled batch are committable. When an assignment epoch is revoked or followed by another, its batches are forgotten.
 */
export class OffsetTracker {
  readonly #queues = new Map<string, PartitionQueue>();

  /** Must be called for each batch of a partition, in the order in which they were pulled. */
  pulled(batch: Batch): Ticket {
    const key = topicPartitionKey(batch);
    let queue = this.#queues.get(key);
    if (queue === undefined || queue.epoch < batch.epoch) {
      queue = newQueue(batch);
      this.#queues.set(key, queue);
    } else if (queue.epoch > batch.epoch) {
      return { queue: newQueue(batch), nextOffset: batch.nextOffset, settled: false };
    }
    const ticket = { queue, nextOffset: batch.nextOffset, settled: false };
    queue.waiting.push(ticket);
    return ticket;
  }

  /** Marks a batch whose outcomes every sink has accepted. Settling twice, or after a revoke, changes nothing. */
  settle(ticket: Ticket): void {
    ticket.settled = true;
    const { queue } = ticket;
    let first = queue.waiting[queue.head];
    while (first?.settled) {
      queue.committable = first.nextOffset;
      queue.head++;
      first = queue.waiting[queue.head];
    }
    if (queue.head >= COMPACT_AFTER || first === undefined) {
      queue.waiting = queue.waiting.slice(queue.head);
      queue.head = 0;
    }
  }

  /** Ends this assignment epoch: none of its offsets, and none of an earlier one, is committable from now on. */
  revoke(at: TopicPartition, epoch: number): void {
    const key = topicPartitionKey(at);
    const queue = this.#queues.get(key);
    if (queue === undefined || queue.epoch > epoch) return;
    this.#queues.delete(key);
  }

  /** Returns the offsets that moved since they were last committed. */
  committable(): readonly EpochOffset[] {
    const moved: EpochOffset[] = [];
    for (const { topic, partition, epoch, committable, committed } of this.#queues.values()) {
      if (committable !== undefined && committable !== committed)
        moved.push({ topic, partition, epoch, nextOffset: committable });
    }
    return moved;
  }

  /** Returns those of `offsets` whose assignment epoch has not ended. */
  stillOurs(offsets: readonly EpochOffset[]): readonly EpochOffset[] {
    return offsets.filter((offset) => this.#queues.get(topicPartitionKey(offset))?.epoch === offset.epoch);
  }

  committed(offsets: readonly EpochOffset[]): void {
    for (const offset of offsets) {
      const queue = this.#queues.get(topicPartitionKey(offset));
      if (queue?.epoch === offset.epoch) queue.committed = offset.nextOffset;
    }
  }
}

function newQueue({ topic, partition, epoch }: Batch): PartitionQueue {
  return {
    topic,
    partition,
    epoch,
    waiting: [],
    head: 0,
    committable: undefined,
    committed: undefined,
  };
}
