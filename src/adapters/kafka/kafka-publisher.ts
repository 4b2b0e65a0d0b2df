import kafkajs, { type Kafka, type Message as KafkaMessage, type Producer } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { accessRefused } from './access-refused.ts';
import { withPatience } from './asks-for-patience.ts';
import { disconnectWithin } from './disconnect-within.ts';

/** A record to be sent. */
export interface KafkaRecord {
  readonly topic: string;
  readonly message: KafkaMessage;
  /** The record in fewer bytes, for when the broker takes none so large; left out where it can't be made smaller. */
  readonly smaller?: () => KafkaRecord;
}

export interface KafkaPublisherOptions {
  readonly kafka: Kafka;
  readonly log: Log;
  /** Makes a topic that is missing; undefined where nothing may be made. */
  readonly makeTopic?: ((topic: string) => Promise<void>) | undefined;
}

/** kafkajs copies the messages of a partition once for each of them, so that a send of thousands takes seconds. */
const MOST_A_SEND = 500;
const DISCONNECT_SECONDS = 3;
/** A broker that has just started answers by then. */
const OPEN_SECONDS = 30;

interface Waiting {
  readonly records: readonly KafkaRecord[];
  readonly resolve: () => void;
  readonly reject: (error: SluiceError) => void;
}

/**
 * Sends records through an idempotent producer, acknowledged by all replicas, in sends of a few hundred, one after the
 * other: what is published while a send is under way goes along in the next. After an error nobody knows what its producer
 * has numbered and sent; it is thrown away, and another made for the next attempt.
 */
export class KafkaPublisher {
  readonly #options: KafkaPublisherOptions;
  readonly #waiting: Waiting[] = [];
  readonly #topicsMade = new Set<string>();
  #producer: Producer | undefined;
  #pumping: Promise<void> | undefined;
  #closed = false;

  constructor(options: KafkaPublisherOptions) {
    this.#options = options;
  }

  /** How many producers it has made. */
  producersMade = 0;

  /** Connects, so that a cluster that is away is known at the start. Throws `SINK_FAILED`, or `SETTINGS_INVALID` where it refuses us. */
  async open(topics: readonly string[]): Promise<void> {
    try {
      for (const topic of topics) await withPatience(OPEN_SECONDS, () => this.#makeTopic(topic));
      await withPatience(OPEN_SECONDS, () => this.#connected());
    } catch (error) {
      throw (
        accessRefused(error) ?? sinkFailed(`the cluster cannot be reached (${describeError(error)})`, error)
      );
    }
  }

  /** Resolves when all replicas have the records. Throws `SINK_FAILED` (retriable); some may have been sent then. */
  publish(records: readonly KafkaRecord[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    if (this.#closed) return Promise.reject(sinkFailed('nothing is sent after the end', undefined));
    const published = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject });
    });
    this.#pumping ??= this.#pump();
    return published;
  }

  /** Waits for what is being sent, then disconnects. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#pumping;
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) await disconnectWithin(producer, DISCONNECT_SECONDS, this.#options.log);
  }

  async #pump(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#takeGroup();
      const records = group.flatMap((each) => each.records);
      try {
        for (let from = 0; from < records.length; from += MOST_A_SEND)
          await this.#send(records.slice(from, from + MOST_A_SEND));
        for (const { resolve } of group) resolve();
      } catch (error) {
        this.#discardProducer(error);
        const failed = sinkFailed(`records could not be sent (${describeError(error)})`, error);
        for (const { reject } of group) reject(failed);
      }
    }
    // In the same turn in which nothing waited: whoever publishes next starts it again.
    this.#pumping = undefined;
  }

  /** What waits, as far as it fits into one send; the first in any case. */
  #takeGroup(): readonly Waiting[] {
    let count = this.#waiting[0]!.records.length;
    let end = 1;
    for (; end < this.#waiting.length; end++) {
      count += this.#waiting[end]!.records.length;
      if (count > MOST_A_SEND) break;
    }
    return this.#waiting.splice(0, end);
  }

  async #send(records: readonly KafkaRecord[]): Promise<void> {
    const byTopic = new Map<string, KafkaMessage[]>();
    for (const { topic, message } of records) {
      const messages = byTopic.get(topic);
      if (messages === undefined) byTopic.set(topic, [message]);
      else messages.push(message);
    }
    for (const topic of byTopic.keys()) await this.#makeTopic(topic);
    const producer = await this.#connected();
    try {
      await producer.sendBatch({
        acks: -1,
        topicMessages: [...byTopic].map(([topic, messages]) => ({ topic, messages })),
      });
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      await this.#sendSmaller(records, error);
    }
  }

  /** Half of them at a time, until one alone is too large. */
  async #sendSmaller(records: readonly KafkaRecord[], error: unknown): Promise<void> {
    // The producer has counted what the broker refused.
    this.#discardProducer(error);
    if (records.length > 1) {
      const middle = records.length >> 1;
      await this.#send(records.slice(0, middle));
      await this.#send(records.slice(middle));
      return;
    }
    const smaller = records[0]!.smaller?.();
    if (smaller === undefined) throw error;
    await this.#send([smaller]);
  }

  async #makeTopic(topic: string): Promise<void> {
    if (this.#options.makeTopic === undefined || this.#topicsMade.has(topic)) return;
    await this.#options.makeTopic(topic);
    this.#topicsMade.add(topic);
  }

  async #connected(): Promise<Producer> {
    if (this.#producer !== undefined) return this.#producer;
    const producer = this.#options.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    });
    try {
      await producer.connect();
    } catch (error) {
      void disconnectWithin(producer, DISCONNECT_SECONDS, this.#options.log);
      throw error;
    }
    this.producersMade++;
    this.#producer = producer;
    return producer;
  }

  #discardProducer(reason: unknown): void {
    const producer = this.#producer;
    if (producer === undefined) return;
    this.#producer = undefined;
    const { log } = this.#options;
    log.warn({ error: describeError(reason) }, 'the producer is thrown away and another made');
    void disconnectWithin(producer, DISCONNECT_SECONDS, log);
  }
}

function isTooLarge(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if ((at as Error & { readonly type?: string }).type === 'MESSAGE_TOO_LARGE') return true;
  return false;
}

function sinkFailed(what: string, cause: unknown): SluiceError {
  return new SluiceError(
    'SINK_FAILED',
    `Kafka: ${what}; check the brokers, kafka.tls, and that the topics exist`,
    {
      retriable: true,
      cause,
    },
  );
}
