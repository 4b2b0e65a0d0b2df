import type { Consumer, ConsumerCrashEvent, EachBatchPayload, Kafka } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { CommittableOffset } from '../../core/topic-partition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { accessRefused } from './access-refused.ts';
import { asksForPatience } from './asks-for-patience.ts';
import { disconnectWithin } from './disconnect-within.ts';

/** What a member is told; all are called synchronously and must not throw. */
export interface MemberEvents {
  /** It has joined, for the first time or again: what it held before is void, and these partitions are its own. */
  joined(partitions: readonly number[]): void;
  /** It is out of the group; it will join again by itself. */
  lost(): void;
  /** Messages of one partition. They are taken when it returns; what it throws makes the member be built anew. */
  fetched(batch: EachBatchPayload['batch']): void;
  /** All of a fetch up to here has been dealt with, records that nobody sees included. */
  passed(partition: number, nextOffset: number): void;
}

export interface GroupMemberOptions {
  readonly kafka: Kafka;
  readonly group: string;
  readonly topic: string;
  readonly concurrentPartitions: number;
  /** How soon partitions that are new are found. */
  readonly metadataSeconds: number;
  readonly log: Log;
  readonly clock: Clock;
  readonly events: MemberEvents;
}

const SESSION_MS = 6_000;
const HEARTBEAT_MS = 1_000;
const REBALANCE_MS = 20_000;
/** How long the broker holds a fetch that finds nothing; a join, a resume and a stop wait for it too. */
const FETCH_WAIT_MS = 200;
/**
 * kafkajs decodes an answer in one go and sends no heartbeat meanwhile. Where a member has much to catch up on and little of
 * a processor, answers of ten megabytes take longer than a session lasts, and it is expelled each time anew.
 */
export const fetchSizes = { maxBytesPerPartition: 256 * 1024, maxBytes: 4 * 1024 * 1024 };
/** Longer than a rebalance and any request may take: without a sign for so long the consumer is dead. */
const SIGN_SECONDS = 60;
/** A fetch has ended by then, or its broker is gone. */
const FETCH_ENDS_SECONDS = 15;
const LOOK_SECONDS = 2;
const LEAVE_SECONDS = 5;
const FIRST_WAIT_SECONDS = 0.2;
const LONGEST_WAIT_SECONDS = 10;
const JOIN_SECONDS = 60;

/**
 * A member of a consumer group that is there for good: kafkajs ends a consumer at errors that it takes for defects, and
 * forgets some without a word. Each time it ends, or gives no sign of life, another is built, after a wait that grows. A
 * consumer does not wait for what is made of its messages, so its heartbeats go on however slow that is.
 */
export class GroupMember {
  readonly #options: GroupMemberOptions;
  readonly #stop = new AbortController();
  #consumer: Consumer | undefined;
  #commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  #lastSign = 0;
  #joined = false;
  #joins = 0;
  /** The last fetch from each broker: in which membership it began, and when. */
  readonly #fetches = new Map<number, { readonly join: number; readonly at: number }>();
  #failure: string | undefined;
  #living: Promise<void> | undefined;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
  }

  /** How many consumers it has built. */
  consumersBuilt = 0;

  /** Resolves when it has joined for the first time. Throws `SOURCE_FAILED` when it can't, `SETTINGS_INVALID` when it may not. */
  async start(): Promise<void> {
    const { clock, topic } = this.#options;
    const deadline = clock.elapsed() + JOIN_SECONDS;
    let failed: { readonly thrown: unknown } | undefined;
    this.#living = this.#live((thrown) => {
      failed = { thrown };
    });
    while (!this.#joined) {
      // While a broker starts, or a group is made, kafkajs gives up at answers that only ask for patience.
      if ((failed !== undefined && !asksForPatience(failed.thrown)) || clock.elapsed() > deadline) {
        await this.leave();
        const refused = accessRefused(failed?.thrown);
        if (refused !== undefined) throw refused;
        throw new SluiceError(
          'SOURCE_FAILED',
          `the topic ${topic} cannot be consumed (${describeError(failed?.thrown ?? 'no answer of the group')}); check kafka.brokers, kafka.tls, the topic, and the rights`,
          { cause: failed?.thrown },
        );
      }
      await clock.sleep(0.01);
    }
  }

  /** Under the membership of now, once; never under a later one. Throws `OFFSETS_FAILED` (retriable). */
  async commit(offsets: readonly CommittableOffset[]): Promise<void> {
    const partitions = offsets.map(({ partition, nextOffset }) => ({
      partition,
      offset: String(nextOffset),
    }));
    try {
      // Not the consumer's own commit: that one tries again after a rebalance, with offsets of before it.
      if (this.#commit === undefined) throw new Error('there is no member of the group at present');
      await this.#commit({ topics: [{ topic: this.#options.topic, partitions }] });
    } catch (error) {
      throw new SluiceError('OFFSETS_FAILED', `Kafka did not take the offsets: ${describeError(error)}`, {
        retriable: true,
        cause: error,
      });
    }
  }

  /** Where a partition is to begin that has no committed offset; committed too. Throws what kafkajs throws. */
  async begin(offsets: readonly CommittableOffset[]): Promise<void> {
    const consumer = this.#consumer;
    if (consumer === undefined) throw new Error('there is no member of the group at present');
    const { topic } = this.#options;
    const places = offsets.map(({ partition, nextOffset }) => ({
      topic,
      partition,
      offset: String(nextOffset),
    }));
    for (const place of places) consumer.seek(place);
    await consumer.commitOffsets(places);
  }

  pause(partition: number): void {
    this.#consumer?.pause([{ topic: this.#options.topic, partitions: [partition] }]);
  }

  resume(partition: number): void {
    this.#consumer?.resume([{ topic: this.#options.topic, partitions: [partition] }]);
  }

  /** Why it gets no messages at present; undefined when it could. */
  trouble(): string | undefined {
    if (!this.#joined)
      return `it is not in its group${this.#failure === undefined ? '' : ` (${this.#failure})`}`;
    const silent = this.#options.clock.elapsed() - this.#lastSign;
    return silent > SIGN_SECONDS / 2
      ? `the consumer has given no sign for ${Math.round(silent)} s`
      : undefined;
  }

  /** Leaves the group, for good. Bounded; never rejects. */
  async leave(): Promise<void> {
    this.#stop.abort();
    await this.#living;
  }

  async #live(failedToStart: (thrown: unknown) => void): Promise<void> {
    const { clock, log, events } = this.#options;
    const stop = this.#stop.signal;
    for (let failures = 0; !stop.aborted; failures++) {
      const began = clock.elapsed();
      const ended = await this.#liveOnce();
      const hadJoined = this.#joined;
      this.#joined = false;
      this.#commit = undefined;
      this.#consumer = undefined;
      events.lost();
      if (stop.aborted) return;
      if (!hadJoined) failedToStart(ended.thrown);
      this.#failure = describeError(ended.thrown);
      if (clock.elapsed() - began > SIGN_SECONDS) failures = 0;
      const wait = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** failures);
      log.warn(
        { error: this.#failure, seconds: wait },
        'the consumer has ended; another is built, from the committed offsets',
      );
      await clock.sleep(wait, stop);
    }
  }

  /** From building a consumer to its end, whatever ends it. */
  async #liveOnce(): Promise<{ readonly thrown: unknown }> {
    const { kafka, group, topic, metadataSeconds, clock, log } = this.#options;
    this.consumersBuilt++;
    this.#fetches.clear();
    const consumer = kafka.consumer({
      groupId: group,
      sessionTimeout: SESSION_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      ...fetchSizes,
      metadataMaxAge: metadataSeconds * 1000,
      allowAutoTopicCreation: false,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 2_000,
        retries: 5,
        // One way of coming back, ours: kafkajs takes it for some errors and leaves the consumer dead after others.
        restartOnFailure: async () => false,
      },
    });
    this.#consumer = consumer;
    this.#sign();
    let end: (ended: { readonly thrown: unknown }) => void = () => {};
    const ended = new Promise<{ readonly thrown: unknown }>((resolve) => {
      end = resolve;
    });
    this.#listen(consumer, end);
    const stop = () => end({ thrown: new Error('stopped') });
    this.#stop.signal.addEventListener('abort', stop, { once: true });
    const watch = setInterval(() => {
      const silent = clock.elapsed() - this.#lastSign;
      if (silent > SIGN_SECONDS)
        end({ thrown: new Error(`it gave no sign of life for ${Math.round(silent)} s`) });
    }, LOOK_SECONDS * 1000);
    watch.unref();
    try {
      const started = this.#startConsumer(consumer, topic, end);
      const result = await ended;
      // A consumer that is stopped while it starts can neither be stopped nor left; it is let finish, for a while.
      const patience = new AbortController();
      await Promise.race([started, clock.sleep(LEAVE_SECONDS, patience.signal)]);
      patience.abort();
      return result;
    } finally {
      clearInterval(watch);
      this.#stop.signal.removeEventListener('abort', stop);
      await disconnectWithin(consumer, LEAVE_SECONDS, log);
    }
  }

  async #startConsumer(
    consumer: Consumer,
    topic: string,
    end: (ended: { readonly thrown: unknown }) => void,
  ): Promise<void> {
    try {
      await consumer.connect();
      // From the beginning, always: it is also where kafkajs goes when an offset is out of range. Where a new group
      // begins is settled elsewhere, by committing.
      await consumer.subscribe({ topic, fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.#options.concurrentPartitions,
        eachBatch: async (payload) => {
          if (this.#consumer === consumer) this.#eachBatch(payload, end);
        },
      });
    } catch (thrown) {
      end({ thrown });
    }
  }

  /** Nothing may escape from here: kafkajs ends a consumer for good at a TypeError. */
  #eachBatch(payload: EachBatchPayload, end: (ended: { readonly thrown: unknown }) => void): void {
    const { batch, resolveOffset, isRunning, isStale } = payload;
    try {
      if (!isRunning() || isStale() || batch.messages.length === 0) return;
      // Not taken, so it is fetched again.
      if (this.#mayBeOfBefore()) return;
      this.#commit = payload.commitOffsetsIfNecessary;
      this.#options.events.fetched(batch);
      // Taken, not settled: fetching goes on while these are scored, and what is committed is our own affair.
      resolveOffset(batch.messages.at(-1)!.offset);
    } catch (thrown) {
      end({ thrown });
    }
  }

  #listen(consumer: Consumer, end: (ended: { readonly thrown: unknown }) => void): void {
    const { events, topic } = this.#options;
    const { GROUP_JOIN, FETCH_START, FETCH, HEARTBEAT, END_BATCH_PROCESS, CRASH } = consumer.events;
    const isCurrent = () => this.#consumer === consumer;
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (!isCurrent()) return;
      this.#sign();
      this.#joins++;
      this.#joined = true;
      this.#failure = undefined;
      events.joined(payload.memberAssignment[topic] ?? []);
    });
    consumer.on(FETCH_START, ({ payload }) => {
      if (isCurrent())
        this.#fetches.set(payload.nodeId, { join: this.#joins, at: this.#options.clock.elapsed() });
    });
    consumer.on(FETCH, () => this.#sign());
    consumer.on(HEARTBEAT, () => this.#sign());
    consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      if (isCurrent()) events.passed(payload.partition, Number(payload.lastOffset) + 1);
    });
    consumer.on(CRASH, ({ payload }: ConsumerCrashEvent) => end({ thrown: payload.error }));
  }

  /**
   * True while a fetch that began before the last join may still bring messages. kafkajs joins again from within the fetch
   * from one broker and lets those from others end; their messages lie ahead of where the new membership begins, and to
   * take them would leave out what lies between.
   */
  #mayBeOfBefore(): boolean {
    const now = this.#options.clock.elapsed();
    for (const [node, { join, at }] of this.#fetches) {
      if (join === this.#joins) continue;
      if (now - at < FETCH_ENDS_SECONDS) return true;
      this.#fetches.delete(node);
    }
    return false;
  }

  #sign(): void {
    this.#lastSign = this.#options.clock.elapsed();
  }
}
