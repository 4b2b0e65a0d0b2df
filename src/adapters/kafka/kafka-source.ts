import type { Admin, EachBatchPayload, Kafka } from 'kafkajs';
import type { Batch } from '../../core/batch.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { CommittableOffset } from '../../core/topic-partition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource, PartitionLag, SourceEvents, SourceStatus } from '../../ports/message-source.ts';
import { accessRefused } from './access-refused.ts';
import { asksForPatience } from './asks-for-patience.ts';
import { GroupMember } from './group-member.ts';
import { type GroupOffsets, readGroupOffsets } from './group-offsets.ts';
import { type LaneLimits, PartitionLane } from './partition-lane.ts';

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
  readonly log: Log;
  readonly clock: Clock;
}

const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** What all partitions together may hold back, and what one may at most and at least. */
const HELD_BYTES = 64 * 1024 * 1024;
const LANE_MOST_BYTES = 8 * 1024 * 1024;
const LANE_LEAST_BYTES = 1024 * 1024;
/** Batches of messages that a partition may hold back. */
const LANE_BATCHES = 4;
/** A partition whose messages wait at the broker and that delivers none for so long is stuck. */
const STUCK_SECONDS = 30;
/** A broker that has just started answers by then. */
const LOOK_SECONDS = 30;

/** Since when a partition has delivered nothing, on both clocks: epoch milliseconds for reports, seconds for ages. */
interface Stuck {
  readonly at: number;
  readonly elapsed: number;
  readonly position: number;
}

/**
 * Messages of a topic, shared with the other members of a consumer group. What is fetched waits in a lane for each
 * partition, so that fetching and scoring overlap; a lane that is full pauses its partition. Each join begins a new tenure:
 * all lanes are emptied and filled again from the committed offsets.
 */
export class KafkaSource implements MessageSource {
  readonly #options: KafkaSourceOptions;
  readonly #limits: LaneLimits;
  readonly #member: GroupMember;
  readonly #lanes = new Map<number, PartitionLane>();
  /** Partitions that have messages at the broker and deliver none. */
  readonly #stuckSince = new Map<number, Stuck>();
  #events: SourceEvents | undefined;
  #admin: Admin | undefined;
  #tenure = 0;
  /** Where the partitions begin of a group that is new; partitions that come later begin at their beginning. */
  #begin = new Map<number, number>();
  /** For a source that ends: where. */
  #end: Map<number, number> | undefined;
  /** The partition that has its turn. */
  #turn = 0;
  #wake = () => {};
  #settling: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(options: KafkaSourceOptions) {
    this.#options = options;
    const { kafka, group, topic, concurrentPartitions, metadataSeconds = 30, log, clock } = options;
    this.#limits = {
      maxMessages: options.maxMessages,
      maxAgeSeconds: options.once ? 0 : options.maxAgeSeconds,
      maxBatchBytes: MAX_BATCH_BYTES,
    };
    this.#member = new GroupMember({
      kafka,
      group,
      topic,
      concurrentPartitions,
      metadataSeconds,
      log,
      clock,
      events: {
        joined: (partitions) => this.#joined(partitions),
        lost: () => this.#revokeAll(),
        fetched: (batch) => this.#fetched(batch),
        passed: (partition, nextOffset) => this.#passed(partition, nextOffset),
      },
    });
  }

  async open(events: SourceEvents): Promise<void> {
    this.#events = events;
    const { startAt, once } = this.#options;
    if (startAt !== 'earliest' || once) await this.#lookAround();
    await this.#member.start();
    await this.#settling;
  }

  /** Finds where a new group begins, and where a source ends that does. */
  async #lookAround(): Promise<void> {
    const { startAt, once, topic, clock } = this.#options;
    const deadline = clock.elapsed() + LOOK_SECONDS;
    for (;;)
      try {
        const offsets = await this.#groupOffsets();
        const isNew = offsets.every(({ committed }) => committed === undefined);
        if (startAt !== 'earliest' && isNew) this.#begin = await this.#placesToBegin(offsets, startAt);
        if (once) this.#end = new Map(offsets.map(({ partition, high }) => [partition, high]));
        return;
      } catch (error) {
        await this.#dropAdmin();
        if (asksForPatience(error) && clock.elapsed() < deadline) {
          await clock.sleep(0.3);
          continue;
        }
        const refused = accessRefused(error);
        if (refused !== undefined) throw refused;
        throw new SluiceError(
          'SOURCE_FAILED',
          `the topic ${topic} cannot be looked at (${describeError(error)}); check kafka.brokers, kafka.tls, the topic, and the rights`,
          { cause: error },
        );
      }
  }

  async pull(signal: AbortSignal): Promise<Batch | undefined> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const batch = this.#next();
      if (batch !== undefined) return batch;
      if (this.#hasEnded()) return undefined;
      await this.#somethingNew(signal, this.#secondsToNextDue(clock.elapsed()));
    }
    return undefined;
  }

  async commit(offsets: readonly CommittableOffset[]): Promise<void> {
    // In the same turn as the request is made: what is of an earlier tenure must never go under a later one.
    const ours = offsets.filter(({ topic, partition, tenure }) => {
      const lane = this.#lanes.get(partition);
      return (
        lane !== undefined &&
        topic === this.#options.topic &&
        (tenure === undefined || tenure === lane.tenure)
      );
    });
    if (ours.length === 0) return;
    await this.#member.commit(ours);
    for (const { partition, nextOffset } of ours) this.#lanes.get(partition)?.committed(nextOffset);
  }

  async lag(): Promise<readonly PartitionLag[]> {
    const { topic, group, clock } = this.#options;
    if (this.#lanes.size === 0) return [];
    let offsets: readonly GroupOffsets[];
    try {
      offsets = await this.#groupOffsets();
    } catch (error) {
      await this.#dropAdmin();
      throw error;
    }
    return offsets.flatMap(({ partition, committed, low, high }) => {
      const lane = this.#lanes.get(partition);
      if (lane === undefined) return [];
      const from = committed ?? (lane.position === undefined ? low : Math.min(low, lane.position));
      const lag = Math.max(0, high - from);
      const stuckSince = this.#watchProgress(lane, from, high);
      const oldest = lane.oldestUncommitted ?? stuckSince;
      const seconds = lag === 0 || oldest === undefined ? 0 : Math.max(0, (clock.now() - oldest) / 1000);
      return [{ topic, partition, committed: from, highWatermark: high, lag, group, seconds }];
    });
  }

  status(): SourceStatus {
    return {
      partitions: this.#lanes.size,
      member: this.#member.trouble() === undefined,
      lagAgeSeconds: undefined,
    };
  }

  pausedPartitions(): number {
    return [...this.#lanes.values()].filter(({ paused }) => paused).length;
  }

  trouble(): string | undefined {
    const member = this.#member.trouble();
    if (member !== undefined) return member;
    const now = this.#options.clock.elapsed();
    for (const [partition, { elapsed }] of this.#stuckSince)
      if (now - elapsed > STUCK_SECONDS)
        return `partition ${partition} has delivered nothing for ${Math.round(now - elapsed)} s, though messages wait`;
    return undefined;
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
    await this.#member.leave();
    this.#lanes.clear();
    await this.#dropAdmin();
  }

  /** A full lane, or the one whose first message is old enough; in turns. */
  #next(): Batch | undefined {
    const lanes = [...this.#lanes.values()];
    const now = this.#options.clock.elapsed();
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[(this.#turn + i) % lanes.length]!;
      const dueAt = lane.dueAt(this.#limits);
      if (dueAt === undefined || (now < dueAt && !lane.isFull(this.#limits))) continue;
      this.#turn = (this.#turn + i + 1) % lanes.length;
      const batch = lane.give(this.#limits);
      if (lane.paused && !this.#holdsMuch(lane, 0.5)) {
        lane.paused = false;
        this.#member.resume(lane.partition);
      }
      return batch;
    }
    return undefined;
  }

  #holdsMuch(lane: PartitionLane, share: number): boolean {
    const even = HELD_BYTES / Math.max(1, this.#lanes.size);
    const bytes = Math.min(LANE_MOST_BYTES, Math.max(LANE_LEAST_BYTES, even));
    return lane.bytes >= share * bytes || lane.count >= share * LANE_BATCHES * this.#limits.maxMessages;
  }

  #secondsToNextDue(now: number): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const lane of this.#lanes.values())
      soonest = Math.min(soonest, lane.dueAt(this.#limits) ?? Number.POSITIVE_INFINITY);
    return Math.max(0, soonest - now);
  }

  /** Resolves when a lane was filled, when `seconds` are over, or when `signal` aborts. */
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
    this.#revokeAll();
    this.#tenure++;
    const { topic, group, log } = this.#options;
    log.info({ topic, group, partitions: partitions.length }, 'joined the group');
    for (const partition of partitions) {
      this.#lanes.set(partition, new PartitionLane(topic, partition, this.#tenure));
      // A pause of the tenure before is still in force.
      this.#member.resume(partition);
    }
    const beginning = partitions.filter((partition) => this.#begin.has(partition));
    if (beginning.length > 0 || this.#end !== undefined)
      this.#settling = this.#settleStart(beginning, this.#tenure);
    this.#wake();
  }

  #revokeAll(): void {
    for (const lane of this.#lanes.values()) this.#events?.revoked(lane, lane.tenure);
    this.#lanes.clear();
    this.#stuckSince.clear();
  }

  #fetched(batch: EachBatchPayload['batch']): void {
    const lane = this.#lanes.get(batch.partition);
    if (lane === undefined)
      throw new SluiceError('INTERNAL', `partition ${batch.partition} delivers and was not assigned`);
    lane.take(batch, this.#options.clock.elapsed());
    if (!lane.paused && this.#holdsMuch(lane, 1)) {
      lane.paused = true;
      this.#member.pause(batch.partition);
    }
    this.#wake();
  }

  #passed(partition: number, nextOffset: number): void {
    const lane = this.#lanes.get(partition);
    if (lane === undefined || (lane.position ?? 0) >= nextOffset) return;
    lane.position = nextOffset;
    this.#wake();
  }

  /** Lets partitions of a new group begin where they should, and finds where those of a source that ends begin. */
  async #settleStart(beginning: readonly number[], tenure: number): Promise<void> {
    const { clock, topic, log } = this.#options;
    // Nothing may be fetched before that.
    for (const partition of beginning) this.#member.pause(partition);
    while (this.#tenure === tenure && this.#closed === undefined) {
      try {
        const offsets = await this.#groupOffsets();
        if (this.#tenure !== tenure) return;
        const committed = new Map(offsets.map((each) => [each.partition, each.committed]));
        // Another member may have begun it meanwhile.
        const places = beginning
          .filter((partition) => committed.get(partition) === undefined)
          .map((partition) => ({ topic, partition, nextOffset: this.#begin.get(partition)! }));
        if (places.length > 0) await this.#member.begin(places);
        if (this.#tenure !== tenure) return;
        for (const { partition, low } of offsets) {
          const lane = this.#lanes.get(partition);
          if (lane !== undefined)
            lane.position ??= committed.get(partition) ?? this.#begin.get(partition) ?? low;
        }
        for (const partition of beginning) {
          this.#begin.delete(partition);
          this.#member.resume(partition);
        }
        this.#wake();
        return;
      } catch (error) {
        await this.#dropAdmin();
        log.warn(
          { error: describeError(error) },
          'it could not be settled where the group begins; tried again',
        );
        await clock.sleep(0.5);
      }
    }
  }

  #hasEnded(): boolean {
    if (this.#end === undefined) return false;
    for (const lane of this.#lanes.values()) {
      if (lane.position === undefined || lane.count > 0) return false;
      if (lane.position < (this.#end.get(lane.partition) ?? 0)) return false;
    }
    return true;
  }

  /** Since when the lane has had messages at the broker and got none, epoch milliseconds; undefined where all is well. */
  #watchProgress(lane: PartitionLane, committed: number, high: number): number | undefined {
    const position = lane.position ?? committed;
    const { partition } = lane;
    if (position >= high || lane.count > 0 || lane.paused) {
      this.#stuckSince.delete(partition);
      return undefined;
    }
    const before = this.#stuckSince.get(partition);
    if (before?.position === position) return before.at;
    const { clock } = this.#options;
    const at = clock.now();
    this.#stuckSince.set(partition, { at, elapsed: clock.elapsed(), position });
    return at;
  }

  async #placesToBegin(
    offsets: readonly GroupOffsets[],
    startAt: 'latest' | number,
  ): Promise<Map<number, number>> {
    if (startAt === 'latest') return new Map(offsets.map(({ partition, high }) => [partition, high]));
    const found = await this.#asked((admin) =>
      admin.fetchTopicOffsetsByTimestamp(this.#options.topic, startAt),
    );
    return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
  }

  async #groupOffsets(): Promise<readonly GroupOffsets[]> {
    const { group, topic } = this.#options;
    return await this.#asked((admin) => readGroupOffsets(admin, group, topic));
  }

  async #asked<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    this.#admin ??= this.#options.kafka.admin();
    const admin = this.#admin;
    try {
      await admin.connect();
      return await question(admin);
    } finally {
      // Disconnected while it was asked, it has connected anew to be answered; that connection would keep the process.
      if (this.#admin !== admin) await admin.disconnect().catch(() => undefined);
    }
  }

  async #dropAdmin(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    await admin?.disconnect().catch(() => undefined);
  }
}
