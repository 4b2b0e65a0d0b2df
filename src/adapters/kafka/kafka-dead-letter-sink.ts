import type { DeadLetter } from '../../core/dead-letter.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import { recordOfDeadLetter } from './dead-letter-record.ts';
import type { KafkaPublisher, KafkaRecord } from './kafka-publisher.ts';

/** Dead letters as the records they were, with headers that say why and where from; see `dead-letter-record.ts`. */
export class KafkaDeadLetterSink implements DeadLetterSink {
  readonly #publisher: KafkaPublisher;
  readonly #topic: string;

  /** Closes `publisher` when it is closed. */
  constructor(publisher: KafkaPublisher, topic: string) {
    this.#publisher = publisher;
    this.#topic = topic;
  }

  publish(letters: readonly DeadLetter[]): Promise<void> {
    return this.#publisher.publish(letters.map((letter) => this.#recordOf(letter, letter.bytes.byteLength)));
  }

  async flush(): Promise<void> {}

  close(): Promise<void> {
    return this.#publisher.close();
  }

  /** A message that just fits into its topic may, with more headers, not fit into this one; then its end is cut off. */
  #recordOf(letter: DeadLetter, keptBytes: number): KafkaRecord {
    return {
      topic: this.#topic,
      message: recordOfDeadLetter(letter, keptBytes),
      ...(keptBytes === 0 ? {} : { smaller: () => this.#recordOf(letter, keptBytes >> 1) }),
    };
  }
}
