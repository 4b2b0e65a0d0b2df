import { createRequire } from 'node:module';
import type { Kafka, Message, ProducerBatch, ProducerConfig } from 'kafkajs';

type Encoded = { size(): number };
const require = createRequire(import.meta.url);
const encodeRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => Encoded;
const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0') as {
  readonly RecordBatch: (batch: object) => Promise<Encoded>;
};

/** Bytes of a batch of these messages as kafkajs sends it: what a broker measures. */
export async function batchBytes(messages: readonly Message[]): Promise<number> {
  const records = messages.map((message, offsetDelta) => encodeRecord({ ...message, offsetDelta }));
  return (await RecordBatch({ records })).size();
}

/** An error of the protocol, wrapped as kafkajs wraps one that it has given up on. */
export function protocolError(type: string): Error {
  const cause = Object.assign(new Error(`the broker answers ${type}`), {
    type,
    name: 'KafkaJSProtocolError',
  });
  return new Error(cause.message, { cause });
}

export class FakeTopic {
  readonly partitions: Message[][];
  maxBytes = 1_048_588;
  /** Thrown by a send to this topic; a record may be recognized by it. */
  failure: (messages: readonly Message[]) => string | undefined = () => undefined;
  /** A send to the topic waits for it. */
  hold: Promise<void> | undefined;

  constructor(partitions: number) {
    this.partitions = Array.from({ length: partitions }, () => []);
  }

  get records(): readonly Message[] {
    return this.partitions.flat();
  }
}

/** A cluster as producers and admin clients of kafkajs see it. */
export class FakeCluster {
  readonly topics = new Map<string, FakeTopic>();
  partitions = 1;
  isDown = false;
  /** Why no topic is created; undefined where one is. */
  creationRefused: (topic: string) => string | undefined = () => undefined;
  listingRefused: string | undefined;
  readonly sends: ProducerBatch[] = [];
  /** What each producer was made with. */
  readonly producers: (ProducerConfig | undefined)[] = [];
  readonly created: string[] = [];
  lists = 0;
  producersOpen = 0;
  mostProducersOpen = 0;

  make(name: string): FakeTopic {
    const topic = new FakeTopic(this.partitions);
    this.topics.set(name, topic);
    return topic;
  }

  texts(topic: string): readonly string[] {
    return (this.topics.get(topic)?.records ?? []).map(({ value }) => String(value));
  }

  get kafka(): Kafka {
    return {
      producer: (config?: ProducerConfig) => this.#producer(config),
      admin: () => this.#admin(),
    } as unknown as Kafka;
  }

  #producer(config: ProducerConfig | undefined) {
    this.producers.push(config);
    let open = false;
    let hasFailed = false;
    return {
      connect: async () => {
        this.#mustBeUp();
        open = true;
        this.mostProducersOpen = Math.max(this.mostProducersOpen, ++this.producersOpen);
      },
      disconnect: async () => {
        if (open) this.producersOpen--;
        open = false;
      },
      sendBatch: async (batch: ProducerBatch) => {
        if (!open) throw new Error('the producer is disconnected');
        // It has numbered records that no broker has.
        if (hasFailed) throw protocolError('OUT_OF_ORDER_SEQUENCE_NUMBER');
        this.sends.push(batch);
        for (const { topic } of batch.topicMessages ?? []) await this.topics.get(topic)?.hold;
        hasFailed = true;
        this.#mustBeUp();
        await this.#append(batch);
        hasFailed = false;
        return [];
      },
    };
  }

  /** As a broker does: a partition is written or not, whatever becomes of the others. */
  async #append(batch: ProducerBatch): Promise<void> {
    const all = batch.topicMessages ?? [];
    const unknown = all.find(({ topic }) => !this.topics.has(topic));
    if (unknown !== undefined) throw protocolError('UNKNOWN_TOPIC_OR_PARTITION');
    let refused: string | undefined;
    for (const { topic: name, messages } of all) {
      const topic = this.topics.get(name)!;
      for (const [index, partition] of topic.partitions.entries()) {
        const part = messages.filter((message) => partitionOf(message, topic.partitions.length) === index);
        if (part.length === 0) continue;
        const why =
          topic.failure(part) ??
          ((await batchBytes(part)) > topic.maxBytes ? 'MESSAGE_TOO_LARGE' : undefined);
        if (why === undefined) partition.push(...part);
        refused ??= why;
      }
    }
    if (refused !== undefined) throw protocolError(refused);
  }

  #admin() {
    return {
      connect: async () => this.#mustBeUp(),
      disconnect: async () => {},
      listTopics: async () => {
        this.#mustBeUp();
        this.lists++;
        if (this.listingRefused !== undefined) throw protocolError(this.listingRefused);
        return [...this.topics.keys()];
      },
      fetchTopicMetadata: async ({ topics }: { readonly topics: readonly string[] }) => {
        for (const topic of topics)
          if (!this.topics.has(topic)) throw protocolError('UNKNOWN_TOPIC_OR_PARTITION').cause;
        return { topics: topics.map((name) => ({ name, partitions: [{ leader: 1 }] })) };
      },
      createTopics: async ({ topics }: { readonly topics: readonly { readonly topic: string }[] }) => {
        this.#mustBeUp();
        const { topic } = topics[0]!;
        if (this.topics.has(topic)) return false;
        const compared = (name: string) => name.replaceAll('.', '_');
        const collides = [...this.topics.keys()].some((name) => compared(name) === compared(topic));
        const type = this.creationRefused(topic) ?? (collides ? 'INVALID_TOPIC_EXCEPTION' : undefined);
        if (type !== undefined)
          throw Object.assign(new Error('Topic creation errors'), { errors: [protocolError(type).cause] });
        this.make(topic);
        this.created.push(topic);
        return true;
      },
    };
  }

  #mustBeUp(): void {
    if (this.isDown) throw new Error('connect ECONNREFUSED 127.0.0.1:9092');
  }
}

function partitionOf({ key }: Message, partitions: number): number {
  return [...Buffer.from(key ?? '')].reduce((sum, byte) => sum + byte, 0) % partitions;
}
