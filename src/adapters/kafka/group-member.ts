import { describeError, SluiceError } from '../../core/errors.ts';
import type { CommittableOffset } from '../../core/topic-partition.ts';
import { accessRefused } from './access-refused.ts';
import { type GroupMemberOptions, MemberConsumer, SIGN_SECONDS } from './member-consumer.ts';
import { isTransient } from './transient-error.ts';

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
  #consumer: MemberConsumer | undefined;
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
    while (!this.#isJoined) {
      // While a broker starts, or a group is made, kafkajs gives up at answers that only ask for patience.
      if ((failed !== undefined && !isTransient(failed.thrown)) || clock.elapsed() > deadline) {
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
    try {
      await this.#current().commit(offsets);
    } catch (error) {
      throw new SluiceError('OFFSETS_FAILED', `Kafka did not take the offsets: ${describeError(error)}`, {
        retriable: true,
        cause: error,
      });
    }
  }

  /** Where a partition is to begin that has no committed offset; committed too. Throws what kafkajs throws. */
  async begin(offsets: readonly CommittableOffset[]): Promise<void> {
    await this.#current().begin(offsets);
  }

  pause(partition: number): void {
    this.#consumer?.pause(partition);
  }

  resume(partition: number): void {
    this.#consumer?.resume(partition);
  }

  /** Why it gets no messages at present; undefined when it could. */
  trouble(): string | undefined {
    if (!this.#isJoined)
      return `it is not in its group${this.#failure === undefined ? '' : ` (${this.#failure})`}`;
    const silent = this.#current().silentSeconds;
    return silent > SIGN_SECONDS / 2
      ? `the consumer has given no sign for ${Math.round(silent)} s`
      : undefined;
  }

  /** Leaves the group, for good. Bounded; never rejects. */
  async leave(): Promise<void> {
    this.#stop.abort();
    await this.#living;
  }

  get #isJoined(): boolean {
    return this.#consumer?.hasJoined === true;
  }

  #current(): MemberConsumer {
    if (this.#consumer === undefined) throw new Error('the consumer has not joined the group');
    return this.#consumer;
  }

  async #live(failedToStart: (thrown: unknown) => void): Promise<void> {
    const { clock, log, events } = this.#options;
    const stop = this.#stop.signal;
    for (let failures = 0; !stop.aborted; failures++) {
      const began = clock.elapsed();
      const ended = await this.#liveOnce();
      events.lost();
      if (stop.aborted) return;
      if (!ended.hadJoined) failedToStart(ended.thrown);
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
  async #liveOnce(): Promise<{ readonly thrown: unknown; readonly hadJoined: boolean }> {
    this.consumersBuilt++;
    try {
      const consumer = new MemberConsumer(this.#options);
      this.#consumer = consumer;
      const { thrown } = await consumer.run(this.#stop.signal);
      return { thrown, hadJoined: consumer.hasJoined };
    } catch (thrown) {
      return { thrown, hadJoined: false };
    } finally {
      this.#consumer = undefined;
    }
  }
}
