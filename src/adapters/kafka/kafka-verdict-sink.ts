import type { MessageHeaders } from '../../core/batch.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { VerdictSink } from '../../ports/verdict-sink.ts';
import type { KafkaPublisher } from './kafka-publisher.ts';
import { headersToSend } from './record-headers.ts';

/** Where a topic's name takes the community. */
export const communityPlace = '{community}';

/** Headers that describe the message's own record and would be wrong on a verdict. */
const describesTheMessage = (name: string) =>
  name.startsWith('ce_') || name.startsWith('kafka_dlt-') || name.toLowerCase() === 'content-type';

/**
 * Verdicts as JSON, keyed by community (by message id where it has none), so that a community's verdicts stay in order. The
 * message's headers travel on, `traceparent` among them. Whoever reads drops what he has seen by id and model.
 */
export class KafkaVerdictSink implements VerdictSink {
  readonly #publisher: KafkaPublisher;
  readonly #topic: string;

  /** `topic`: may hold {@link communityPlace}. Closes `publisher` when it is closed. */
  constructor(publisher: KafkaPublisher, topic: string) {
    this.#publisher = publisher;
    this.#topic = topic;
  }

  publish(
    verdicts: readonly Verdict[],
    headers: readonly (MessageHeaders | undefined)[] = [],
  ): Promise<void> {
    return this.#publisher.publish(
      verdicts.map((verdict, i) => ({
        topic: topicOf(this.#topic, verdict.community),
        message: {
          key: verdict.community === '' ? verdict.message_id : verdict.community,
          value: JSON.stringify(verdict),
          headers: headersToSend(headers[i], describesTheMessage),
        },
      })),
    );
  }

  /** What was published has been acknowledged by all replicas. */
  async flush(): Promise<void> {}

  close(): Promise<void> {
    return this.#publisher.close();
  }
}

const LONGEST_TOPIC = 249;

/** Characters that no topic's name may have become dashes; the key still tells communities apart. */
function topicOf(pattern: string, community: string): string {
  if (!pattern.includes(communityPlace)) return pattern;
  const name = community === '' ? 'none' : community.replaceAll(/[^A-Za-z0-9._-]/g, '-');
  return pattern.replaceAll(communityPlace, name).slice(0, LONGEST_TOPIC);
}
