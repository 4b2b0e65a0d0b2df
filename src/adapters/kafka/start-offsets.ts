import type { Kafka } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { CommittableOffset } from '../../core/topic-partition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { accessRefused } from './access-refused.ts';
import { GroupAdmin } from './group-admin.ts';
import { type GroupOffsets, readGroupOffsets } from './group-offsets.ts';
import type { PartitionBuffer } from './partition-buffer.ts';
import { isTransient } from './transient-error.ts';

export interface StartOffsetsOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly group: string;
  /** Where a new group begins; a time in epoch milliseconds. */
  readonly startAt: 'earliest' | 'latest' | number;
  /** Ends when all that was there when it was opened has been delivered. */
  readonly once: boolean;
  readonly log: Log;
  readonly clock: Clock;
}

/** What the partitions of an assignment are begun by. */
export interface Beginning {
  readonly buffers: ReadonlyMap<number, PartitionBuffer>;
  /** Whether the assignment lasts. */
  readonly lasts: () => boolean;
  readonly pause: (partition: number) => void;
  readonly resume: (partition: number) => void;
  /** Makes a partition begin there, and commits it. */
  readonly begin: (offsets: readonly CommittableOffset[]) => Promise<void>;
}

/** A broker that has just started answers by then. */
const LOOK_SECONDS = 30;

/** Where the partitions of a new group begin, and where those of a source end that does. */
export class StartOffsets {
  readonly #options: StartOffsetsOptions;
  readonly #admin: GroupAdmin;
  /** Of a group that is new; partitions that come later begin at their beginning. */
  #begin = new Map<number, number>();
  #end: Map<number, number> | undefined;

  constructor(options: StartOffsetsOptions) {
    this.#options = options;
    this.#admin = new GroupAdmin(() => options.kafka.admin());
  }

  /** Looks where both are, before the group is joined. Throws `SOURCE_FAILED`, `SETTINGS_INVALID` where access is refused. */
  async look(): Promise<void> {
    const { startAt, once, topic, clock } = this.#options;
    if (startAt === 'earliest' && !once) return;
    const deadline = clock.elapsed() + LOOK_SECONDS;
    for (;;)
      try {
        const offsets = await this.#groupOffsets();
        const isNew = offsets.every(({ committed }) => committed === undefined);
        if (startAt !== 'earliest' && isNew) this.#begin = await this.#missingOffsets(offsets, startAt);
        if (once) this.#end = new Map(offsets.map(({ partition, high }) => [partition, high]));
        return;
      } catch (error) {
        if (isTransient(error) && clock.elapsed() < deadline) {
          await clock.sleep(0.3);
          continue;
        }
        await this.close();
        const refused = accessRefused(error);
        if (refused !== undefined) throw refused;
        throw new SluiceError(
          'SOURCE_FAILED',
          `the topic ${topic} cannot be looked at (${describeError(error)}); check kafka.brokers, kafka.tls, the topic, and the rights`,
          { cause: error },
        );
      }
  }

  /** Lets partitions begin where they should, and finds where those of a source that ends do. Never rejects. */
  async settle(beginning: Beginning): Promise<void> {
    const { clock, topic, log } = this.#options;
    const { buffers, lasts, pause, resume, begin } = beginning;
    const partitions = [...buffers.keys()].filter((partition) => this.#begin.has(partition));
    if (partitions.length === 0 && this.#end === undefined) return;
    // Nothing may be fetched before that.
    for (const partition of partitions) pause(partition);
    while (lasts()) {
      try {
        const offsets = await this.#groupOffsets();
        if (!lasts()) return;
        const committed = new Map(offsets.map((each) => [each.partition, each.committed]));
        // Another member may have begun it meanwhile.
        const starts = partitions
          .filter((partition) => committed.get(partition) === undefined)
          .map((partition) => ({ topic, partition, nextOffset: this.#begin.get(partition)! }));
        if (starts.length > 0) await begin(starts);
        if (!lasts()) return;
        for (const { partition, low } of offsets)
          buffers.get(partition)?.beginAt(committed.get(partition) ?? this.#begin.get(partition) ?? low);
        for (const partition of partitions) {
          this.#begin.delete(partition);
          resume(partition);
        }
        return;
      } catch (error) {
        log.warn(
          { error: describeError(error) },
          'it could not be settled where the group begins; tried again',
        );
        await clock.sleep(0.5);
      }
    }
  }

  /** Of a source that ends: whether all that was there has been delivered. */
  isReached(buffers: Iterable<PartitionBuffer>): boolean {
    if (this.#end === undefined) return false;
    for (const { partition, position, count } of buffers)
      if (position === undefined || count > 0 || position < (this.#end.get(partition) ?? 0)) return false;
    return true;
  }

  async close(): Promise<void> {
    await this.#admin.drop();
  }

  async #missingOffsets(
    offsets: readonly GroupOffsets[],
    startAt: 'latest' | number,
  ): Promise<Map<number, number>> {
    if (startAt === 'latest') return new Map(offsets.map(({ partition, high }) => [partition, high]));
    const found = await this.#admin.asked((admin) =>
      admin.fetchTopicOffsetsByTimestamp(this.#options.topic, startAt),
    );
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  async #groupOffsets(): Promise<readonly GroupOffsets[]> {
    const { group, topic } = this.#options;
    return await this.#admin.asked((admin) => readGroupOffsets(admin, group, topic));
  }
}
