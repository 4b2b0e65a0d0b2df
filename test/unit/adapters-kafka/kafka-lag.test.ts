import kafkajs from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../services/recorded.ts';
import { InMemoryKafka } from './in-memory-kafka.ts';
import {
  numbered,
  type OpenedSource,
  type OpenOptions,
  openedOn,
  pullAll,
  textsOf,
} from './opened-source.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(kafka: InMemoryKafka, options: OpenOptions = {}) {
  const made = await openedOn(kafka, options);
  closing.push(() => made.source.close());
  return made;
}

/** Measured so many seconds later, when fetches have brought the news and signs of life of that time. */
async function lagAfter(
  seconds: number,
  kafka: InMemoryKafka,
  { source, clock }: Pick<OpenedSource, 'source' | 'clock'>,
) {
  clock.aheadSeconds += seconds;
  const answered = kafka.fetches.length;
  await until(() => kafka.fetches.length > answered + 1);
  return await source.lag();
}

describe('the lag of a Kafka source', () => {
  it('the lag of a Kafka source covers its partitions, from the committed offset on, with the age of the oldest message', async () => {
    const kafka = new InMemoryKafka({ partitions: 3 });
    kafka.group.assign = () => [0, 2];
    kafka.append(0, {
      firstTimestamp: Date.now() - 60_000,
      records: numbered('a', 4).map((value) => ({ value })),
    });
    kafka.put(1, ['of another member']);
    kafka.put(2, ['c']);
    kafka.deleteBefore(2, 1);
    const { source } = await opened(kafka);
    const batches = await pullAll(source, 4);
    const [first, second, ...others] = await source.lag();
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      topic: 'in',
      partition: 0,
      committed: 0,
      highWatermark: 4,
      lag: 4,
      group: 'group',
    });
    expect(first!.seconds).toBeGreaterThan(59);
    expect(first!.seconds).toBeLessThan(200);
    expect(second).toMatchObject({ partition: 2, committed: 1, highWatermark: 1, lag: 0, seconds: 0 });
    await source.commit(batches);
    expect((await source.lag())[0]).toMatchObject({ committed: 4, lag: 0, seconds: 0 });
  });

  it('the lag of a Kafka source is 0 after aborted transactions, once the message before them is committed', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['plain']);
    const { source } = await opened(kafka);
    const [batch] = await pullAll(source, 1);
    for (let i = 0; i < 3; i++) kafka.putAborted(0, numbered('gone', 2));
    await until(() => kafka.fetches.some(({ offsets }) => offsets.get(0) === 10));
    await source.commit([batch!]);
    expect(kafka.group.commits).toEqual([[0, 10, 1]]);
    expect(await source.lag()).toMatchObject([{ committed: 10, highWatermark: 10, lag: 0, seconds: 0 }]);
  });

  it('the lag of a Kafka source is 0 after aborted transactions that follow the last commit, or if there never was a message', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.put(0, ['plain']);
    const { source } = await opened(kafka);
    await source.commit(await pullAll(source, 1));
    kafka.putAborted(0, ['gone']);
    kafka.putAborted(1, ['gone']);
    await until(async () => (await source.lag()).every(({ lag }) => lag === 0));
    expect(kafka.group.committed).toEqual(
      new Map([
        [0, 3],
        [1, 2],
      ]),
    );
    kafka.putAborted(1, ['gone']);
    await until(() => kafka.group.committed.get(1) === 4);
    kafka.put(1, ['plain']);
    expect((await pullAll(source, 1))[0]).toMatchObject({ partition: 1, nextOffset: 5 });
  });

  it('the lag of a Kafka source is 0 after aborted transactions that come while the message before them is committed', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['plain']);
    const { source } = await opened(kafka);
    const [batch] = await pullAll(source, 1);
    kafka.beforeCommit = async () => {
      kafka.beforeCommit = () => {};
      kafka.putAborted(0, ['gone']);
      await until(() => kafka.fetches.some(({ offsets }) => offsets.get(0) === 3));
    };
    await source.commit([batch!]);
    await until(() => kafka.group.committed.get(0) === 3, 20);
    expect(kafka.group.commits[0]).toEqual([0, 1, 1]);
  });

  it('a position after aborted messages is committed only when everything before it is settled', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 4));
    const { source } = await opened(kafka, { maxMessages: 2 });
    const [first, second] = await pullAll(source, 4);
    kafka.putAborted(0, ['gone']);
    await until(() => kafka.fetches.some(({ offsets }) => offsets.get(0) === 6));
    await source.commit([first!]);
    expect(kafka.group.committed.get(0)).toBe(2);
    // Longer than it takes until a position without messages is committed.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(kafka.group.committed.get(0)).toBe(2);
    await source.commit([second!]);
    expect(kafka.group.committed.get(0)).toBe(6);
  });

  it('a position after aborted messages is committed again if Kafka refused it', async () => {
    const kafka = new InMemoryKafka();
    const { log } = await opened(kafka);
    kafka.group.refuseCommits = new Error('no');
    kafka.putAborted(0, ['gone']);
    await until(() => log.of('debug').includes('positions behind transactions are committed later'));
    kafka.group.refuseCommits = undefined;
    await until(() => kafka.group.committed.get(0) === 2);
  });

  it('the lag of a Kafka source counts messages in an open transaction, and the log names that reason', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['before']);
    const { source, clock, log } = await opened(kafka);
    await source.commit(await pullAll(source, 1));
    kafka.partitions[0]!.stable = 1;
    kafka.append(0, { records: [{ value: 'open' }], isTransactional: true, producerId: 3 });
    kafka.put(0, ['behind']);
    expect(await source.lag()).toMatchObject([{ committed: 1, highWatermark: 3, lag: 2 }]);
    const measureLater = (seconds: number) => lagAfter(seconds, kafka, { source, clock });
    const [after] = await measureLater(31);
    expect(after).toMatchObject({ lag: 2 });
    expect(after!.seconds).toBeGreaterThan(30);
    expect(source.trouble()).toBeUndefined();
    expect(log.of('warn')).toEqual([]);
    await measureLater(31);
    await measureLater(31);
    expect(log.of('warn')).toEqual([
      'records wait behind a transaction that is still open; kafka-transactions.sh finds one that hangs',
    ]);
    expect(log.lines.at(-1)!.fields).toMatchObject({ topic: 'in', partition: 0, offset: 1, records: 2 });
    kafka.append(0, { mark: 'commit', producerId: 3 });
    kafka.partitions[0]!.stable = undefined;
    expect(textsOf(await pullAll(source, 2))).toEqual(['open', 'behind']);
  });

  it('an open transaction no longer explains a lag once its broker has not answered for ten seconds', async () => {
    const kafka = new InMemoryKafka({ partitions: 2, brokers: 2 });
    kafka.append(1, { records: [{ value: 'open' }], isTransactional: true, producerId: 3 });
    kafka.partitions[1]!.stable = 0;
    const { source, clock } = await opened(kafka);
    await source.lag();
    const ofSecond = () => kafka.fetches.filter(({ broker }) => broker === 2).length;
    clock.aheadSeconds += 31;
    const before = ofSecond();
    await until(() => ofSecond() > before + 1);
    await source.lag();
    expect(source.trouble()).toBeUndefined();
    const silence = new Promise<void>((resolve) => closing.unshift(async () => resolve()));
    kafka.beforeAnswer = (broker) => (broker === 2 ? silence : undefined);
    await lagAfter(11, kafka, { source, clock });
    expect(source.trouble()).toMatch(/^partition 1 has delivered nothing for 4\d s, though messages wait$/);
  });
});

describe('where Kafka is unavailable, or the member out of its group', () => {
  it('the lag cannot be measured while Kafka is unavailable or the member is out of its group, and its age grows until it can', async () => {
    const kafka = new InMemoryKafka();
    const { source, clock } = await opened(kafka);
    expect(source.status()).toEqual({ partitions: 1, member: true, lagAgeSeconds: undefined });
    await source.lag();
    clock.aheadSeconds += 5;
    expect(source.status().lagAgeSeconds).toBeGreaterThan(4.9);
    kafka.isDown = true;
    await expect(source.lag()).rejects.toThrow('ECONNREFUSED');
    await until(() => source.trouble() !== undefined);
    expect(source.status()).toMatchObject({ partitions: 0, member: false });
    expect(source.status().lagAgeSeconds).toBeGreaterThan(4.9);
    kafka.isDown = false;
    // Nobody could leave the group, so the session has to end.
    kafka.group.expel();
    expect(await source.lag()).toMatchObject([{ partition: 0, lag: 0 }]);
    expect(source.status().lagAgeSeconds).toBeLessThan(4);
    await until(() => source.status().member);
    expect(source.trouble()).toBeUndefined();
  });

  it('the lag of the last assigned partitions is still reported while the member is out of its group, as far as their messages are known', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.group.assign = () => [1];
    kafka.put(1, numbered('a', 3));
    const { source } = await opened(kafka);
    await source.commit(await pullAll(source, 3));
    kafka.failFetch = new kafkajs.KafkaJSNonRetriableError('planted');
    await until(() => !source.status().member);
    kafka.put(0, ['of another member']);
    kafka.put(1, numbered('b', 4));
    expect(await source.lag()).toMatchObject([{ partition: 1, committed: 3, highWatermark: 7, lag: 4 }]);
    expect(source.trouble()).toContain('it is not in its group');
  });
});
