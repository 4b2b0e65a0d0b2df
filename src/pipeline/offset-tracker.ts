import type { Batch } from '../core/batch.ts';
import { type CommittableOffset, type TopicPartition, topicPartitionKey } from '../core/topic-partition.ts';

/** A batch's place in its partition's order; handed back to settle it. */
export interface Ticket {
  readonly lane: Lane;
  readonly nextOffset: number;
  settled: boolean;
}

/** One tenure of one partition: its unsettled batches in the order they were pulled. Out of the map, it is forgotten. */
interface Lane extends TopicPartition {
  readonly tenure: number;
  /** Batches from `head` on are waiting for the first of them to settle. */
  waiting: Ticket[];
  head: number;
  /** One past the last contiguous settled offset; undefined until the first batch of the tenure settled. */
  committable: number | undefined;
  committed: number | undefined;
}

/** An offset that may be committed as long as its tenure lasts. */
export interface TenuredOffset extends CommittableOffset {
  readonly tenure: number;
}

/** Dropping settled tickets one by one from the front would copy the rest each time. */
const COMPACT_AFTER = 64;

/**
 * Knows how far each partition may be committed: batches settle in any order, but only what lies before the first
 * unsettled one is committable. A tenure that was revoked, or followed by another, is forgotten with all its batches.
 */
export class OffsetTracker {
  readonly #lanes = new Map<string, Lane>();

  /** To be called for each batch of a partition, in the order in which they were pulled. */
  pulled(batch: Batch): Ticket {
    const key = topicPartitionKey(batch);
    let lane = this.#lanes.get(key);
    if (lane === undefined || lane.tenure < batch.tenure) {
      lane = newLane(batch);
      this.#lanes.set(key, lane);
    } else if (lane.tenure > batch.tenure) {
      return { lane: newLane(batch), nextOffset: batch.nextOffset, settled: false };
    }
    const ticket = { lane, nextOffset: batch.nextOffset, settled: false };
    lane.waiting.push(ticket);
    return ticket;
  }

  /** Its outcomes were accepted by every sink. Settling twice, or after a revoke, changes nothing. */
  settle(ticket: Ticket): void {
    ticket.settled = true;
    const { lane } = ticket;
    let first = lane.waiting[lane.head];
    while (first?.settled) {
      lane.committable = first.nextOffset;
      lane.head++;
      first = lane.waiting[lane.head];
    }
    if (lane.head >= COMPACT_AFTER || first === undefined) {
      lane.waiting = lane.waiting.slice(lane.head);
      lane.head = 0;
    }
  }

  /** Nothing of this tenure or an earlier one is committable from now on. */
  revoke(at: TopicPartition, tenure: number): void {
    const key = topicPartitionKey(at);
    const lane = this.#lanes.get(key);
    if (lane === undefined || lane.tenure > tenure) return;
    this.#lanes.delete(key);
  }

  /** What moved since it was last committed. */
  committable(): readonly TenuredOffset[] {
    const moved: TenuredOffset[] = [];
    for (const { topic, partition, tenure, committable, committed } of this.#lanes.values()) {
      if (committable !== undefined && committable !== committed)
        moved.push({ topic, partition, tenure, nextOffset: committable });
    }
    return moved;
  }

  /** Of those, the ones whose tenure still lasts. */
  stillOurs(offsets: readonly TenuredOffset[]): readonly TenuredOffset[] {
    return offsets.filter((offset) => this.#lanes.get(topicPartitionKey(offset))?.tenure === offset.tenure);
  }

  committed(offsets: readonly TenuredOffset[]): void {
    for (const offset of offsets) {
      const lane = this.#lanes.get(topicPartitionKey(offset));
      if (lane?.tenure === offset.tenure) lane.committed = offset.nextOffset;
    }
  }
}

function newLane({ topic, partition, tenure }: Batch): Lane {
  return {
    topic,
    partition,
    tenure,
    waiting: [],
    head: 0,
    committable: undefined,
    committed: undefined,
  };
}
