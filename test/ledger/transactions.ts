import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import type { EventLog } from './event-log.ts';
import { ExtraMessages } from './extra-messages.ts';
import { pause } from './until.ts';

export interface TransactionsOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly partitions: number;
  readonly seed: number;
  readonly events: EventLog;
}

const ways = ['committed', 'aborted', 'committed after a while', 'aborted after a while'] as const;
const PER_PARTITION = 20;
const OPEN_SECONDS = 5;
const ABORTED_AT_END = 3;
const CLOSING = 'closing';

/** Another producer on the topic of messages, which commits some of its transactions and aborts others. */
export class Transactions {
  readonly #options: TransactionsOptions;
  readonly #producer: Producer;
  #made = 0;

  private constructor(options: TransactionsOptions, producer: Producer) {
    this.#options = options;
    this.#producer = producer;
  }

  static async open(options: TransactionsOptions): Promise<Transactions> {
    const producer = options.kafka.producer({
      transactionalId: 'ledger',
      idempotent: true,
      maxInFlightRequests: 1,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
    await producer.connect();
    return new Transactions(options, producer);
  }

  /** Makes one transaction over all partitions. Answers how it ended. */
  async make(nth: number): Promise<string> {
    const way = ways[nth % ways.length]!;
    await this.#transaction(way.startsWith('committed'), way.endsWith('while') ? OPEN_SECONDS : 0);
    return way;
  }

  /** Aborts the last transactions of the run, so that every partition ends with their markers. */
  async abortLast(): Promise<void> {
    for (let n = 0; n < ABORTED_AT_END; n++) await this.#transaction(false, 0);
  }

  /** Sends a last record to each partition, once no daemon reads any more: a plain reader sees no end without it. */
  async close(): Promise<void> {
    const { kafka, topic, partitions } = this.#options;
    await this.#producer.disconnect();
    const plain = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await plain.connect();
    const value = JSON.stringify({ message_id: CLOSING });
    await plain.send({
      topic,
      messages: Array.from({ length: partitions }, (_, partition) => ({ partition, value })),
    });
    await plain.disconnect();
  }

  async #transaction(commits: boolean, openSeconds: number): Promise<void> {
    const { topic, partitions, seed, events } = this.#options;
    const name = `t${this.#made++}`;
    const extra = new ExtraMessages({
      ...{ seed, name, partitions, community: 'ledger' },
      perPartition: PER_PARTITION,
    });
    const { ids } = extra;
    // Written down before it is sure: what is aborted must not come out even while it is open.
    if (!commits) events.add({ kind: 'aborted', ids });
    const transaction = await this.#producer.transaction();
    const metadata = await transaction.send({ topic, messages: [...extra.messages] });
    await pause(openSeconds);
    if (!commits) return await transaction.abort();
    try {
      await transaction.commit();
    } catch (error) {
      events.add({ kind: 'unsure', ids });
      throw error;
    }
    extra.acknowledge(metadata, events);
  }
}

/** Whether a record is the one that {@link Transactions.close} has sent. */
export function isClosing(id: string): boolean {
  return id === CLOSING;
}
