import { sampleMessages } from '../../src/training/sample-messages.ts';
import type { EventLog } from './event-log.ts';

const SPAM = 0.5;

export interface ExtraMessage {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
}

/** Messages beside those of the steady producer, as many to each partition; the same for the same seed and name. */
export class ExtraMessages {
  readonly ids: readonly string[];
  readonly messages: readonly ExtraMessage[];
  readonly #partitions: number;

  constructor(options: {
    readonly seed: number;
    readonly name: string;
    readonly community: string;
    readonly partitions: number;
    readonly perPartition: number;
  }) {
    const { seed, name, community, partitions, perPartition } = options;
    this.#partitions = partitions;
    const own = [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), seed) % 2 ** 31;
    const texts = [...sampleMessages({ count: partitions * perPartition, spam: SPAM, seed: own })];
    this.messages = texts.map(({ message }, n) => {
      const id = `${seed}-${name}-${n}`;
      const value = JSON.stringify({ message, message_id: id, community });
      return { partition: n % partitions, key: id, value };
    });
    this.ids = this.messages.map(({ key }) => key);
  }

  /** Writes down that the broker has them. */
  acknowledge(
    metadata: readonly { readonly partition: number; readonly baseOffset?: string }[],
    events: Pick<EventLog, 'add'>,
  ): void {
    for (const { partition, baseOffset } of metadata) {
      const ids = this.ids.filter((_, n) => n % this.#partitions === partition);
      events.add({ kind: 'acknowledged', partition, offset: Number(baseOffset), ids });
    }
  }
}
