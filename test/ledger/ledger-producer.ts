import type { Kafka } from 'kafkajs';
import { SteadyProducer } from '../../src/adapters/kafka/steady-producer.ts';
import { sampleMessages } from '../../src/training/sample-messages.ts';
import type { EventLog } from './event-log.ts';

export interface LedgerProducerOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly partitions: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly events: Pick<EventLog, 'add'>;
  /** Whether so much waits to be scored that nothing is to be added for now; that time is not made up for. */
  readonly holdsBack: () => boolean;
}

const TEXTS = 20_000;
const SPAM = 0.1;

/** Sends at a steady rate and writes down what the broker acknowledged; it knows nothing of Sluice's daemons. */
export class LedgerProducer {
  readonly #producer: SteadyProducer;

  constructor({ kafka, topic, partitions, perSecond, seed, events, holdsBack }: LedgerProducerOptions) {
    const texts = [...sampleMessages({ count: TEXTS, spam: SPAM, seed })].map(({ message }) => message);
    const idOf = (n: number) => `${seed}-${n}`;
    const idsOf = (from: number, to: number, partition?: number) => {
      const ids: string[] = [];
      for (let n = from; n < to; n++)
        if (partition === undefined || n % partitions === partition) ids.push(idOf(n));
      return ids;
    };
    this.#producer = new SteadyProducer({
      kafka,
      topic,
      perSecond,
      holdsBack,
      message: (n) => {
        const value = { message: texts[n % TEXTS]!, message_id: idOf(n), community: 'ledger' };
        return { partition: n % partitions, key: idOf(n), value: JSON.stringify(value) };
      },
      acknowledged: (from, to, metadata) => {
        for (const { partition, baseOffset } of metadata) {
          const ids = idsOf(from, to, partition);
          events.add({ kind: 'acknowledged', partition, offset: Number(baseOffset), ids });
          this.acknowledged += ids.length;
        }
      },
      unsure: (from, to) => events.add({ kind: 'unsure', ids: idsOf(from, to) }),
    });
  }

  acknowledged = 0;

  start(): Promise<void> {
    return this.#producer.start();
  }

  /** Resolves when nothing is under way any more. */
  stop(): Promise<void> {
    return this.#producer.stop();
  }
}
