import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { deadLetterOfRecord } from '../../src/adapters/kafka/dead-letter-record.ts';
import { KafkaDeadLetterSink } from '../../src/adapters/kafka/kafka-dead-letter-sink.ts';
import { KafkaPublisher } from '../../src/adapters/kafka/kafka-publisher.ts';
import { KafkaSource } from '../../src/adapters/kafka/kafka-source.ts';
import { KafkaServer } from '../../src/cluster/kafka-server.ts';
import { untilAccepted } from '../../src/pipeline/retry.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { freshName, KafkaTopics, kafkaOn } from './kafka-topics.ts';

const never = new AbortController().signal;
const retry = { clock: systemClock, log: quietLog, giveUp: never, what: 'publish', onRetry: () => {} };
const numbered = (name: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}-${from + i}`);

describe('a broker that is killed', () => {
  let folder: string;
  let server: KafkaServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-outage-'));
    server = await KafkaServer.start({ folder, heapMebibytes: 256 });
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('after a broker was killed and restarted, the source continues by itself, and every acknowledged record exists', async () => {
    const topics = await KafkaTopics.open(server.broker);
    const topic = await topics.make(freshName('in'));
    await topics.close();
    const kafka = kafkaOn(server.broker);
    const publisher = new KafkaPublisher({ kafka, log: quietLog });
    const source = new KafkaSource({
      kafka,
      topic,
      group: freshName('group'),
      startAt: 'earliest',
      concurrentPartitions: 1,
      maxMessages: 100,
      maxAgeSeconds: 0.02,
      once: false,
      log: quietLog,
      clock: systemClock,
    });
    const records = (from: number) =>
      numbered('m', from, 10).map((value) => ({ topic, message: { value, partition: 0 } }));
    const seen = new Set<string>();
    const pullUntil = async (last: string) => {
      while (!seen.has(last)) {
        const batch = await source.pull(never);
        for (const { bytes } of batch!.messages) seen.add(Buffer.from(bytes).toString());
        await source.commit([batch!]).catch(() => {});
      }
    };
    try {
      await untilAccepted(() => publisher.publish(records(0)), retry);
      await source.open({ revoked: () => {} });
      await pullUntil('m-9');
      await server.process.kill();
      const publishing = untilAccepted(() => publisher.publish(records(10)), retry);
      await server.startAgain();
      await publishing;
      await pullUntil('m-19');
      expect([...seen].sort()).toEqual(numbered('m', 0, 20).sort());
      expect(source.trouble()).toBeUndefined();
    } finally {
      await Promise.all([source.close(), publisher.close()]);
    }
  }, 180_000);
});

it('after a refused record, the next one is sent by a new producer, and a dead letter that is too large loses its end', async () => {
  const topics = await KafkaTopics.open(inject('broker'));
  const topic = await topics.make(freshName('small'), 1, { 'max.message.bytes': '10000' });
  const publisher = new KafkaPublisher({ kafka: topics.kafka, log: quietLog });
  const sink = new KafkaDeadLetterSink(publisher, topic);
  const letter = (offset: number, length: number) => ({
    position: { topic: 'in', partition: 1, offset },
    reason: 'too-large' as const,
    detail: 'of a test',
    bytes: new Uint8Array(length).fill(120),
  });
  await sink.publish([letter(1, 10)]);
  expect(publisher.producersMade).toBe(1);
  await sink.publish([letter(2, 10), letter(3, 30_000), letter(4, 10)]);
  expect(publisher.producersMade).toBeGreaterThan(1);
  const found = (await topics.read(topic)).map(deadLetterOfRecord);
  expect(found.map(({ position }) => position.offset)).toEqual([1, 2, 3, 4]);
  expect(found[2]).toMatchObject({ cutFromBytes: 30_000, reason: 'too-large' });
  // A quarter of it and of what goes with it.
  expect(found[2]!.bytes.length).toBeGreaterThan(7000);
  expect(found[2]!.bytes.length).toBeLessThan(7600);
  await sink.close();
  await topics.close();
});
