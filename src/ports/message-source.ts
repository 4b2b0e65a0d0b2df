import type { Batch } from '../core/batch.ts';
import type { CommittableOffset, TopicPartition } from '../core/topic-partition.ts';

/** How far one partition is behind. */
export interface PartitionLag extends TopicPartition {
  readonly committed: number;
  readonly highWatermark: number;
  /** highWatermark − committed, in the source's unit of offsets (records, or bytes of a file). */
  readonly lag: number;
  /** The consumer group whose lag it is, where the source has one. */
  readonly group?: string;
  /** How old the oldest message is that is not committed, as far as the source knows. */
  readonly seconds?: number;
}

/** Whether the source can deliver, for metrics and alerts. */
export interface SourceStatus {
  /** Partitions that are assigned to it now; none while it is out of its group. */
  readonly partitions: number;
  /** False while it is out of its group, or gives no sign of life. */
  readonly member: boolean;
  /** Seconds since `lag` last worked; undefined where it has not yet. */
  readonly lagAgeSeconds: number | undefined;
}

export interface SourceEvents {
  /**
   * The partitions are about to be revoked: what is settled and durable by the time the promise resolves is committed; what
   * is not is delivered again. The source gives out nothing meanwhile, and waits for a few seconds at most.
   */
  revoking?(): void | Promise<void>;
  /** The partition is no longer assigned: no offset of this epoch may be committed any more. */
  revoked(at: TopicPartition, epoch: number): void;
}

/**
 * Where messages come from. Delivery is at least once: what is not committed is delivered again after a restart.
 * Back-pressure is not calling {@link pull}.
 */
export interface MessageSource {
  /** Makes the source ready to be pulled, from the committed offsets on. Throws `SOURCE_FAILED` when it can't. */
  open(events: SourceEvents): Promise<void>;
  /**
   * The next batch, filled to the configured count or age, of a partition that `skip` does not name; `skip` is called for
   * each pull again. Resolves to `undefined` when `signal` aborts, and, for a source that ends, when everything there is has
   * been delivered. A pull that is aborted loses nothing: the next one goes on where it was.
   */
  pull(signal: AbortSignal, skip?: (at: TopicPartition) => boolean): Promise<Batch | undefined>;
  /** Remembers durably where to go on. Throws `OFFSETS_FAILED` (retriable). */
  commit(offsets: readonly CommittableOffset[]): Promise<void>;
  /**
   * Of the partitions that it has, or had last where it is out of its group. Rejects where the broker does not answer; what
   * was measured last is then still the best that is known, and {@link status} states how old it is.
   */
  lag(): Promise<readonly PartitionLag[]>;
  /** Left out by a source that has no group. */
  status?(): SourceStatus;
  /** Partitions whose fetching is paused by back-pressure. Left out by a source that has no such thing. */
  pausedPartitions?(): number;
  /** Why it does not deliver at present, in words; undefined when all is well. Left out by a source that can't be away. */
  trouble?(): string | undefined;
  /** Leaves the group and frees what is held. Idempotent. */
  close(): Promise<void>;
}
