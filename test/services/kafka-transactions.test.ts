import type { Producer, Transaction } from 'kafkajs';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import type { KafkaSource } from '../../src/adapters/kafka/kafka-source.ts';
import { freshName, KafkaTopics } from './kafka-topics.ts';
import { offsetsOf, openSource, pullAll, textsOf } from './opened-source.ts';
import { until } from './recorded.ts';

let topics: KafkaTopics;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  topics = await KafkaTopics.open(inject('broker'));
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(() => topics.close());

async function opened(topic: string, group = freshName('group')): Promise<KafkaSource> {
  const source = await openSource(topics.kafka, { topic, group });
  closing.push(() => source.close());
  return source;
}

async function transactional(): Promise<Producer> {
  const producer = topics.kafka.producer({
    transactionalId: freshName('txn'),
    maxInFlightRequests: 1,
    idempotent: true,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  closing.unshift(() => producer.disconnect());
  return producer;
}

const send = (to: Producer | Transaction, topic: string, values: readonly string[]) =>
  to.send({ topic, messages: values.map((value) => ({ value, partition: 0 })) });

it('after aborted transactions the lag is 0, and the end of the partition is committed', async () => {
  const topic = await topics.make(freshName('aborted'));
  const group = freshName('group');
  await topics.put(topic, 0, ['plain']);
  const source = await opened(topic, group);
  await source.commit(await pullAll(source, 1));
  const producer = await transactional();
  for (let i = 0; i < 3; i++) {
    const transaction = await producer.transaction();
    await send(transaction, topic, [`aborted-${i}`, `aborted-${i}`]);
    await transaction.abort();
  }
  const end = 1 + 3 * 3;
  // The broker answers an abort before it has written the marker.
  await until(async () => (await topics.end(topic)) === end);
  await until(async () => (await source.lag())[0]!.lag === 0);
  expect(await topics.committed(group, topic)).toEqual([end]);
  expect(await source.lag()).toMatchObject([{ committed: end, highWatermark: end, lag: 0, seconds: 0 }]);
});

it('messages in an open transaction count as lag, and are delivered when it is committed', async () => {
  const topic = await topics.make(freshName('open'));
  const source = await opened(topic);
  const producer = await transactional();
  const transaction = await producer.transaction();
  await send(transaction, topic, ['within']);
  await topics.put(topic, 0, ['behind']);
  await until(async () => (await source.lag())[0]!.lag === 2);
  expect(await source.pull(AbortSignal.timeout(500))).toBeUndefined();
  expect(await source.lag()).toMatchObject([{ committed: 0, highWatermark: 2, lag: 2 }]);
  expect(source.trouble()).toBeUndefined();
  await transaction.commit();
  const batches = await pullAll(source, 2);
  expect(textsOf(batches)).toEqual(['within', 'behind']);
  await source.commit(batches);
  await until(async () => (await source.lag())[0]!.lag === 0);
});

it('no message of an aborted transaction is delivered, wherever a source begins to read two overlapping transactions', async () => {
  const topic = await topics.make(freshName('overlap'));
  const [one, two] = [await transactional(), await transactional()];
  const [first, second] = [await one.transaction(), await two.transaction()];
  await send(first, topic, ['aborted-1']);
  await send(second, topic, ['aborted-2']);
  await send(first, topic, ['aborted-1']);
  await send(second, topic, ['aborted-2']);
  await topics.put(topic, 0, ['plain']);
  await first.abort();
  await second.abort();
  // The broker answers an abort before it has written the marker.
  await until(async () => (await topics.end(topic)) === 7);
  await topics.put(topic, 0, ['last']);
  for (const begin of [0, 1, 2, 3]) {
    const group = freshName('group');
    await topics.admin.setOffsets({
      groupId: group,
      topic,
      partitions: [{ partition: 0, offset: String(begin) }],
    });
    const batches = await pullAll(await opened(topic, group), 2);
    expect(textsOf(batches)).toEqual(['plain', 'last']);
    expect(offsetsOf(batches)).toEqual([4, 7]);
  }
});
