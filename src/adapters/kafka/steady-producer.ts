import kafkajs, { type Kafka, type Message, type Producer, type RecordMetadata } from 'kafkajs';

export interface SteadyProducerOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly perSecond: number;
  /** Whether nothing is to be added for now; that time is not made up for. */
  readonly holdsBack?: () => boolean;
  /** The n-th message, counted from 0; each is asked for once. */
  readonly message: (n: number) => Message;
  /** The broker has the messages from `from` up to and without `to`. */
  readonly acknowledged?: (from: number, to: number, positions: readonly RecordMetadata[]) => void;
  /** Nobody knows whether it has them. */
  readonly unsure?: (from: number, to: number, error: unknown) => void;
}

const TICK_MS = 50;
/** Sends under way; a broker that is away holds the producer up and nothing more. */
const MOST_SENDS = 20;
/** What was held up follows at twice the rate at most. */
const CATCH_UP = 2;

/** Sends at a steady rate, whatever becomes of it. */
export class SteadyProducer {
  readonly #options: SteadyProducerOptions;
  readonly #producer: Producer;
  readonly #sends = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = 0;
  /** Messages that should have been sent by now. */
  #due = 0;
  #sent = 0;

  constructor(options: SteadyProducerOptions) {
    this.#options = options;
    this.#producer = options.kafka.producer({
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      allowAutoTopicCreation: false,
    });
  }

  /** Connects and begins. */
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
    if (holdsBack === undefined || !holdsBack()) this.#due += ((now - this.#lookedAt) / 1000) * perSecond;
    this.#lookedAt = now;
    if (this.#sends.size >= MOST_SENDS) return;
    const due = Math.floor(this.#due) - this.#sent;
    const count = Math.min(due, Math.ceil((perSecond * TICK_MS * CATCH_UP) / 1000));
    if (count <= 0) return;
    const send = this.#send(count).finally(() => this.#sends.delete(send));
    this.#sends.add(send);
  }

  async #send(count: number): Promise<void> {
    const { topic, message, acknowledged, unsure } = this.#options;
    const from = this.#sent;
    this.#sent += count;
    const messages = Array.from({ length: count }, (_, i) => message(from + i));
    let positions: readonly RecordMetadata[];
    try {
      positions = await this.#producer.send({ topic, messages, acks: -1 });
    } catch (error) {
      unsure?.(from, from + count, error);
      return;
    }
    acknowledged?.(from, from + count, positions);
  }
}
