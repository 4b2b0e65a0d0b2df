import kafkajs from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import type { KafkaSource } from '../../../src/adapters/kafka/kafka-source.ts';
import { ByteBudget } from '../../../src/core/byte-budget.ts';
import { until } from '../../services/recorded.ts';
import { InMemoryKafka } from './in-memory-kafka.ts';
import {
  numbered,
  type OpenOptions,
  offsetsOf,
  openedOn,
  pullAll,
  pullSoon,
  sourceOn,
  textsOf,
  upTo,
} from './opened-source.ts';

const MEBIBYTE = 1024 * 1024;
const never = new AbortController().signal;
const closing: KafkaSource[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((source) => source.close()));
});

async function opened(kafka: InMemoryKafka, options: OpenOptions = {}) {
  const made = await openedOn(kafka, options);
  closing.push(made.source);
  return made;
}

describe('KafkaSource', () => {
  it('KafkaSource delivers existing and new records with key, headers and time, and commits the offsets that it is given', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    const timestamp = 1_700_000_000_000;
    kafka.append(0, {
      firstTimestamp: timestamp,
      records: [{ value: 'a', key: 'k', headers: [['h', 'v']] }, { value: null }],
    });
    const { source } = await opened(kafka);
    const [batch] = await pullAll(source, 2);
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
    expect(batch).toMatchObject({ topic: 'in', partition: 0, epoch: 1, nextOffset: 2 });
    const [first, second] = batch!.messages;
    expect(first).toMatchObject({ offset: 0, nextOffset: 1, timestamp, key: bytes('k') });
    expect(first!.headers).toEqual({ h: bytes('v') });
    expect(second).toMatchObject({ offset: 1, nextOffset: 2 });
    expect(second!.bytes).toHaveLength(0);
    expect(second).not.toHaveProperty('key');
    expect(second).not.toHaveProperty('headers');
    expect(batch).not.toHaveProperty('chargedBytes');
    kafka.put(1, ['b']);
    const [other] = await pullAll(source, 1);
    expect(textsOf([other!])).toEqual(['b']);
    await source.commit([batch!, other!]);
    expect(kafka.group.commits).toEqual([
      [0, 2, 1],
      [1, 1, 1],
    ]);
  });

  it('KafkaSource fills batches up to the maximum count, and delivers a smaller one when it is old enough', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 25));
    const { source, clock } = await opened(kafka, { maxMessages: 10, maxAgeSeconds: 600 });
    expect((await pullAll(source, 20)).map(({ messages }) => messages.length)).toEqual([10, 10]);
    expect(await pullSoon(source)).toBeUndefined();
    clock.aheadSeconds += 600;
    expect(textsOf(await pullAll(source, 5))).toEqual(numbered('a', 25).slice(20));
  });

  it('KafkaSource commits nothing that was read in an earlier assignment, even if the partition is assigned to it again', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 4));
    const { source, revoked } = await opened(kafka);
    const [before] = await pullAll(source, 4);
    kafka.group.rebalance();
    await until(() => kafka.group.generation === 2 && kafka.group.isStable);
    const [again] = await pullAll(source, 4);
    expect(revoked).toEqual(['0@1']);
    expect([before!.epoch, again!.epoch]).toEqual([1, 2]);
    await source.commit([before!]);
    expect(kafka.group.commits).toEqual([]);
    // Nor what is of another topic, or of a partition that it does not have.
    await source.commit([
      { ...again!, topic: 'other' },
      { ...again!, partition: 3 },
    ]);
    expect(kafka.group.commits).toEqual([]);
    await source.commit([before!, again!]);
    expect(kafka.group.commits).toEqual([[0, 4, 2]]);
  });

  it('KafkaSource throws a retriable error if Kafka refuses a commit, or if it has no consumer to commit with', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a']);
    const { source } = await opened(kafka);
    const [batch] = await pullAll(source, 1);
    kafka.group.refuseCommits = new Error('no');
    await expect(source.commit([batch!])).rejects.toMatchObject({ code: 'OFFSETS_FAILED', retriable: true });
    kafka.group.refuseCommits = undefined;
    await source.commit([batch!]);
    expect(kafka.group.committed.get(0)).toBe(1);
  });

  it('KafkaSource pauses a partition whose buffer is full, delivers the others, and resumes it when there is room', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.put(0, numbered('a', 40));
    const { source } = await opened(kafka, { maxMessages: 10 });
    await until(() => source.pausedPartitions() === 1);
    kafka.put(0, numbered('late', 5));
    kafka.put(1, ['other']);
    await until(() => kafka.fetches.some(({ offsets }) => offsets.get(1) === 1));
    // In its turn, not behind the 40.
    const batches = [];
    do batches.push((await source.pull(never))!);
    while (batches.at(-1)!.partition === 0);
    expect(batches.length).toBeLessThan(4);
    const askedFor40 = () => kafka.fetches.some(({ offsets }) => (offsets.get(0) ?? 0) >= 40);
    expect(askedFor40()).toBe(false);
    batches.push(...(await pullAll(source, 46 - offsetsOf(batches).length)));
    expect(offsetsOf(batches.filter(({ partition }) => partition === 0))).toEqual(upTo(45));
    expect(askedFor40()).toBe(true);
    expect(source.pausedPartitions()).toBe(0);
  });

  it('KafkaSource pauses a partition with few, large messages because of their bytes', async () => {
    const kafka = new InMemoryKafka();
    for (let i = 0; i < 14; i++) kafka.put(0, ['x'.repeat(MEBIBYTE)]);
    const { source } = await opened(kafka);
    await until(() => source.pausedPartitions() === 1);
    expect(Math.max(...kafka.fetches.map(({ offsets }) => offsets.get(0) ?? 0))).toBeLessThan(9);
    expect(offsetsOf(await pullAll(source, 14))).toEqual(upTo(14));
  });

  it('KafkaSource ends a pull when its signal aborts, and can be closed twice', async () => {
    const { source } = await opened(new InMemoryKafka());
    expect(await pullSoon(source, 50)).toBeUndefined();
    await source.close();
    await source.close();
  });

  it('KafkaSource leaves the group when it is closed, and ends its assignment epoch', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    const { source, revoked } = await opened(kafka);
    await source.close();
    expect(kafka.group.memberIds).toEqual([]);
    expect(revoked).toEqual(['0@1', '1@1']);
  });
});

describe('a source that ends', () => {
  it('KafkaSource with once delivers what existed when it was opened, and nothing more', async () => {
    const kafka = new InMemoryKafka({ partitions: 3 });
    kafka.put(0, numbered('a', 3));
    kafka.put(2, numbered('c', 2));
    const { source } = await opened(kafka, { once: true, maxAgeSeconds: 600 });
    expect(offsetsOf(await pullAll(source, 5)).sort()).toEqual([0, 0, 1, 1, 2]);
    expect(await source.pull(never)).toBeUndefined();
  });

  it('KafkaSource with once ends after aborted messages, and before an open transaction', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a']);
    kafka.putAborted(0, ['gone']);
    kafka.partitions[0]!.stable = kafka.end(0);
    kafka.append(0, { records: [{ value: 'open' }], isTransactional: true, producerId: 5 });
    const { source } = await opened(kafka, { once: true });
    expect(textsOf(await pullAll(source, 1))).toEqual(['a']);
    expect(await source.pull(never)).toBeUndefined();
  });

  it('KafkaSource with once ends at once if everything is committed', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a']);
    kafka.group.committed.set(0, 1);
    const { source } = await opened(kafka, { once: true });
    expect(await source.pull(never)).toBeUndefined();
    expect(kafka.group.commits).toEqual([]);
  });

  it('KafkaSource with once does not end because its consumer did, but delivers the rest with the next consumer', async () => {
    // Of two partitions, since one whose buffer is full is not fetched from.
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.put(0, numbered('a', 100));
    const { source } = await opened(kafka, { once: true, maxMessages: 3 });
    const [first] = await pullAll(source, 3);
    await source.commit([first!]);
    kafka.failFetch = new kafkajs.KafkaJSNonRetriableError('planted');
    await until(() => source.status().partitions === 0);
    const next = source.pull(never);
    kafka.failFetch = undefined;
    const rest = [(await next)!, ...(await pullAll(source, 94))];
    expect(offsetsOf(rest)).toEqual(upTo(97, 3));
    expect(await source.pull(never)).toBeUndefined();
    expect(source.consumersBuilt).toBe(2);
  });

  it('KafkaSource with once does not end while fetched messages wait until their partition may be pulled', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 3));
    const { source } = await opened(kafka, { once: true });
    const stop = new AbortController();
    let hasEnded = false;
    const skipping = source
      .pull(stop.signal, () => true)
      .finally(() => {
        hasEnded = true;
      });
    await until(() => kafka.fetches.some(({ offsets }) => offsets.get(0) === 3));
    expect(hasEnded).toBe(false);
    stop.abort();
    await skipping;
    expect(offsetsOf(await pullAll(source, 3))).toEqual(upTo(3));
    expect(await source.pull(never)).toBeUndefined();
  });

  it('KafkaSource with once ends at once as a member without a partition', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a']);
    kafka.group.assign = () => [];
    const { source } = await opened(kafka, { once: true });
    expect(await source.pull(never)).toBeUndefined();
    expect(source.status()).toMatchObject({ partitions: 0, member: true });
  });
});

describe('the byte budget', () => {
  const long = 'x'.repeat(60_000);

  it('the byte budget is charged for what is fetched; while it is used up nothing is fetched, and fetched messages are still delivered', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    for (let i = 0; i < 10; i++) kafka.put(0, [long]);
    kafka.put(1, ['first of the other']);
    const budget = new ByteBudget(100_000);
    const { source } = await opened(kafka, { budget, maxMessages: 1 });
    await until(() => budget.isExhausted);
    await until(() => source.pausedPartitions() === 2);
    // 256 KiB, which is what one fetch brings of a partition.
    expect(budget.used).toBeLessThan(310_000);
    kafka.put(1, ['second of the other']);
    const given = [];
    for (let batch = await pullSoon(source); batch !== undefined; batch = await pullSoon(source))
      given.push(batch);
    expect(given.length).toBeGreaterThan(2);
    expect(given.length).toBeLessThan(10);
    const charged = given.reduce((sum, { chargedBytes }) => sum + chargedBytes!, 0);
    expect(charged).toBe(budget.used);
    for (const { chargedBytes } of given) budget.release(chargedBytes!);
    expect(budget.used).toBe(0);
    const all = [...given];
    while (offsetsOf(all).length < 12) {
      const batch = await source.pull(never);
      budget.release(batch!.chargedBytes!);
      all.push(batch!);
    }
    expect(offsetsOf(all.filter(({ partition }) => partition === 0))).toEqual(upTo(10));
    expect(budget.used).toBe(0);
  });

  it('the byte budget counts keys, headers and the overhead of each message', async () => {
    const kafka = new InMemoryKafka();
    const headers = Array.from({ length: 100 }, (_, i) => [`name-${i}`, 'v'.repeat(100)] as const);
    kafka.put(0, [{ value: 'ab', key: 'k'.repeat(1000), headers }]);
    const { source } = await opened(kafka, { budget: new ByteBudget(1_000_000) });
    const [batch] = await pullAll(source, 1);
    const { chargedBytes } = batch!;
    expect(chargedBytes).toBeGreaterThan(2 + 1000 + 100 * 106);
    expect(chargedBytes).toBeLessThan(50_000);
  });

  it('the byte budget is released for buffered messages when partitions are lost; delivered messages are released when they settle', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 10));
    const budget = new ByteBudget(1_000_000);
    const { source } = await opened(kafka, { budget, maxMessages: 4 });
    const [batch] = await pullAll(source, 4);
    expect(budget.used).toBeGreaterThan(batch!.chargedBytes!);
    await source.close();
    expect(budget.used).toBe(batch!.chargedBytes!);
  });
});

describe('a source that cannot be opened', () => {
  it('KafkaSource cannot be opened if its topic does not exist, and reports that', async () => {
    const failed = [false, true].map(async (once) => {
      const { source } = sourceOn(new InMemoryKafka(), { topic: 'missing', once });
      await expect(source.open({ revoked: () => {} })).rejects.toMatchObject({
        code: 'SOURCE_FAILED',
        message: expect.stringContaining('the topic missing cannot be'),
      });
      await source.close();
    });
    await Promise.all(failed);
  });

  it('KafkaSource waits a while for brokers that do not answer when it is opened', async () => {
    for (const startAt of ['earliest', 'latest'] as const) {
      const kafka = new InMemoryKafka();
      kafka.isDown = true;
      const { source, clock } = sourceOn(kafka, { startAt });
      const opening = source.open({ revoked: () => {} });
      opening.catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 50));
      kafka.isDown = false;
      await opening;
      await source.close();
      const late = sourceOn(kafka, { startAt });
      kafka.isDown = true;
      const failing = expect(late.source.open({ revoked: () => {} })).rejects.toMatchObject({
        code: 'SOURCE_FAILED',
        message: expect.stringContaining('ECONNREFUSED'),
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      late.clock.aheadSeconds += 61;
      await failing;
      await late.source.close();
      expect(clock.aheadSeconds).toBe(0);
    }
  });

  it('KafkaSource reports at once that Kafka refuses its user name and password', async () => {
    for (const once of [false, true]) {
      const kafka = new InMemoryKafka();
      kafka.check = () => {
        throw Object.assign(new Error('wrong password'), { name: 'KafkaJSSASLAuthenticationError' });
      };
      const { source } = sourceOn(kafka, { once });
      await expect(source.open({ revoked: () => {} })).rejects.toMatchObject({ code: 'SETTINGS_INVALID' });
      await source.close();
    }
  });
});
