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
  /** How old the oldest message is that is not committed, as far as the source can tell. */
  readonly seconds?: number;
}

export interface SourceEvents {
  /** The partition is no longer ours: nothing of the tenure may be committed any more. */
  revoked(at: TopicPartition, tenure: number): void;
}

/**
 * Where messages come from. Delivery is at least once: what is not committed is delivered again after a restart.
 * Back-pressure is not calling {@link pull}.
 */
export interface MessageSource {
  /** Makes the source ready to be pulled, from the committed offsets on. Throws `SOURCE_FAILED` when it can't. */
  open(events: SourceEvents): Promise<void>;
  /**
   * The next batch, filled to the configured count or age. Resolves to `undefined` when `signal` aborts, and, for a
   * source that ends, when everything there is has been delivered.
   */
  pull(signal: AbortSignal): Promise<Batch | undefined>;
  /** Remembers durably where to go on. Throws `OFFSETS_FAILED` (retriable). */
  commit(offsets: readonly CommittableOffset[]): Promise<void>;
  lag(): Promise<readonly PartitionLag[]>;
  /** Partitions whose fetching is paused by back-pressure. Left out by a source that has no such thing. */
  pausedPartitions?(): number;
  /** Why it does not deliver at present, in words; undefined when all is well. Left out by a source that can't be away. */
  trouble?(): string | undefined;
  /** Leaves the group and frees what is held. Idempotent. */
  close(): Promise<void>;
}
