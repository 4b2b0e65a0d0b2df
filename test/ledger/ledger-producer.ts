import kafkajs, { type Kafka, type Producer } from 'kafkajs';
import { sampleMessages } from '../../src/training/sample-messages.ts';
import type { EventLog } from './event-log.ts';

export interface LedgerProducerOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly partitions: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly events: Pick<EventLog, 'add'>;
  /** Whether so much waits to be judged that nothing is to be added for now; that time is not made up for. */
  readonly holdsBack: () => boolean;
}

const TEXTS = 20_000;
const SPAM = 0.1;
const TICK_MS = 50;
/** Sends under way; a broker that is away holds the producer up and nothing more. */
const MOST_SENDS = 20;
/** What was held up follows at twice the rate at most. */
const CATCH_UP = 2;

/** Sends at a steady rate and writes down what the broker acknowledged; it knows nothing of Sluice. */
export class LedgerProducer {
  readonly #options: LedgerProducerOptions;
  readonly #producer: Producer;
  readonly #texts: readonly string[];
  readonly #sends = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = 0;
  /** Messages that should have been sent by now. */
  #due = 0;
  #sent = 0;

  constructor(options: LedgerProducerOptions) {
    this.#options = options;
    this.#producer = options.kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
    this.#texts = [...sampleMessages({ count: TEXTS, spam: SPAM, seed: options.seed })].map(
      ({ message }) => message,
    );
  }

  acknowledged = 0;

  async start(): Promise<void> {
    await this.#producer.connect();
    this.#lookedAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(this.#sends);
    await this.#producer.disconnect();
  }

  #tick(): void {
    const { perSecond, holdsBack } = this.#options;
    const now = performance.now();
    if (!holdsBack()) this.#due += ((now - this.#lookedAt) / 1000) * perSecond;
    this.#lookedAt = now;
    if (this.#sends.size >= MOST_SENDS) return;
    const due = Math.floor(this.#due) - this.#sent;
    const count = Math.min(due, Math.ceil((perSecond * TICK_MS * CATCH_UP) / 1000));
    if (count <= 0) return;
    const send = this.#send(count).finally(() => this.#sends.delete(send));
    this.#sends.add(send);
  }

  async #send(count: number): Promise<void> {
    const { topic, partitions, seed, events } = this.#options;
    const ids: string[][] = Array.from({ length: partitions }, () => []);
    const messages = Array.from({ length: count }, () => {
      const n = this.#sent++;
      const id = `${seed}-${n}`;
      const partition = n % partitions;
      ids[partition]!.push(id);
      const message = this.#texts[n % TEXTS]!;
      return { partition, key: id, value: JSON.stringify({ message, message_id: id, community: 'ledger' }) };
    });
    try {
      for (const { partition, baseOffset } of await this.#producer.send({ topic, messages, acks: -1 })) {
        events.add({ kind: 'acknowledged', partition, offset: Number(baseOffset), ids: ids[partition]! });
        this.acknowledged += ids[partition]!.length;
      }
    } catch {
      events.add({ kind: 'unsure', ids: ids.flat() });
    }
  }
}
