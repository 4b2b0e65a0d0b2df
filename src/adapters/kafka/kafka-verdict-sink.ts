import type { IHeaders } from 'kafkajs';
import type { MessageHeaders } from '../../core/batch.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { VerdictSink } from '../../ports/verdict-sink.ts';
import type { CommunityTopics } from './community-topics.ts';
import type { KafkaPublisher } from './kafka-publisher.ts';
import type { KafkaRecord } from './publish-call.ts';
import { headersCut, headersToSend } from './record-headers.ts';

/** Headers that describe the message's own record and would be wrong on a verdict. */
const describesTheMessage = (name: string) =>
  name.startsWith('ce_') || name.startsWith('kafka_dlt-') || name.toLowerCase() === 'content-type';

/**
 * Verdicts as JSON, keyed by community (by message id where it has none), so that a community's verdicts stay in order. The
 * message's headers are sent along, `traceparent` among them. Readers drop what they have seen by id and model. A verdict that
 * the topic finds too large is sent without its reasons, and then without headers, which another header states.
 */
export class KafkaVerdictSink implements VerdictSink {
  readonly #publisher: KafkaPublisher;
  readonly #topics: string | CommunityTopics;

  /** `topics`: the topic of all verdicts, or which one a community's go to. Closes `publisher` when it is closed. */
  constructor(publisher: KafkaPublisher, topics: string | CommunityTopics) {
    this.#publisher = publisher;
    this.#topics = topics;
  }

  async publish(
    verdicts: readonly Verdict[],
    headers: readonly (MessageHeaders | undefined)[] = [],
  ): Promise<readonly Refusal[]> {
    const topics = this.#topics;
    const records = await Promise.all(
      verdicts.map(async (verdict, i) => {
        const sent = headersToSend(headers[i], describesTheMessage);
        if (typeof topics === 'string') return recordOf(verdict, sent, topics, undefined);
        return recordOf(verdict, sent, await topics.topicOf(verdict.community), topics);
      }),
    );
    return await this.#publisher.publish(records);
  }

  /** What was published has been acknowledged by all replicas. */
  async flush(): Promise<void> {}

  trouble(): string | undefined {
    return this.#publisher.trouble();
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }
}

function recordOf(
  verdict: Verdict,
  headers: IHeaders,
  topic: string,
  topics: CommunityTopics | undefined,
): KafkaRecord {
  const smaller = smallerForm(verdict, headers);
  return {
    topic,
    message: {
      key: verdict.community === '' ? verdict.message_id : verdict.community,
      value: JSON.stringify(verdict),
      headers,
    },
    ...(smaller === undefined ? {} : { smaller: () => recordOf(...smaller, topic, topics) }),
    ...(topics === undefined
      ? {}
      : {
          elsewhere: (reason) => {
            // There is no other than the fallback.
            if (topic === topics.fallback) return undefined;
            topics.refuse(topic, reason);
            return recordOf(verdict, headers, topics.fallback, topics);
          },
        }),
  };
}

function smallerForm(verdict: Verdict, headers: IHeaders): [Verdict, IHeaders] | undefined {
  if (verdict.reasons.length > 0) return [{ ...verdict, reasons: [] }, headers];
  const count = Object.keys(headers).length;
  if (count === 0 || headersCut in headers) return undefined;
  return [verdict, { [headersCut]: String(count) }];
}
