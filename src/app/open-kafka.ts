import { withPatience } from '../adapters/kafka/asks-for-patience.ts';
import { createKafka } from '../adapters/kafka/kafka-client.ts';
import { KafkaDeadLetterSink } from '../adapters/kafka/kafka-dead-letter-sink.ts';
import { KafkaPublisher } from '../adapters/kafka/kafka-publisher.ts';
import { KafkaSource } from '../adapters/kafka/kafka-source.ts';
import { KafkaTraceSink } from '../adapters/kafka/kafka-trace-sink.ts';
import { communityPlace, KafkaVerdictSink } from '../adapters/kafka/kafka-verdict-sink.ts';
import { topicMaker } from '../adapters/kafka/topic-maker.ts';
import { systemClock } from '../pipeline/system-clock.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { Log } from '../ports/log.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { TraceSink } from '../ports/trace-sink.ts';
import type { VerdictSink } from '../ports/verdict-sink.ts';
import { topicsOf } from '../settings/contradictions.ts';
import type { Settings } from '../settings/settings-schema.ts';

const MEBIBYTE = 1024 * 1024;
const REPLAYED_AT_ONCE = 500;
/** A broker that has just started answers by then. */
const PATIENCE_SECONDS = 30;

/** What the settings have on Kafka. Each is connected when it is answered. */
export interface OpenKafka {
  source(once: boolean): Promise<MessageSource>;
  verdicts(): Promise<VerdictSink>;
  deadLetters(): Promise<DeadLetterSink>;
  trace(): Promise<TraceSink>;
  /** The records of the dead-letter topic that are there now, for a group of their own; it ends behind the last. */
  deadLetterRecords(group: string): MessageSource;
  /** Sends records to the topic of messages. */
  toSource(): Promise<KafkaPublisher>;
}

/** Throws `SETTINGS_INVALID` where a file of TLS can't be read. */
export function openKafka(settings: Settings, log: Log): OpenKafka {
  const { inflateLimitMebibytes, partitions, createTopics, ...rest } = settings.kafka;
  const kafka = createKafka({ ...rest, inflateLimitBytes: inflateLimitMebibytes * MEBIBYTE }, log);
  const topics = topicsOf(settings);
  const makeTopic = createTopics ? topicMaker(kafka, partitions, log) : undefined;
  const publisher = async (component: string, topic: string) => {
    const opened = new KafkaPublisher({ kafka, log: log.child(component), makeTopic });
    await opened.open(topic.includes(communityPlace) ? [] : [topic]);
    return opened;
  };
  return {
    source: async (once) => {
      if (makeTopic !== undefined) await withPatience(PATIENCE_SECONDS, () => makeTopic(topics.source));
      return new KafkaSource({
        kafka,
        topic: topics.source,
        group: settings.source.group,
        startAt: placeToStart(settings.source.startAt),
        concurrentPartitions: settings.source.concurrentPartitions,
        maxMessages: settings.batch.maxMessages,
        maxAgeSeconds: settings.batch.maxAgeSeconds,
        once,
        log: log.child('source'),
        clock: systemClock,
      });
    },
    verdicts: async () => new KafkaVerdictSink(await publisher('verdicts', topics.verdicts), topics.verdicts),
    deadLetters: async () =>
      new KafkaDeadLetterSink(await publisher('dead-letters', topics.deadLetters), topics.deadLetters),
    deadLetterRecords: (group) =>
      new KafkaSource({
        kafka,
        topic: topics.deadLetters,
        group,
        startAt: 'earliest',
        concurrentPartitions: settings.source.concurrentPartitions,
        maxMessages: REPLAYED_AT_ONCE,
        maxAgeSeconds: 0,
        once: true,
        log: log.child('dead-letters'),
        clock: systemClock,
      }),
    toSource: () => publisher('replay', topics.source),
    trace: async () => new KafkaTraceSink(await publisher('trace', topics.traces), topics.traces),
  };
}

function placeToStart(startAt: string): 'earliest' | 'latest' | number {
  return startAt === 'earliest' || startAt === 'latest' ? startAt : Date.parse(startAt);
}
