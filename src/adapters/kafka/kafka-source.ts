import type { Kafka } from 'kafkajs';
import type { Batch } from '../../core/batch.ts';
import type { ByteBudget } from '../../core/byte-budget.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { CommittableOffset, TopicPartition } from '../../core/topic-partition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource, PartitionLag, SourceEvents, SourceStatus } from '../../ports/message-source.ts';
import type { FetchedRecord } from './fetched-record.ts';
import { GroupMember } from './group-member.ts';
import { type BatchLimits, PartitionBuffer } from './partition-buffer.ts';
import { PartitionLags } from './partition-lags.ts';
import { StartOffsets } from './start-offsets.ts';

export interface KafkaSourceOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly group: string;
  /** Where a new group begins; a time in epoch milliseconds. */
  readonly startAt: 'earliest' | 'latest' | number;
  readonly concurrentPartitions: number;
  readonly maxMessages: number;
  readonly maxAgeSeconds: number;
  /** Ends when all that was there when it was opened has been delivered. */
  readonly once: boolean;
  /** How soon partitions that are new are found; half a minute where left out. */
  readonly metadataSeconds?: number;
  /** What messages may occupy from being fetched to being settled; fetching pauses while it is used up. */
  readonly budget?: ByteBudget;
  readonly log: Log;
  readonly clock: Clock;
}

const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** What all partitions together may buffer, and what one may at most and at least. */
const BUFFERED_BYTES = 64 * 1024 * 1024;
const BUFFER_MOST_BYTES = 8 * 1024 * 1024;
const BUFFER_LEAST_BYTES = 1024 * 1024;
/** Batches of messages that a partition may buffer. */
const BUFFER_BATCHES = 4;
/** How long it may take until a position behind marks of transactions is committed, where no message is. */
const PASSED_SECONDS = 1;

/**
 * Messages of a topic, shared with the other members of a consumer group. What is fetched waits in a buffer for each
 * partition, so that fetching and scoring overlap; a partition whose buffer is full is paused, and all are while the budget
 * is used up. Each join begins new assignments: all buffers are emptied and filled again from the committed offsets.
 */
export class KafkaSource implements MessageSource {
  readonly #options: KafkaSourceOptions;
  readonly #limits: BatchLimits;
  readonly #member: GroupMember;
  readonly #start: StartOffsets;
  readonly #lags: PartitionLags;
  readonly #buffers = new Map<number, PartitionBuffer>();
  /** The partitions of the last assignment, also while it is out of the group. */
  #assigned: readonly number[] = [];
  #events: SourceEvents | undefined;
  #epoch = 0;
  #isJoined = false;
  /** While the group is about to be joined again nothing is given out: it could not be committed any more. */
  #isLeaving = false;
  #isWaitingForRoom = false;
  #isCommittingPassed = false;
  /** The partition that has its turn. */
  #turn = 0;
  #wake = () => {};
  #settling: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(options: KafkaSourceOptions) {
    this.#options = options;
    const { metadataSeconds = 30 } = options;
    this.#limits = {
      maxMessages: options.maxMessages,
      maxAgeSeconds: options.once ? 0 : options.maxAgeSeconds,
      maxBatchBytes: MAX_BATCH_BYTES,
    };
    this.#start = new StartOffsets(options);
    this.#lags = new PartitionLags(options);
    this.#member = new GroupMember({
      ...options,
      metadataSeconds,
      events: {
        joined: (partitions) => this.#joined(partitions),
        leaving: () => this.#leaving(),
        lost: () => this.#lost(),
        fetched: (partition, records, nextOffset) => this.#fetched(partition, records, nextOffset),
        ends: (ends) => this.#lags.ends(ends),
      },
    });
  }

  async open(events: SourceEvents): Promise<void> {
    this.#events = events;
    await this.#start.look();
    await this.#member.start();
    await this.#settling;
  }

  async pull(
    signal: AbortSignal,
    skip: (at: TopicPartition) => boolean = () => false,
  ): Promise<Batch | undefined> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const batch = this.#next(skip);
      if (batch !== undefined) return batch;
      if (this.#isJoined && this.#start.isReached(this.#buffers.values())) return undefined;
      await this.#somethingNew(signal, this.#secondsToNextDue(clock.elapsed(), skip));
    }
    return undefined;
  }

  async commit(offsets: readonly CommittableOffset[]): Promise<void> {
    // In the same turn as the request is made: what is of an earlier assignment must never go under a later one.
    const ours = offsets.flatMap(({ topic, partition, nextOffset, epoch }) => {
      const buffer = this.#buffers.get(partition);
      if (buffer === undefined || topic !== this.#options.topic) return [];
      if (epoch !== undefined && epoch !== buffer.epoch) return [];
      return [{ buffer, topic, partition, nextOffset: buffer.committable(nextOffset) }];
    });
    if (ours.length === 0) return;
    await this.#member.commit(ours);
    for (const { buffer, nextOffset } of ours) buffer.committed(nextOffset);
    if (ours.some(({ buffer }) => buffer.passed !== undefined)) void this.#commitPassed();
  }

  lag(): Promise<readonly PartitionLag[]> {
    return this.#lags.measure(this.#assigned, this.#buffers);
  }

  status(): SourceStatus {
    return {
      partitions: this.#buffers.size,
      member: this.#member.trouble() === undefined,
      lagAgeSeconds: this.#lags.ageSeconds,
    };
  }

  pausedPartitions(): number {
    return [...this.#buffers.values()].filter(({ paused }) => paused).length;
  }

  trouble(): string | undefined {
    return this.#member.trouble() ?? this.#lags.trouble();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** How many consumers were built; more than one means that some ended. */
  get consumersBuilt(): number {
    return this.#member.consumersBuilt;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#member.leave();
    this.#drop();
    await Promise.all([this.#start.close(), this.#lags.close()]);
  }

  /** A full batch, or one whose first message is old enough; partitions in turns. */
  #next(skip: (at: TopicPartition) => boolean): Batch | undefined {
    if (this.#isLeaving) return undefined;
    const buffers = [...this.#buffers.values()];
    const now = this.#options.clock.elapsed();
    for (let i = 0; i < buffers.length; i++) {
      const buffer = buffers[(this.#turn + i) % buffers.length]!;
      const dueAt = buffer.dueAt(this.#limits);
      if (dueAt === undefined || (now < dueAt && !buffer.isFull(this.#limits)) || skip(buffer)) continue;
      this.#turn = (this.#turn + i + 1) % buffers.length;
      const { chargedBytes, ...batch } = buffer.give(this.#limits);
      this.#resumeWhereRoom(buffer);
      return this.#options.budget === undefined ? batch : { ...batch, chargedBytes };
    }
    return undefined;
  }

  #resumeWhereRoom(buffer: PartitionBuffer): void {
    if (!buffer.paused || this.#holdsMuch(buffer, 0.5) || this.#options.budget?.isExhausted) return;
    buffer.paused = false;
    this.#member.resume(buffer.partition);
  }

  #pause(buffer: PartitionBuffer): void {
    if (buffer.paused) return;
    buffer.paused = true;
    this.#member.pause(buffer.partition);
  }

  #holdsMuch(buffer: PartitionBuffer, share: number): boolean {
    const even = BUFFERED_BYTES / Math.max(1, this.#buffers.size);
    const bytes = Math.min(BUFFER_MOST_BYTES, Math.max(BUFFER_LEAST_BYTES, even));
    return (
      buffer.weight >= share * bytes || buffer.count >= share * BUFFER_BATCHES * this.#limits.maxMessages
    );
  }

  /** Nothing is fetched while the budget is used up; what is fetched already is given out meanwhile, which ends that. */
  #pauseWhileUsedUp(budget: ByteBudget): void {
    if (!budget.isExhausted) return;
    for (const buffer of this.#buffers.values()) this.#pause(buffer);
    if (this.#isWaitingForRoom) return;
    this.#isWaitingForRoom = true;
    void budget.whenRoom().then(() => {
      this.#isWaitingForRoom = false;
      for (const buffer of this.#buffers.values()) this.#resumeWhereRoom(buffer);
    });
  }

  #secondsToNextDue(now: number, skip: (at: TopicPartition) => boolean): number {
    let soonest = Number.POSITIVE_INFINITY;
    if (this.#isLeaving) return soonest;
    for (const buffer of this.#buffers.values()) {
      if (skip(buffer)) continue;
      soonest = Math.min(soonest, buffer.dueAt(this.#limits) ?? Number.POSITIVE_INFINITY);
    }
    return Math.max(0, soonest - now);
  }

  /** Resolves when something was fetched, when `seconds` are over, or when `signal` aborts. */
  async #somethingNew(signal: AbortSignal, seconds: number): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    if (Number.isFinite(seconds)) await this.#options.clock.sleep(seconds, woken.signal);
    else
      await new Promise<void>((resolve) => {
        woken.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    signal.removeEventListener('abort', wake);
  }

  #joined(partitions: readonly number[]): void {
    this.#drop();
    this.#epoch++;
    this.#isJoined = true;
    this.#isLeaving = false;
    this.#assigned = partitions;
    const { topic, group, log } = this.#options;
    log.info({ topic, group, partitions: partitions.length }, 'joined the group');
    for (const partition of partitions) {
      this.#buffers.set(partition, new PartitionBuffer(topic, partition, this.#epoch));
      // A pause of the assignment before still lasts.
      this.#member.resume(partition);
    }
    this.#settling = this.#settleStart(this.#epoch);
    this.#wake();
  }

  /** The last moment at which what is settled can be committed. */
  async #leaving(): Promise<void> {
    this.#isLeaving = true;
    try {
      await this.#events?.revoking?.();
    } catch (error) {
      this.#options.log.debug({ error: describeError(error) }, 'not all was committed before the rebalance');
    }
  }

  #lost(): void {
    this.#isJoined = false;
    this.#isLeaving = false;
    this.#drop();
  }

  /** Ends the assignments; what waits of them is fetched again by their next owner. */
  #drop(): void {
    for (const buffer of this.#buffers.values()) {
      this.#events?.revoked(buffer, buffer.epoch);
      this.#options.budget?.release(buffer.weight);
    }
    this.#buffers.clear();
    this.#lags.forget();
  }

  #fetched(partition: number, records: readonly FetchedRecord[], nextOffset: number): void {
    const buffer = this.#buffers.get(partition);
    if (buffer === undefined)
      throw new SluiceError('INTERNAL', `partition ${partition} delivers and was not assigned`);
    const weight = buffer.take(records, nextOffset, this.#options.clock.elapsed());
    if (this.#holdsMuch(buffer, 1)) this.#pause(buffer);
    const { budget } = this.#options;
    if (budget !== undefined) {
      budget.charge(weight);
      this.#pauseWhileUsedUp(budget);
    }
    if (buffer.passed !== undefined) void this.#commitPassed();
    this.#wake();
  }

  /** Commits positions behind marks of transactions and aborted messages, which no message's settling does. */
  async #commitPassed(): Promise<void> {
    if (this.#isCommittingPassed) return;
    this.#isCommittingPassed = true;
    const { clock, topic, log } = this.#options;
    const closing = this.#closing.signal;
    for (;;) {
      await clock.sleep(PASSED_SECONDS, closing);
      const passed = [...this.#buffers.values()].flatMap(({ partition, epoch, passed }) =>
        passed === undefined ? [] : [{ topic, partition, epoch, nextOffset: passed }],
      );
      if (passed.length === 0 || closing.aborted) break;
      await this.commit(passed).catch((error: unknown) => {
        log.debug({ error: describeError(error) }, 'positions behind transactions are committed later');
      });
    }
    this.#isCommittingPassed = false;
  }

  async #settleStart(epoch: number): Promise<void> {
    await this.#start.settle({
      buffers: new Map(this.#buffers),
      lasts: () => this.#epoch === epoch && this.#isJoined && this.#closed === undefined,
      pause: (partition) => this.#member.pause(partition),
      resume: (partition) => this.#member.resume(partition),
      begin: (offsets) => this.#member.begin(offsets),
    });
    this.#wake();
  }
}
