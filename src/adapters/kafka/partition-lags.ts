import type { Kafka } from 'kafkajs';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { PartitionLag } from '../../ports/message-source.ts';
import type { PartitionEnds } from './fetch-answer.ts';
import { GroupAdmin } from './group-admin.ts';
import { readGroupOffsets } from './group-offsets.ts';
import { adminReadingUncommitted } from './kafkajs-tap.ts';
import type { PartitionBuffer } from './partition-buffer.ts';

export interface PartitionLagsOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly group: string;
  readonly log: Log;
  readonly clock: Clock;
}

/** A partition whose messages wait at the broker and that delivers none for so long is stuck. */
const STUCK_SECONDS = 30;
/** What a broker stated of a partition's end counts for so long; a partition that is not paused is asked for all the time. */
const ENDS_SECONDS = 10;
/** A transaction that is open for longer than most is worth a line in the log. */
const TRANSACTION_SECONDS = 60;

/** Since when a partition has delivered nothing, on both clocks: epoch milliseconds for reports, seconds for ages. */
interface Waiting {
  readonly at: number;
  readonly elapsed: number;
  readonly position: number;
  /** What waits lies behind an open transaction, so Kafka does not deliver it. */
  isBehindTransaction: boolean;
  isLogged: boolean;
}

interface Ends {
  readonly stable: number;
  readonly high: number;
  readonly elapsed: number;
}

/** How far the partitions of a group are behind, and which of them deliver nothing though messages wait. */
export class PartitionLags {
  readonly #options: PartitionLagsOptions;
  readonly #admin: GroupAdmin;
  readonly #ends = new Map<number, Ends>();
  readonly #waiting = new Map<number, Waiting>();
  #measured: number | undefined;

  constructor(options: PartitionLagsOptions) {
    this.#options = options;
    this.#admin = new GroupAdmin(() => adminReadingUncommitted(options.kafka));
  }

  /** Seconds since the last measurement that worked; undefined where none has. */
  get ageSeconds(): number | undefined {
    return this.#measured === undefined ? undefined : this.#options.clock.elapsed() - this.#measured;
  }

  /** What a broker stated with the answer to a fetch. */
  ends({ partition, high, stable }: PartitionEnds): void {
    this.#ends.set(partition, { high, stable, elapsed: this.#options.clock.elapsed() });
  }

  /** The assignment has ended. */
  forget(): void {
    this.#waiting.clear();
  }

  /** Of these partitions, with what is here of them. Throws what kafkajs throws. */
  async measure(
    partitions: readonly number[],
    buffers: ReadonlyMap<number, PartitionBuffer>,
  ): Promise<readonly PartitionLag[]> {
    const { topic, group, clock } = this.#options;
    if (partitions.length === 0) {
      this.#measured = clock.elapsed();
      return [];
    }
    const offsets = await this.#admin.asked((admin) => readGroupOffsets(admin, group, topic));
    this.#measured = clock.elapsed();
    return offsets.flatMap(({ partition, committed, low, high }) => {
      if (!partitions.includes(partition)) return [];
      const buffer = buffers.get(partition);
      const from = committed ?? (buffer?.position === undefined ? low : Math.min(low, buffer.position));
      const lag = Math.max(0, high - from);
      const waitingSince = buffer === undefined ? undefined : this.#watchProgress(buffer, from, high);
      const oldest = buffer?.oldestUncommitted ?? waitingSince;
      const seconds = lag === 0 || oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest) / 1000);
      return [{ topic, partition, committed: from, highWatermark: high, lag, group, seconds }];
    });
  }

  /** Which partition is stuck; undefined where none is. */
  trouble(): string | undefined {
    const now = this.#options.clock.elapsed();
    for (const [partition, { elapsed, isBehindTransaction }] of this.#waiting)
      if (!isBehindTransaction && now - elapsed > STUCK_SECONDS)
        return `partition ${partition} has delivered nothing for ${Math.round(now - elapsed)} s, though messages wait`;
    return undefined;
  }

  async close(): Promise<void> {
    await this.#admin.drop();
  }

  /** Since when the partition has had messages at the broker and got none, epoch milliseconds; undefined where all is well. */
  #watchProgress(buffer: PartitionBuffer, committed: number, high: number): number | undefined {
    const position = buffer.position ?? committed;
    const { partition } = buffer;
    if (position >= high || buffer.count > 0 || buffer.paused) {
      this.#waiting.delete(partition);
      return undefined;
    }
    const { clock } = this.#options;
    const elapsed = clock.elapsed();
    let waiting = this.#waiting.get(partition);
    if (waiting?.position !== position) {
      waiting = { at: clock.now(), elapsed, position, isBehindTransaction: false, isLogged: false };
      this.#waiting.set(partition, waiting);
    }
    const ends = this.#ends.get(partition);
    waiting.isBehindTransaction =
      ends !== undefined &&
      ends.stable < ends.high &&
      position >= ends.stable &&
      elapsed - ends.elapsed < ENDS_SECONDS;
    if (waiting.isBehindTransaction) this.#logTransaction(partition, waiting, high - position);
    return waiting.at;
  }

  #logTransaction(partition: number, waiting: Waiting, records: number): void {
    const { clock, log, topic } = this.#options;
    const seconds = Math.round(clock.elapsed() - waiting.elapsed);
    if (waiting.isLogged || seconds < TRANSACTION_SECONDS) return;
    waiting.isLogged = true;
    log.warn(
      { topic, partition, offset: waiting.position, records, seconds },
      'records wait behind a transaction that is still open; kafka-transactions.sh finds one that hangs',
    );
  }
}
