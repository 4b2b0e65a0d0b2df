import { committedOffsets } from '../../adapters/kafka/committed-offsets.ts';
import { CommunityTopics } from '../../adapters/kafka/community-topics.ts';
import { createKafka } from '../../adapters/kafka/kafka-client.ts';
import { KafkaDeadLetterSink } from '../../adapters/kafka/kafka-dead-letter-sink.ts';
import { KafkaPublisher } from '../../adapters/kafka/kafka-publisher.ts';
import { KafkaSource } from '../../adapters/kafka/kafka-source.ts';
import { KafkaTraceSink } from '../../adapters/kafka/kafka-trace-sink.ts';
import { KafkaVerdictSink } from '../../adapters/kafka/kafka-verdict-sink.ts';
import { TopicAdmin } from '../../adapters/kafka/topic-admin.ts';
import { retryTransient } from '../../adapters/kafka/transient-error.ts';
import type { ByteBudget } from '../../core/byte-budget.ts';
import { communityPlace } from '../../core/community-topic.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource } from '../../ports/message-source.ts';
import type { TraceSink } from '../../ports/trace-sink.ts';
import type { VerdictSink } from '../../ports/verdict-sink.ts';
import { topicsOf } from '../../settings/contradictions.ts';
import type { Settings } from '../../settings/settings-schema.ts';

const MEBIBYTE = 1024 * 1024;
const READ_AT_ONCE = 500;
/** A broker that has just started answers by then. */
const PATIENCE_SECONDS = 30;

/** What the settings have on Kafka. Each is connected when it is answered. */
export interface OpenKafka {
  /** `budget`: charged for what is fetched and not settled. */
  source(once: boolean, budget: ByteBudget): Promise<MessageSource>;
  verdicts(): Promise<VerdictSink>;
  deadLetters(): Promise<DeadLetterSink>;
  trace(): Promise<TraceSink>;
  /**
   * The records of the dead-letter topic that are there now, for a group of their own; it ends behind the last. `since`: a new group
   * begins at those of this time, epoch milliseconds.
   */
  deadLetterRecords(group: string, since?: number): MessageSource;
  /** Removes a group without members, with its offsets. Throws what the client throws. */
  dropGroup(group: string): Promise<void>;
  /** Offsets of the dead-letter topic that a group has committed, by partition. Throws `SOURCE_FAILED`. */
  deadLettersCommitted(group: string): Promise<ReadonlyMap<number, number>>;
  /** The records of the topic of verdicts, for a group of their own; with `once` it ends behind the last. */
  verdictRecords(group: string, once: boolean): MessageSource;
  /** The records of a topic of reports. */
  reports(topic: string): Promise<MessageSource>;
  /** Sends records to the topic of messages. */
  toSource(): Promise<KafkaPublisher>;
}

/** Throws `SETTINGS_INVALID` where a file of TLS can't be read. */
export function openKafka(settings: Settings, log: Log): OpenKafka {
  const { inflateLimitMebibytes, partitions, createTopics, ...rest } = settings.kafka;
  const kafka = createKafka({ ...rest, inflateLimitBytes: inflateLimitMebibytes * MEBIBYTE }, log);
  const topics = topicsOf(settings);
  const topicAdmin = new TopicAdmin(kafka, partitions, log);
  const makeTopic = createTopics ? (topic: string) => topicAdmin.make(topic) : undefined;
  const publisher = async (component: string, topic: string) => {
    const opened = new KafkaPublisher({ kafka, log: log.child(component), makeTopic, clock: systemClock });
    await opened.open(topic.includes(communityPlace) ? [] : [topic]);
    return opened;
  };
  const records = (topic: string, group: string, once: boolean, since?: number) =>
    new KafkaSource({
      kafka,
      topic,
      group,
      startAt: since ?? 'earliest',
      concurrentPartitions: settings.source.concurrentPartitions,
      maxMessages: READ_AT_ONCE,
      maxAgeSeconds: 0,
      once,
      log: log.child('records'),
      clock: systemClock,
    });
  return {
    source: async (once, budget) => {
      if (makeTopic !== undefined) await retryTransient(PATIENCE_SECONDS, () => makeTopic(topics.source));
      return new KafkaSource({
        kafka,
        topic: topics.source,
        group: settings.source.group,
        budget,
        startAt: startPosition(settings.source.startAt),
        concurrentPartitions: settings.source.concurrentPartitions,
        maxMessages: settings.batch.maxMessages,
        maxAgeSeconds: settings.batch.maxAgeSeconds,
        once,
        log: log.child('source'),
        clock: systemClock,
      });
    },
    verdicts: async () => {
      const opened = await publisher('verdicts', topics.verdicts);
      if (!topics.verdicts.includes(communityPlace)) return new KafkaVerdictSink(opened, topics.verdicts);
      const communities = new CommunityTopics({
        pattern: topics.verdicts,
        reserved: [topics.source, topics.deadLetters, topics.traces],
        most: settings.verdicts.maxCommunityTopics,
        createTopics,
        topics: topicAdmin,
        clock: systemClock,
        log: log.child('verdicts'),
      });
      return new KafkaVerdictSink(opened, communities);
    },
    deadLetters: async () =>
      new KafkaDeadLetterSink(await publisher('dead-letters', topics.deadLetters), topics.deadLetters),
    deadLetterRecords: (group, since) => records(topics.deadLetters, group, true, since),
    dropGroup: async (group) => {
      const admin = kafka.admin();
      try {
        await admin.connect();
        await admin.deleteGroups([group]);
      } finally {
        await admin.disconnect();
      }
    },
    deadLettersCommitted: (group) => committedOffsets(kafka, group, topics.deadLetters),
    verdictRecords: (group, once) => records(topics.verdicts, group, once),
    reports: async (topic) => {
      if (makeTopic !== undefined) await retryTransient(PATIENCE_SECONDS, () => makeTopic(topic));
      return records(topic, `${settings.source.group}-reports`, false);
    },
    toSource: () => publisher('replay', topics.source),
    trace: async () => new KafkaTraceSink(await publisher('trace', topics.traces), topics.traces),
  };
}

/** Makes the topics of messages, verdicts and dead letters where they are missing. Throws `SINK_FAILED`. */
export async function makeTopics(settings: Settings, log: Log): Promise<void> {
  const { inflateLimitMebibytes, partitions, createTopics: _, ...rest } = settings.kafka;
  const kafka = createKafka({ ...rest, inflateLimitBytes: inflateLimitMebibytes * MEBIBYTE }, log);
  const { source, verdicts, deadLetters } = topicsOf(settings);
  const admin = new TopicAdmin(kafka, partitions, log);
  const topics = [source, verdicts, deadLetters].filter((topic) => !topic.includes(communityPlace));
  for (const topic of topics) await admin.make(topic);
}

function startPosition(startAt: string): 'earliest' | 'latest' | number {
  return startAt === 'earliest' || startAt === 'latest' ? startAt : Date.parse(startAt);
}
