import { randomUUID } from 'node:crypto';
import kafkajs, { type Admin, type Kafka, type KafkaMessage, type Producer } from 'kafkajs';
import { createKafka } from '../../src/adapters/kafka/kafka-client.ts';
import type { Log } from '../../src/ports/log.ts';
import { quietLog } from '../contract/temporary-folder.ts';

export const MEBIBYTE = 1024 * 1024;

/** The client as the daemon makes it. */
export function kafkaOn(
  brokers: string | readonly string[],
  log: Log = quietLog,
  inflateLimitBytes = 64 * MEBIBYTE,
): Kafka {
  return createKafka(
    {
      brokers: typeof brokers === 'string' ? [brokers] : brokers,
      clientId: 'test',
      tls: { enabled: false },
      sasl: { mechanism: 'none' },
      inflateLimitBytes,
    },
    log,
  );
}

export function freshName(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

/** What a test does to topics from outside: a client of its own, which the code under test knows nothing of. */
export class KafkaTopics {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly producer: Producer;

  private constructor(kafka: Kafka) {
    this.kafka = kafka;
    this.admin = kafka.admin();
    // A partition that is a moment old may take a request and ask for it again; each message is to be there once.
    this.producer = kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
  }

  static async open(brokers: string | readonly string[]): Promise<KafkaTopics> {
    const topics = new KafkaTopics(kafkaOn(brokers));
    await Promise.all([topics.admin.connect(), topics.producer.connect()]);
    return topics;
  }

  async make(
    topic: string,
    partitions = 1,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    await this.admin.createTopics({
      waitForLeaders: true,
      topics: [
        {
          topic,
          numPartitions: partitions,
          replicationFactor: 1,
          configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
        },
      ],
    });
    return topic;
  }

  async put(topic: string, partition: number, values: readonly string[], perSend = 500): Promise<void> {
    for (let from = 0; from < values.length; from += perSend)
      await this.producer.send({
        topic,
        messages: values.slice(from, from + perSend).map((value) => ({ partition, value })),
      });
  }

  async end(topic: string): Promise<number> {
    const ends = await this.admin.fetchTopicOffsets(topic);
    return ends.reduce((sum, { high }) => sum + Number(high), 0);
  }

  /** All records that are there now, by partition and offset. */
  async read(topic: string): Promise<readonly KafkaMessage[]> {
    const ends = await this.admin.fetchTopicOffsets(topic);
    const wanted = new Map(
      ends.filter(({ low, high }) => low !== high).map((e) => [e.partition, Number(e.high)]),
    );
    const found = new Map<number, KafkaMessage[]>();
    if (wanted.size === 0) return [];
    const consumer = this.kafka.consumer({ groupId: freshName('reader'), maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer
        .run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            const messages = found.get(batch.partition) ?? [];
            messages.push(...batch.messages);
            found.set(batch.partition, messages);
            if (Number(batch.lastOffset()) + 1 >= (wanted.get(batch.partition) ?? 0))
              wanted.delete(batch.partition);
            if (wanted.size === 0) resolve();
          },
        })
        .catch(reject);
    });
    await consumer.disconnect();
    return [...found.keys()].sort((a, b) => a - b).flatMap((partition) => found.get(partition)!);
  }

  async committed(group: string, topic: string): Promise<readonly number[]> {
    const [offsets] = await this.admin.fetchOffsets({ groupId: group, topics: [topic] });
    return offsets!.partitions.sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.disconnect(), this.producer.disconnect()]);
  }
}
