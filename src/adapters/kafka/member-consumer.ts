import type { Consumer, ConsumerCrashEvent, EachBatchPayload, Kafka } from 'kafkajs';
import type { CommittableOffset } from '../../core/topic-partition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { disconnectWithin } from './disconnect-within.ts';
import type { PartitionEnds } from './fetch-answer.ts';
import type { FetchedRecord } from './fetched-record.ts';
import { type CommitOnce, tappedConsumer } from './kafkajs-tap.ts';
import { MemberFetches } from './member-fetches.ts';

/** What a member reports to its owner, synchronously; none may throw but `fetched`. */
export interface MemberEvents {
  /** It has joined, for the first time or again: what it held before is void, and these partitions are its own. */
  joined(partitions: readonly number[]): void;
  /**
   * It is about to join again and will lose its partitions by that; what is committed until the promise resolves still
   * counts. It is waited for a few seconds, and must not reject.
   */
  leaving(): Promise<void>;
  /** It is out of the group; it will join again by itself. */
  lost(): void;
  /**
   * All of one partition that was fetched up to `nextOffset`; no records where there were only marks of transactions and
   * aborted messages. They are taken when it returns; when it throws, the consumer is replaced by another.
   */
  fetched(partition: number, records: readonly FetchedRecord[], nextOffset: number): void;
  /** How far a partition goes, with each answer of a broker, also where there was nothing to fetch. */
  ends(ends: PartitionEnds): void;
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

/** Why a consumer ended. */
export interface Ended {
  readonly thrown: unknown;
}

const SESSION_MS = 6_000;
const HEARTBEAT_MS = 1_000;
const REBALANCE_MS = 20_000;
/** How long the broker holds a fetch that finds nothing; a join, a resume and a stop wait for it too. */
const FETCH_WAIT_MS = 200;
/**
 * kafkajs sends no heartbeat while an answer is decoded. Where a member has much to catch up on and little of a processor,
 * answers of ten megabytes take longer than a session lasts, and it is expelled each time it has joined.
 */
export const fetchSizes = { maxBytesPerPartition: 256 * 1024, maxBytes: 4 * 1024 * 1024 };
/** Longer than a rebalance and any request may take: without a sign for so long the consumer is dead. */
export const SIGN_SECONDS = 60;
/** How long a join waits for the last commit before it; with the time since the last heartbeat, shorter than a session. */
const LEAVING_SECONDS = 3;
/** A step back of the system's clock of more than that costs the membership: kafkajs sends no heartbeat for as long. */
const STEP_SECONDS = 3;
const LOOK_SECONDS = 2;
const LEAVE_SECONDS = 5;

/** One consumer of kafkajs, from when it is built to its end, whatever ends it. */
export class MemberConsumer {
  readonly #options: GroupMemberOptions;
  readonly #consumer: Consumer;
  readonly #fetches: MemberFetches;
  #end: (ended: Ended) => void = () => {};
  readonly #ended: Promise<Ended>;
  #hasEnded = false;
  #commit: EachBatchPayload['commitOffsetsIfNecessary'] | undefined;
  /** Under the membership that was granted last, and under the one that lasts. */
  #commitAsGranted: CommitOnce | undefined;
  #commitAsMember: CommitOnce | undefined;
  #lastSign: number;

  /** Whether it has been in the group, be it that it is joining again. */
  hasJoined = false;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    const { kafka, group, metadataSeconds, clock, log, events } = options;
    this.#ended = new Promise((resolve) => {
      this.#end = (ended) => {
        this.#hasEnded = true;
        resolve(ended);
      };
    });
    this.#lastSign = clock.elapsed();
    this.#fetches = new MemberFetches({ log, clock, ends: (ends) => this.#hasEnded || events.ends(ends) });
    const config = {
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
    };
    this.#consumer = tappedConsumer(kafka, config, {
      joining: () => this.#leaving(),
      granted: (commit) => {
        this.#commitAsGranted = commit;
      },
      fetching: (nodeId, asked, made) => this.#fetches.fetching(nodeId, asked, made),
    });
  }

  /** Resolves when it has ended and is disconnected. Never rejects. */
  async run(stop: AbortSignal): Promise<Ended> {
    const { clock, log, topic } = this.#options;
    this.#listen();
    const stopped = () => this.#end({ thrown: new Error('stopped') });
    stop.addEventListener('abort', stopped, { once: true });
    const stopWatching = this.#watch();
    try {
      const started = this.#start(topic);
      const result = await this.#ended;
      // What ended it may have left it a member; the last commit counts only as long as it is.
      if (!stop.aborted) await this.#leaving();
      // A consumer that is stopped while it starts can neither be stopped nor left; it is let finish, for a while.
      const patience = new AbortController();
      await Promise.race([started, clock.sleep(LEAVE_SECONDS, patience.signal)]);
      patience.abort();
      return result;
    } finally {
      stopWatching();
      stop.removeEventListener('abort', stopped);
      await disconnectWithin(this.#consumer, LEAVE_SECONDS, log);
    }
  }

  /** Under the membership of now, once. Throws what kafkajs throws. */
  async commit(offsets: readonly CommittableOffset[]): Promise<void> {
    // Not the consumer's own commit: that one tries again after a rebalance, with offsets of before it.
    if (this.#commit === undefined) throw new Error('nothing has been fetched yet');
    const partitions = offsets.map(({ partition, nextOffset }) => ({
      partition,
      offset: String(nextOffset),
    }));
    await this.#commit({ topics: [{ topic: this.#options.topic, partitions }] });
  }

  /**
   * Where a partition is to begin that has no committed offset; committed too, under the membership of now, once. Throws what
   * kafkajs throws.
   */
  async begin(offsets: readonly CommittableOffset[]): Promise<void> {
    const { topic } = this.#options;
    const partitions = offsets.map(({ partition, nextOffset }) => ({
      partition,
      offset: String(nextOffset),
    }));
    for (const each of partitions) this.#consumer.seek({ topic, ...each });
    // Not the consumer's own, as above: what it commits after a rebalance may be of a partition that another member has begun.
    if (this.#commitAsMember === undefined) throw new Error('it has not joined the group');
    await this.#commitAsMember(topic, partitions);
  }

  pause(partition: number): void {
    this.#consumer.pause([{ topic: this.#options.topic, partitions: [partition] }]);
  }

  resume(partition: number): void {
    this.#consumer.resume([{ topic: this.#options.topic, partitions: [partition] }]);
  }

  /** Seconds without a sign of life. */
  get silentSeconds(): number {
    return this.#options.clock.elapsed() - this.#lastSign;
  }

  /** What is fetched from now on counts no more; what can be committed is, within seconds. */
  async #leaving(): Promise<void> {
    if (!this.#fetches.isMember) return;
    this.#fetches.left();
    const { clock, events } = this.#options;
    const done = new AbortController();
    await Promise.race([events.leaving(), clock.sleep(LEAVING_SECONDS, done.signal)]);
    done.abort();
  }

  async #start(topic: string): Promise<void> {
    try {
      await this.#consumer.connect();
      // From the beginning, always: it is also where kafkajs goes when an offset is out of range. Where a new group
      // begins is settled elsewhere, by committing.
      await this.#consumer.subscribe({ topic, fromBeginning: true });
      await this.#consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.#options.concurrentPartitions,
        eachBatch: async (payload) => this.#eachBatch(payload),
      });
    } catch (thrown) {
      this.#end({ thrown });
    }
  }

  /** Nothing may escape from here: kafkajs ends a consumer for good at a TypeError. */
  #eachBatch({ batch, resolveOffset, isRunning, isStale, commitOffsetsIfNecessary }: EachBatchPayload): void {
    try {
      const records = batch.messages as unknown as readonly FetchedRecord[];
      const last = records.at(-1);
      if (last === undefined || this.#hasEnded || !isRunning() || isStale()) return;
      // What is not taken is fetched again, from where the new membership begins.
      if (!this.#fetches.isCurrent(last)) return;
      this.#commit = commitOffsetsIfNecessary;
      this.#options.events.fetched(
        batch.partition,
        last.isEnd ? records.slice(0, -1) : records,
        Number(last.offset) + 1,
      );
      // Taken, not settled: fetching goes on while these are scored, and what is committed is our own affair.
      resolveOffset(last.offset);
    } catch (thrown) {
      this.#end({ thrown });
    }
  }

  #listen(): void {
    const { events, topic } = this.#options;
    const { GROUP_JOIN, FETCH_START, FETCH, HEARTBEAT, CRASH } = this.#consumer.events;
    const sign = () => {
      this.#lastSign = this.#options.clock.elapsed();
    };
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      if (this.#hasEnded) return;
      sign();
      this.hasJoined = true;
      this.#fetches.joined();
      this.#commitAsMember = this.#commitAsGranted;
      events.joined(payload.memberAssignment[topic] ?? []);
    });
    // kafkajs asks a broker again only when all of its last answer has been dealt with.
    this.#consumer.on(FETCH_START, ({ payload }) => this.#fetches.taken(Number(payload.nodeId)));
    this.#consumer.on(FETCH, sign);
    this.#consumer.on(HEARTBEAT, sign);
    this.#consumer.on(CRASH, ({ payload }: ConsumerCrashEvent) => {
      // kafkajs has left the group by itself.
      this.#fetches.left();
      this.#end({ thrown: payload.error });
    });
  }

  /** Ends it when it gives no sign of life, or can't keep its membership. Returns how to stop watching. */
  #watch(): () => void {
    const { clock } = this.#options;
    const wallAhead = () => clock.now() / 1000 - clock.elapsed();
    let before = wallAhead();
    const timer = setInterval(() => {
      const silent = this.silentSeconds;
      if (silent > SIGN_SECONDS)
        this.#end({ thrown: new Error(`it gave no sign of life for ${Math.round(silent)} s`) });
      const now = wallAhead();
      if (before - now > STEP_SECONDS)
        this.#end({
          thrown: new Error(
            `the system's clock was set back by ${Math.round(before - now)} s, for which the client would send no heartbeat`,
          ),
        });
      before = now;
    }, LOOK_SECONDS * 1000);
    timer.unref();
    return () => clearInterval(timer);
  }
}
