import type { Refusal } from '../../core/refusal.ts';
import type { TraceEntry, TraceSink } from '../../ports/trace-sink.ts';
import type { KafkaPublisher } from './kafka-publisher.ts';

/** The trace as JSON, `{topic, partition, offset, community, message_id, outcome, model}`, keyed by message id. */
export class KafkaTraceSink implements TraceSink {
  readonly #publisher: KafkaPublisher;
  readonly #topic: string;

  /** Closes `publisher` when it is closed. */
  constructor(publisher: KafkaPublisher, topic: string) {
    this.#publisher = publisher;
    this.#topic = topic;
  }

  publish(entries: readonly TraceEntry[]): Promise<readonly Refusal[]> {
    return this.#publisher.publish(
      entries.map(({ position, community, message_id, outcome, model }) => ({
        topic: this.#topic,
        message: {
          key: message_id,
          value: JSON.stringify({ ...position, community, message_id, outcome, model }),
        },
      })),
    );
  }

  async flush(): Promise<void> {}

  trouble(): string | undefined {
    return this.#publisher.trouble();
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }
}
