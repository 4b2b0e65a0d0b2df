import type { Kafka } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import { accessRefused } from './access-refused.ts';
import { type KafkaRecord, PublishCall, type Sending } from './publish-call.ts';
import { SendLimit, SendQueue } from './send-queue.ts';
import { TopicWatch } from './topic-watch.ts';
import { retryTransient } from './transient-error.ts';

export interface KafkaPublisherOptions {
  readonly kafka: Kafka;
  readonly log: Log;
  /** Creates a topic that is missing; undefined where none may be created. */
  readonly makeTopic?: ((topic: string) => Promise<void>) | undefined;
  /** Measures how long a topic takes nothing; the process's own where left out. */
  readonly clock?: Pick<Clock, 'elapsed'>;
}

/** A broker that has just started answers by then. */
const OPEN_SECONDS = 30;
/** Topics that are tried on their own at the same time, each through a producer of its own. */
const MOST_ALONE = 8;

/**
 * Sends records, acknowledged by all replicas; what is published while a send runs goes along in the next. Topics that have
 * taken records share sends. A topic that has not yet, or that was part of a send that failed, is sent to alone until it has
 * taken one, so that a topic that is unavailable holds up no other.
 */
export class KafkaPublisher {
  readonly #options: KafkaPublisherOptions;
  readonly #watch: TopicWatch;
  readonly #limit = new SendLimit();
  readonly #shared: SendQueue;
  /** Topics whose records go through the shared queue. */
  readonly #proven = new Set<string>();
  readonly #alone = new Map<string, SendQueue>();
  readonly #running = new Set<Promise<void>>();
  readonly #waitingForTurn: (() => void)[] = [];
  readonly #topicsMade = new Set<string>();
  #runningAlone = 0;
  #sharedRuns = false;
  #closed = false;
  #producersMade = 0;

  constructor(options: KafkaPublisherOptions) {
    this.#options = options;
    const { clock = { elapsed: () => performance.now() / 1000 }, log } = options;
    this.#watch = new TopicWatch(clock, log);
    this.#shared = this.#newQueue();
  }

  /** How many producers it has made. */
  get producersMade(): number {
    return this.#producersMade;
  }

  /**
   * Connects, so that a cluster that is unavailable is known at the start, and creates the topics where they are missing.
   * Throws `SINK_FAILED`, or `SETTINGS_INVALID` where the cluster refuses us.
   */
  async open(topics: readonly string[]): Promise<void> {
    try {
      for (const topic of topics) await retryTransient(OPEN_SECONDS, () => this.#prepareTopic(topic));
      await retryTransient(OPEN_SECONDS, () => this.#shared.connect());
    } catch (error) {
      throw (
        accessRefused(error) ??
        new SluiceError(
          'SINK_FAILED',
          `Kafka: the cluster cannot be reached (${describeError(error)}); check the brokers, kafka.tls, and that the topics exist`,
          { retriable: true, cause: error },
        )
      );
    }
    for (const topic of topics) this.#proven.add(topic);
  }

  /**
   * Resolves when all replicas have the records, but for those that will never be accepted, which it returns. Throws
   * `SINK_FAILED` (retriable), whose `unfinished` names the records that are left; some of them may have been sent.
   */
  publish(records: readonly KafkaRecord[]): Promise<readonly Refusal[]> {
    if (records.length === 0) return Promise.resolve([]);
    if (this.#closed)
      return Promise.reject(
        new SluiceError('SINK_FAILED', 'Kafka: nothing is sent after the end', { retriable: true }),
      );
    const call = new PublishCall(records);
    for (const sending of call.sendings) this.#enqueue(sending);
    return call.done;
  }

  /** Waits for what is being sent, then disconnects. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#running.size > 0) await Promise.all(this.#running);
    await this.#shared.disconnect();
  }

  #enqueue(sending: Sending): void {
    const { topic } = sending.record;
    const alone = this.#alone.get(topic);
    if (alone !== undefined) alone.add(sending);
    else if (this.#proven.has(topic)) this.#enqueueShared(sending);
    else this.#enqueueAlone(topic, sending);
  }

  #enqueueShared(sending: Sending): void {
    this.#shared.add(sending);
    if (this.#sharedRuns) return;
    this.#sharedRuns = true;
    this.#track(this.#runShared());
  }

  #enqueueAlone(topic: string, sending: Sending): void {
    const queue = this.#newQueue();
    queue.add(sending);
    this.#alone.set(topic, queue);
    this.#track(this.#runAlone(topic, queue));
  }

  async #runShared(): Promise<void> {
    // Not in the turn in which the first record of a call was added: the others go along.
    await Promise.resolve();
    while (!this.#shared.isEmpty) {
      const failed = await this.#shared.run();
      this.#lookAgain(failed?.topics);
      if (failed === undefined || failed.topics.length < 2) continue;
      // Nobody knows which of them it was: each has to take a record on its own.
      for (const topic of failed.topics) this.#proven.delete(topic);
      for (const sending of this.#shared.takeOut(new Set(failed.topics))) this.#enqueue(sending);
    }
    // In the same turn in which nothing waited: the next record starts it again.
    this.#sharedRuns = false;
  }

  async #runAlone(topic: string, queue: SendQueue): Promise<void> {
    await this.#myTurn();
    let failed: Awaited<ReturnType<SendQueue['run']>>;
    while (!queue.isEmpty && failed === undefined) failed = await queue.run();
    this.#lookAgain(failed?.topics);
    // In the same turn, so that no record is added to a queue that nobody runs.
    this.#alone.delete(topic);
    if (failed !== undefined) queue.failAll(failed);
    else if (queue.hasDelivered) this.#proven.add(topic);
    this.#shared.adoptFrom(queue);
    const next = this.#waitingForTurn.shift();
    if (next === undefined) this.#runningAlone--;
    else next();
  }

  async #myTurn(): Promise<void> {
    if (this.#runningAlone < MOST_ALONE) this.#runningAlone++;
    else await new Promise<void>((resolve) => this.#waitingForTurn.push(resolve));
  }

  /** Somebody may have deleted them, so that they have to be created again. */
  #lookAgain(topics: readonly string[] = []): void {
    for (const topic of topics) this.#topicsMade.delete(topic);
  }

  #track(run: Promise<void>): void {
    const tracked = run.finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  #move(sending: Sending, other: KafkaRecord): void {
    this.#proven.delete(sending.record.topic);
    sending.record = other;
    this.#enqueue(sending);
  }

  async #prepareTopic(topic: string): Promise<void> {
    if (this.#options.makeTopic === undefined || this.#topicsMade.has(topic)) return;
    await this.#options.makeTopic(topic);
    this.#topicsMade.add(topic);
  }

  #newQueue(): SendQueue {
    const { kafka, log, makeTopic } = this.#options;
    return new SendQueue({
      kafka,
      log,
      watch: this.#watch,
      limit: this.#limit,
      prepareTopic: (topic) => this.#prepareTopic(topic),
      createsTopics: makeTopic !== undefined,
      move: (sending, other) => this.#move(sending, other),
      producerMade: () => {
        this.#producersMade++;
      },
    });
  }
}
