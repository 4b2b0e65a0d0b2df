import { afterAll, beforeAll, inject } from 'vitest';
import { deadLetterOfRecord } from '../../src/adapters/kafka/dead-letter-record.ts';
import { KafkaDeadLetterSink } from '../../src/adapters/kafka/kafka-dead-letter-sink.ts';
import { KafkaPublisher } from '../../src/adapters/kafka/kafka-publisher.ts';
import { KafkaSource } from '../../src/adapters/kafka/kafka-source.ts';
import { KafkaTraceSink } from '../../src/adapters/kafka/kafka-trace-sink.ts';
import { KafkaVerdictSink } from '../../src/adapters/kafka/kafka-verdict-sink.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import type { TraceEntry } from '../../src/ports/trace-sink.ts';
import { describeMessageSource } from '../contract/suites/message-source.ts';
import {
  describeDeadLetterSink,
  describeTraceSink,
  describeVerdictSink,
  letterOf,
  traceOf,
  verdictOf,
} from '../contract/suites/sinks.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { freshName, KafkaTopics, kafkaOn } from './kafka-topics.ts';

const broker = inject('broker');
const kafka = kafkaOn(broker);
let topics: KafkaTopics;

beforeAll(async () => {
  topics = await KafkaTopics.open(broker);
});
afterAll(() => topics.close());

describeMessageSource('KafkaSource', async () => {
  const topic = await topics.make(freshName('messages'));
  const group = freshName('group');
  let partitions = 1;
  return {
    source: ({ maxMessages = 100, maxAgeSeconds = 0.05, startAt = 'earliest' }) =>
      new KafkaSource({
        kafka,
        topic,
        group,
        startAt,
        concurrentPartitions: 4,
        maxMessages,
        maxAgeSeconds,
        once: false,
        metadataSeconds: 0.5,
        log: quietLog,
        clock: systemClock,
      }),
    put: async (partition, texts) => {
      if (partition >= partitions) {
        partitions = partition + 1;
        await topics.admin.createPartitions({ topicPartitions: [{ topic, count: partitions }] });
        await topics.admin.fetchTopicMetadata({ topics: [topic] });
        // The producer learns of the partition by itself, in five minutes.
        await topics.producer.disconnect();
        await topics.producer.connect();
      }
      await topics.put(topic, partition, texts);
    },
    dispose: async () => {},
  };
});

/** A broker takes no record of more than 1 MiB. */
const tooLong = 'x'.repeat(1_100_000);

/** A topic of its own with a sink on it, and what a reader finds there. */
async function outputTopic<T>(parse: (text: string) => T) {
  const topic = await topics.make(freshName('out'));
  return {
    topic,
    publisher: () => new KafkaPublisher({ kafka, log: quietLog }),
    read: async () => (await topics.read(topic)).map(({ value }) => parse(value!.toString())),
    dispose: async () => {},
  };
}

describeVerdictSink('KafkaVerdictSink', async () => {
  const output = await outputTopic((text) => JSON.parse(text) as Verdict);
  return {
    ...output,
    open: async () => new KafkaVerdictSink(output.publisher(), output.topic),
    impossible: (i) => ({ ...verdictOf(i), community: tooLong }),
  };
});

describeTraceSink('KafkaTraceSink', async () => {
  type Line = { topic: string; partition: number; offset: number } & Omit<TraceEntry, 'position'>;
  const output = await outputTopic((text) => {
    const { topic, partition, offset, ...rest } = JSON.parse(text) as Line;
    return { position: { topic, partition, offset }, ...rest };
  });
  return {
    ...output,
    open: async () => new KafkaTraceSink(output.publisher(), output.topic),
    impossible: (i) => ({ ...traceOf(i), message_id: tooLong }),
  };
});

describeDeadLetterSink('KafkaDeadLetterSink', async () => {
  const output = await outputTopic(() => undefined);
  return {
    open: async () => new KafkaDeadLetterSink(output.publisher(), output.topic),
    read: async () =>
      (await topics.read(output.topic)).map((record) => {
        const { recordedAt, ...letter } = deadLetterOfRecord(record);
        return letter;
      }),
    // What is of the message can be cut; what we say of it cannot.
    impossible: (i) => ({ ...letterOf(i), detail: tooLong }),
    dispose: output.dispose,
  };
});
