import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import type { KafkaSource } from '../../src/adapters/kafka/kafka-source.ts';
import { freshName, KafkaTopics, MEBIBYTE } from '../services/kafka-topics.ts';
import { type OpenOptions, openSource } from '../services/opened-source.ts';

const { CompressionTypes } = kafkajs;
const never = new AbortController().signal;
let topics: KafkaTopics;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  topics = await KafkaTopics.open(inject('broker'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => topics.close());

async function opened(topic: string, options: Partial<OpenOptions> = {}): Promise<KafkaSource> {
  const source = await openSource(topics.kafka, { topic, group: freshName('group'), ...options });
  closing.push(() => source.close());
  return source;
}

it.each([
  ['gzip', CompressionTypes.GZIP],
  ['not at all', CompressionTypes.None],
])(
  'all records of a batch of 150,000 are delivered, and so is what follows it: compressed by %s',
  async (_, compression) => {
    const topic = await topics.make(freshName('many'), 1, { 'max.message.bytes': String(8 * MEBIBYTE) });
    const messages = Array.from({ length: 150_000 }, (_, i) => ({ value: String(i) }));
    await topics.producer.send({ topic, compression, messages });
    await topics.put(topic, 0, ['after']);
    const source = await opened(topic, { maxMessages: 4096 });
    let next = 0;
    while (next <= 150_000) {
      const batch = await source.pull(never);
      for (const { offset } of batch!.messages) expect(offset).toBe(next++);
      await source.commit([batch!]);
    }
    expect(source.consumersBuilt).toBe(1);
  },
);
