import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import { recordOfDeadLetter } from './dead-letter-record.ts';
import type { KafkaPublisher } from './kafka-publisher.ts';
import type { KafkaRecord } from './publish-call.ts';

/** Dead letters as the records they were, with headers that say why and where from; see `dead-letter-record.ts`. */
export class KafkaDeadLetterSink implements DeadLetterSink {
  readonly #publisher: KafkaPublisher;
  readonly #topic: string;

  /** Closes `publisher` when it is closed. */
  constructor(publisher: KafkaPublisher, topic: string) {
    this.#publisher = publisher;
    this.#topic = topic;
  }

  publish(letters: readonly DeadLetter[]): Promise<readonly Refusal[]> {
    return this.#publisher.publish(letters.map((letter) => this.#recordOf(letter)));
  }

  async flush(): Promise<void> {}

  trouble(): string | undefined {
    return this.#publisher.trouble();
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }

  /** A message that just fits into its topic may, with more headers, not fit into this one; then it is cut. */
  #recordOf(letter: DeadLetter, most?: number): KafkaRecord {
    return {
      topic: this.#topic,
      message: recordOfDeadLetter(letter, most),
      smaller: (bytes) => this.#recordOf(letter, bytes),
    };
  }
}
