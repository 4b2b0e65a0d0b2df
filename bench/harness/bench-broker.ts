import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Admin, Kafka, Producer } from 'kafkajs';
import { type GroupOffsets, readGroupOffsets } from '../../src/adapters/kafka/group-offsets.ts';
import { createKafka, type KafkaClientOptions } from '../../src/adapters/kafka/kafka-client.ts';
import { TopicAdmin } from '../../src/adapters/kafka/topic-admin.ts';
import { KafkaServer } from '../../src/cluster/kafka-server.ts';
import { SluiceError } from '../../src/core/errors.ts';
import type { Log } from '../../src/ports/log.ts';

/** kafkajs copies the messages of a partition once for each of them: larger sends are slower. */
const MOST_A_PARTITION = 500;
/** A broker takes 1 MiB for one partition, by its default; characters may have more bytes than one. */
const MOST_CHARACTERS_A_PARTITION = 400_000;
/** The longest that a broker lets a transaction stay open, by its default. */
const TRANSACTION_MS = 15 * 60_000;
const MEBIBYTE = 1024 * 1024;

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** A client as the daemon makes it, which logs nothing: what goes wrong is thrown too. */
export function benchClient(
  options: Partial<KafkaClientOptions> & Pick<KafkaClientOptions, 'brokers'>,
): Kafka {
  return createKafka(
    {
      clientId: 'sluice-bench',
      tls: { enabled: false },
      sasl: { mechanism: 'none' },
      inflateLimitBytes: 64 * MEBIBYTE,
      ...options,
    },
    silent,
  );
}

/** A broker of its own in a temporary folder, and a client of it. */
export class BenchBroker {
  readonly address: string;
  readonly kafka: Kafka;
  readonly #admin: Admin;

  private constructor(address: string, kafka: Kafka, admin: Admin) {
    this.address = address;
    this.kafka = kafka;
    this.#admin = admin;
  }

  /** Taken away when `use` has ended. Throws `SERVICE_FAILED`. */
  static async with<T>(say: (text: string) => void, use: (broker: BenchBroker) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-kafka-'));
    try {
      const fetching = () => say('Kafka is fetched, once for this machine\n');
      const server = await KafkaServer.start({ folder, fetching });
      try {
        const kafka = benchClient({ brokers: [server.broker] });
        const admin = kafka.admin();
        await admin.connect();
        try {
          return await use(new BenchBroker(server.broker, kafka, admin));
        } finally {
          await admin.disconnect();
        }
      } finally {
        await server.stop();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async makeTopic(topic: string, partitions: number): Promise<void> {
    await new TopicAdmin(this.kafka, partitions, silent).make(topic);
  }

  async dropTopic(topic: string): Promise<void> {
    await this.#admin.deleteTopics({ topics: [topic] });
  }

  /** So many values, by turns to the topic's partitions. */
  async fill(topic: string, partitions: number, messages: number, next: () => string): Promise<void> {
    const producer = this.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    try {
      await send(producer, topic, partitions, messages, next);
    } finally {
      await producer.disconnect();
    }
  }

  /**
   * As {@link fill}, in a transaction: nobody sees a message before the function that comes back is called, and then all are
   * there at once. Each partition ends with a mark that counts in the offsets.
   */
  async fillHidden(
    topic: string,
    partitions: number,
    messages: number,
    next: () => string,
  ): Promise<() => Promise<void>> {
    const producer = this.kafka.producer({
      allowAutoTopicCreation: false,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionalId: topic,
      transactionTimeout: TRANSACTION_MS,
    });
    await producer.connect();
    const transaction = await producer.transaction();
    await send(transaction, topic, partitions, messages, next);
    return async () => {
      await transaction.commit();
      await producer.disconnect();
    };
  }

  offsets(group: string, topic: string): Promise<readonly GroupOffsets[]> {
    return readGroupOffsets(this.#admin, group, topic);
  }

  /** How many records a topic has; 0 where there is no such topic. */
  async records(topic: string): Promise<number> {
    const topics = await this.#admin.listTopics();
    if (!topics.includes(topic)) return 0;
    const ends = await this.#admin.fetchTopicOffsets(topic);
    return ends.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);
  }

  /** Whether so many members share the partitions and nobody is joining. */
  async isSettled(group: string, members: number): Promise<boolean> {
    const { groups } = await this.#admin.describeGroups([group]);
    return groups[0]?.state === 'Stable' && groups[0].members.length === members;
  }
}

async function send(
  producer: Pick<Producer, 'sendBatch'>,
  topic: string,
  partitions: number,
  messages: number,
  next: () => string,
): Promise<void> {
  let sent = 0;
  while (sent < messages) {
    const values: { readonly partition: number; readonly value: string }[] = [];
    const most = Math.min(MOST_A_PARTITION * partitions, messages - sent);
    for (
      let characters = 0;
      values.length < most && characters < MOST_CHARACTERS_A_PARTITION * partitions;
    ) {
      const value = next().trimEnd();
      characters += value.length;
      values.push({ partition: (sent + values.length) % partitions, value });
    }
    sent += values.length;
    await producer.sendBatch({ acks: -1, topicMessages: [{ topic, messages: values }] });
  }
}

/** What a group has committed. */
export function committedOf(offsets: readonly GroupOffsets[]): number {
  return offsets.reduce((sum, { committed, low }) => sum + (committed ?? low), 0);
}

const LOOK_MS = 20;

export interface CommitTimes {
  /** From the first commit that was seen to the last. */
  readonly seconds: number;
  /** Messages committed in that time. */
  readonly messages: number;
  /** `performance.now()` of the last commit. */
  readonly endedAt: number;
}

/**
 * Watches a group's offsets until the last partition's reach its end. `hidden`: of a topic filled by {@link BenchBroker.fillHidden},
 * whose mark at the end of a partition need not be committed. `elsewhere`: asked for the sum of committed
 * offsets where they are not the group's.
 */
export async function watchCommits(
  broker: BenchBroker,
  group: string,
  topic: string,
  options: {
    readonly deadlineSeconds: number;
    readonly alive?: () => void;
    readonly hidden?: boolean;
    readonly elsewhere?: () => Promise<number>;
  },
): Promise<CommitTimes> {
  const deadline = performance.now() + options.deadlineSeconds * 1000;
  const marks = options.hidden ? 1 : 0;
  let first: { readonly at: number; readonly committed: number } | undefined;
  for (;;) {
    options.alive?.();
    const offsets = await broker.offsets(group, topic);
    const elsewhere = await options.elsewhere?.();
    const now = performance.now();
    const committed = elsewhere ?? committedOf(offsets);
    if (first === undefined && committed > 0) first = { at: now, committed };
    const whole =
      elsewhere === undefined
        ? offsets.every((each) => (each.committed ?? 0) >= each.high - marks)
        : elsewhere >= offsets.reduce((sum, { high }) => sum + high - marks, 0);
    if (first !== undefined && whole)
      return {
        seconds: (now - first.at) / 1000,
        messages: committed - first.committed,
        endedAt: now,
      };
    if (now > deadline)
      throw new SluiceError(
        'SOURCE_FAILED',
        `the group ${group} has committed ${committed} messages within ${options.deadlineSeconds} s and not reached the end; try fewer with --messages`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
