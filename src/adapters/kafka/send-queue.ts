import type { Kafka, Message as KafkaMessage, Producer } from 'kafkajs';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { disconnectWithin } from './disconnect-within.ts';
import type { KafkaRecord, Sending } from './publish-call.ts';
import { type PublishFailure, publishFailure } from './publish-failure.ts';
import { SendPartitioner } from './send-partitioner.ts';
import type { TopicWatch } from './topic-watch.ts';

export interface SendQueueOptions {
  readonly kafka: Kafka;
  readonly log: Log;
  readonly watch: TopicWatch;
  readonly limit: SendLimit;
  /** Creates the topic where it is missing and may be created. */
  readonly prepareTopic: (topic: string) => Promise<void>;
  readonly createsTopics: boolean;
  /** A record goes to another topic. */
  readonly move: (sending: Sending, other: KafkaRecord) => void;
  readonly producerMade: () => void;
}

interface Sender {
  readonly producer: Producer;
  readonly partitioner: SendPartitioner;
}

/** A send that failed as a whole. */
export interface GroupFailure {
  readonly topics: readonly string[];
  readonly failure: PublishFailure;
  readonly thrown: unknown;
}

/** kafkajs copies the messages of a partition once for each of them, so that a send of thousands takes seconds. */
const MOST_RECORDS = 500;
/** What one partition gets in a send is one batch, and a broker by default takes none of more than 1 MiB. */
const MOST_BYTES = 900 * 1024;
const LEAST_BYTES = 1024;
const DISCONNECT_SECONDS = 3;
/** Records that may go to another topic do so when theirs has been unavailable for so long. */
const PATIENCE_SECONDS = 30;

/** How many bytes a send may have together; one record alone may have more. It falls where a broker takes less. */
export class SendLimit {
  #bytes = MOST_BYTES;

  get bytes(): number {
    return this.#bytes;
  }

  /** A send of several records, of so many bytes together, was too large. */
  tooLarge(bytes: number): void {
    this.#bytes = Math.max(LEAST_BYTES, Math.min(this.#bytes, bytes >> 1));
  }
}

/**
 * Records that wait to be sent by one idempotent producer, in sends of a few hundred, one after the other. After an error
 * nobody knows what the producer has numbered and sent; it is thrown away, and another made for the next send.
 */
export class SendQueue {
  readonly #options: SendQueueOptions;
  #waiting: Sending[] = [];
  #sender: Sender | undefined;
  /** Whether the broker has accepted anything of it. */
  hasDelivered = false;

  constructor(options: SendQueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(sending: Sending): void {
    this.#waiting.push(sending);
  }

  /** Takes out what waits for these topics. */
  takeOut(topics: ReadonlySet<string>): readonly Sending[] {
    const taken = this.#waiting.filter(({ record }) => topics.has(record.topic));
    if (taken.length > 0) this.#waiting = this.#waiting.filter(({ record }) => !topics.has(record.topic));
    return taken;
  }

  /** Sends what waits until nothing does, or a send fails: its records then have failed, and the rest still waits. */
  async run(): Promise<GroupFailure | undefined> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      try {
        await this.#deliver(group);
      } catch (thrown) {
        const left = group.filter(({ isSettled }) => !isSettled);
        const failure = this.#failureOf(thrown);
        const topics = topicsOf(left);
        for (const topic of topics) this.#options.watch.failed(topic, failure);
        for (const sending of left) sending.failed(failure, thrown);
        return { topics, failure, thrown };
      }
    }
    return undefined;
  }

  failAll({ failure, thrown }: GroupFailure): void {
    for (const sending of this.#waiting.splice(0)) sending.failed(failure, thrown);
  }

  /** Connects, so that a cluster that is unavailable is known before anything is sent. Throws what kafkajs throws. */
  async connect(): Promise<void> {
    await this.#connected();
  }

  /** Takes over the producer of another queue that has come to its end. */
  adoptFrom(other: SendQueue): void {
    const sender = other.#sender;
    other.#sender = undefined;
    if (sender === undefined) return;
    if (this.#sender === undefined) this.#sender = sender;
    else void disconnectWithin(sender.producer, DISCONNECT_SECONDS, this.#options.log);
  }

  async disconnect(): Promise<void> {
    const sender = this.#sender;
    this.#sender = undefined;
    if (sender !== undefined) await disconnectWithin(sender.producer, DISCONNECT_SECONDS, this.#options.log);
  }

  /** What waits, as far as it fits into one send; the first in any case. */
  #takeGroup(): readonly Sending[] {
    let bytes = this.#waiting[0]!.bytes;
    let end = 1;
    for (; end < Math.min(this.#waiting.length, MOST_RECORDS); end++) {
      bytes += this.#waiting[end]!.bytes;
      if (bytes > this.#options.limit.bytes) break;
    }
    return this.#waiting.splice(0, end);
  }

  async #deliver(group: readonly Sending[]): Promise<void> {
    const topics = topicsOf(group);
    const { watch } = this.#options;
    for (const topic of topics) watch.began(topic);
    try {
      await this.#send(group);
    } catch (thrown) {
      // The producer has counted what the broker refused.
      this.#discardProducer(thrown);
      if (!(await this.#dealtWith(group, this.#failureOf(thrown)))) throw thrown;
      return;
    }
    this.hasDelivered = true;
    for (const topic of topics) watch.released(topic);
    for (const sending of group) sending.accepted();
  }

  /** Parts the record that is at fault from the others, makes it smaller, moves it, or refuses it; false where none of that helps. */
  async #dealtWith(group: readonly Sending[], failure: PublishFailure): Promise<boolean> {
    const { limit } = this.#options;
    if (failure.scope === 'record') {
      if (group.length === 1) {
        await this.#shrinkOrRefuse(group[0]!, failure);
        return true;
      }
      if (failure.kind === 'too-large') limit.tooLarge(group.reduce((sum, { bytes }) => sum + bytes, 0));
      const middle = group.length >> 1;
      await this.#deliver(group.slice(0, middle));
      await this.#deliver(group.slice(middle));
      return true;
    }
    return failure.scope === 'topic' && this.#moved(group, failure);
  }

  /** Sends the records to other topics, where they have any and their own refuses them or has failed for long. */
  #moved(group: readonly Sending[], { kind, reason }: PublishFailure): boolean {
    const { watch, move } = this.#options;
    const [topic, ...more] = topicsOf(group);
    if (more.length > 0 || group.some(({ record }) => record.elsewhere === undefined)) return false;
    const isUnavailable = kind === 'unavailable';
    if (isUnavailable && watch.seconds(topic!) < PATIENCE_SECONDS) return false;
    const others = group.map(({ record }) => record.elsewhere!(reason));
    // It may be back at any time, so no record is refused for that.
    if (isUnavailable && others.includes(undefined)) return false;
    if (!isUnavailable) watch.released(topic!);
    for (const [i, sending] of group.entries()) {
      const other = others[i];
      if (other === undefined) sending.refused(`the topic ${topic} takes no record: ${reason}`);
      else move(sending, other);
    }
    return true;
  }

  async #shrinkOrRefuse(sending: Sending, { kind, reason }: PublishFailure): Promise<void> {
    const { bytes, record } = sending;
    const smaller = kind === 'too-large' ? record.smaller?.(bytes >> 1) : undefined;
    if (smaller !== undefined) sending.record = smaller;
    if (smaller !== undefined && sending.bytes < bytes) return await this.#deliver([sending]);
    this.#options.watch.released(record.topic);
    sending.refused(`the topic ${record.topic} takes no such record: ${reason}`);
  }

  async #send(group: readonly Sending[]): Promise<void> {
    const byTopic = new Map<string, KafkaMessage[]>();
    for (const { record } of group) {
      const messages = byTopic.get(record.topic);
      if (messages === undefined) byTopic.set(record.topic, [record.message]);
      else messages.push(record.message);
    }
    for (const topic of byTopic.keys()) await this.#options.prepareTopic(topic);
    const { producer, partitioner } = await this.#connected();
    partitioner.begin();
    await producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })),
    });
  }

  async #connected(): Promise<Sender> {
    if (this.#sender !== undefined) return this.#sender;
    const partitioner = new SendPartitioner();
    const producer = this.#options.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      createPartitioner: partitioner.create,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    });
    try {
      await producer.connect();
    } catch (error) {
      void disconnectWithin(producer, DISCONNECT_SECONDS, this.#options.log);
      throw error;
    }
    this.#options.producerMade();
    this.#sender = { producer, partitioner };
    return this.#sender;
  }

  #discardProducer(reason: unknown): void {
    const sender = this.#sender;
    if (sender === undefined) return;
    this.#sender = undefined;
    const { log } = this.#options;
    log.warn({ error: describeError(reason) }, 'replacing the producer');
    void disconnectWithin(sender.producer, DISCONNECT_SECONDS, log);
  }

  #failureOf(thrown: unknown): PublishFailure {
    return publishFailure(thrown, this.#options.createsTopics);
  }
}

function topicsOf(sendings: readonly Sending[]): readonly string[] {
  return [...new Set(sendings.map(({ record }) => record.topic))];
}
