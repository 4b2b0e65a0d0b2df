import kafkajs from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import type { KafkaSource } from '../../src/adapters/kafka/kafka-source.ts';
import { ByteBudget } from '../../src/core/byte-budget.ts';
import { freshName, KafkaTopics, MEBIBYTE } from './kafka-topics.ts';
import { type OpenOptions, offsetsOf, openSource, pullAll, textsOf } from './opened-source.ts';

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

it('fetches that decompress a thousandfold occupy no more memory than the budget and one fetch', async () => {
  const partitions = 8;
  const topic = await topics.make(freshName('bomb'), partitions);
  // 60 MiB a batch in some 9 KB: 480 MiB in each partition, of which one fetch brings all.
  const text = 'a'.repeat(60 * 1024);
  const messages = Array.from({ length: 1000 }, () => ({ value: text }));
  for (let partition = 0; partition < partitions; partition++)
    for (let i = 0; i < 2; i++)
      await topics.producer.send({
        topic,
        compression: CompressionTypes.ZSTD,
        messages: messages.map((message) => ({ ...message, partition })),
      });
  const budget = new ByteBudget(64 * MEBIBYTE);
  const before = process.memoryUsage();
  const source = await opened(topic, { budget, maxMessages: 100 });
  let most = 0;
  const count = new Map<number, number>();
  for (let got = 0; got < 2 * partitions * 1000; ) {
    const batch = await source.pull(never);
    got += batch!.messages.length;
    for (const { offset } of batch!.messages) {
      expect(offset).toBe(count.get(batch!.partition) ?? 0);
      count.set(batch!.partition, offset + 1);
    }
    const { arrayBuffers, external } = process.memoryUsage();
    most = Math.max(most, arrayBuffers + external - before.arrayBuffers - before.external);
    budget.release(batch!.chargedBytes!);
  }
  expect(budget.used).toBe(0);
  // What is counted twice by Node, array buffers being external, is 960 MiB in all.
  expect(most / 2).toBeLessThan(400 * MEBIBYTE);
  expect(source.consumersBuilt).toBe(1);
}, 600_000);

it('a record with 8,000 headers is delivered without a gap in the heartbeats', async () => {
  const topic = await topics.make(freshName('headers'));
  const headers = Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [`header-${i}`, 'v']));
  await topics.producer.send({ topic, messages: [{ value: 'many', headers }, { value: 'next' }] });
  const source = await opened(topic);
  const batches = await pullAll(source, 2);
  expect(textsOf(batches)).toEqual(['many', 'next']);
  expect(offsetsOf(batches)).toEqual([0, 1]);
  expect(Object.keys(batches[0]!.messages[0]!.headers!)).toHaveLength(8000);
  expect(batches[0]!.epoch).toBe(1);
});
