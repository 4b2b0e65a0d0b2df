import kafkajs from 'kafkajs';
import { afterEach, describe, expect, it } from 'vitest';
import type { KafkaSource } from '../../../src/adapters/kafka/kafka-source.ts';
import type { Batch } from '../../../src/core/batch.ts';
import { until } from '../../services/recorded.ts';
import { protocolError } from './in-memory-group.ts';
import { InMemoryKafka } from './in-memory-kafka.ts';
import { numbered, type OpenOptions, offsetsOf, openedOn, pullAll, pullSoon, upTo } from './opened-source.ts';

const never = new AbortController().signal;
const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(kafka: InMemoryKafka, options: OpenOptions = {}) {
  const made = await openedOn(kafka, options);
  closing.push(() => made.source.close());
  return made;
}

/** A promise, and how to resolve it. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

/**
 * Two brokers, a partition on each. The next fetch from the second at `offset` is answered when `open` is called, or is decoded
 * by then, and handed to the consumer when it is called.
 */
function heldAt(
  kafka: InMemoryKafka,
  offset: number,
  where: 'beforeAnswer' | 'afterDecoding' = 'beforeAnswer',
) {
  const { passed, open } = gate();
  let asked = false;
  kafka[where] = async (broker, offsets) => {
    if (broker !== 2 || offsets.get(1) !== offset || asked) return;
    asked = true;
    await passed;
  };
  closing.unshift(open);
  return { open, isAsked: () => asked };
}

/** The leader of a partition has changed, which kafkajs finds out by a fetch; it joins the group again from within that. */
async function joinWithinFetch(kafka: InMemoryKafka): Promise<void> {
  const { generation } = kafka.group;
  const { beforeAnswer } = kafka;
  let hasFailed = false;
  kafka.beforeAnswer = async (broker, offsets) => {
    if (broker === 1 && !hasFailed) {
      hasFailed = true;
      throw protocolError('LEADER_NOT_AVAILABLE');
    }
    await beforeAnswer(broker, offsets);
  };
  await until(() => kafka.group.generation > generation && kafka.group.isStable);
}

/** Everything of partition 1 in the second assignment. */
async function secondAssignment(source: KafkaSource, count: number): Promise<Batch[]> {
  return await pullAll(source, count, ({ partition, epoch }) => partition === 1 && epoch === 2);
}

describe('a fetch that was sent before the group was joined again', () => {
  it('the response to a fetch from before a rejoin is discarded, because accepting it would skip messages', async () => {
    const kafka = new InMemoryKafka({ partitions: 2, brokers: 2 });
    kafka.put(1, numbered('a', 50));
    const { source } = await opened(kafka);
    const late = heldAt(kafka, 50);
    await pullAll(source, 50);
    kafka.put(1, numbered('b', 50));
    await until(late.isAsked);
    await joinWithinFetch(kafka);
    late.open();
    expect(offsetsOf(await secondAssignment(source, 100))).toEqual(upTo(100));
  });

  it('the response to a fetch from before a rejoin is discarded even if it was decoded before the rejoin', async () => {
    const kafka = new InMemoryKafka({ partitions: 2, brokers: 2 });
    kafka.put(1, numbered('a', 50));
    const { source } = await opened(kafka);
    await pullAll(source, 50);
    const late = heldAt(kafka, 50, 'afterDecoding');
    kafka.put(1, numbered('b', 50));
    await until(late.isAsked);
    await joinWithinFetch(kafka);
    late.open();
    expect(offsetsOf(await secondAssignment(source, 100))).toEqual(upTo(100));
  });

  it.each(['beforeAnswer', 'afterDecoding'] as const)(
    'the response to a fetch from before a rejoin moves no position if it contains only an aborted transaction: held %s',
    async (where) => {
      const kafka = new InMemoryKafka({ partitions: 2, brokers: 2 });
      kafka.put(1, numbered('a', 50));
      const { source } = await opened(kafka);
      const late = heldAt(kafka, 50, where);
      await pullAll(source, 50);
      kafka.putAborted(1, numbered('gone', 3));
      await until(late.isAsked);
      await joinWithinFetch(kafka);
      late.open();
      kafka.put(1, ['last']);
      expect(offsetsOf(await secondAssignment(source, 51))).toEqual([...upTo(50), 54]);
      expect(kafka.group.commits).toEqual([]);
    },
  );

  it('the response to a fetch from before a rejoin does not end a source that has not delivered everything', async () => {
    const kafka = new InMemoryKafka({ partitions: 2, brokers: 2 });
    // More than one fetch brings, so that the other half comes with the next.
    kafka.put(
      1,
      upTo(50).map(() => 'x'.repeat(6000)),
    );
    kafka.put(1, numbered('b', 50));
    const late = heldAt(kafka, 50);
    const { source } = await opened(kafka, { once: true });
    await pullAll(source, 50);
    await until(late.isAsked);
    await joinWithinFetch(kafka);
    late.open();
    const batches: Batch[] = [];
    for (let batch = await source.pull(never); batch !== undefined; batch = await source.pull(never))
      batches.push(batch);
    expect(offsetsOf(batches)).toEqual(upTo(100));
  });

  it('the response to a fetch from before a rejoin may never come without blocking others, whose messages are fetched once', async () => {
    const kafka = new InMemoryKafka({ partitions: 2, brokers: 2 });
    const { source } = await opened(kafka);
    const late = heldAt(kafka, 0);
    kafka.put(1, ['never']);
    await until(late.isAsked);
    await joinWithinFetch(kafka);
    const before = kafka.fetches.length;
    kafka.put(0, ['soon']);
    expect((await pullAll(source, 1))[0]).toMatchObject({ partition: 0, epoch: 2 });
    await until(() => kafka.fetches.some(({ offsets }) => offsets.get(0) === 1));
    const sinceThen = kafka.fetches.slice(before).filter(({ offsets }) => offsets.get(0) === 0);
    expect(sinceThen.length).toBeLessThan(4);
  });

  it('the response to a fetch that was sent during a rejoin is discarded', async () => {
    const kafka = new InMemoryKafka({ partitions: 2, brokers: 2 });
    kafka.put(1, numbered('a', 50));
    const leaving = gate();
    const { source } = await opened(kafka, { revoking: () => leaving.passed });
    await pullAll(source, 50);
    const late = heldAt(kafka, 50);
    const joined = joinWithinFetch(kafka);
    kafka.put(1, numbered('b', 50));
    await until(late.isAsked);
    leaving.open();
    await joined;
    late.open();
    expect(offsetsOf(await secondAssignment(source, 100))).toEqual(upTo(100));
  });
});

describe('before the group is joined again', () => {
  it('before a rejoin, settled offsets are committed, and nothing is delivered until the group is joined', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 30));
    const pulled: Batch[] = [];
    const leaving = gate();
    let asked = 0;
    const { source, revoked } = await opened(kafka, {
      maxMessages: 10,
      revoking: async () => {
        asked++;
        await source.commit([pulled.at(-1)!]);
        await leaving.passed;
      },
    });
    pulled.push(...(await pullAll(source, 20)));
    kafka.group.rebalance();
    await until(() => kafka.group.commits.length > 0);
    expect(kafka.group.commits).toEqual([[0, 20, 1]]);
    expect(await pullSoon(source)).toBeUndefined();
    expect(revoked).toEqual([]);
    leaving.open();
    const [next] = await pullAll(source, 10);
    expect(next).toMatchObject({ epoch: 2 });
    expect(offsetsOf([next!])).toEqual(upTo(10, 20));
    expect(revoked).toEqual(['0@1']);
    expect(asked).toBe(1);
  });

  it('before a rejoin, the commit is awaited only for a few seconds, and the join follows even if it fails', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a']);
    const answers = [() => new Promise<void>(() => {}), () => Promise.reject(new Error('planted'))];
    const { source, log } = await opened(kafka, { revoking: () => answers.shift()?.() });
    for (const epoch of [1, 2, 3]) {
      expect((await pullAll(source, 1))[0]).toMatchObject({ epoch });
      if (epoch < 3) kafka.group.rebalance();
    }
    expect(log.of('debug')).toContain('not all was committed before the rebalance');
    expect(source.consumersBuilt).toBe(1);
  });

  it('before a rejoin, a paused partition is resumed, and fetched afterwards', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 60));
    const { source } = await opened(kafka, { maxMessages: 10 });
    await until(() => source.pausedPartitions() === 1);
    kafka.group.rebalance();
    await until(() => kafka.group.generation === 2 && kafka.group.isStable);
    const again = await pullAll(source, 60, ({ epoch }) => epoch === 2);
    expect(offsetsOf(again)).toEqual(upTo(60));
  });

  it('before a rejoin, a failed commit is not sent again under the next membership', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 4));
    const { source } = await opened(kafka);
    const [before] = await pullAll(source, 4);
    // kafkajs itself would send it again for some seconds.
    kafka.group.refuseCommits = protocolError('GROUP_COORDINATOR_NOT_AVAILABLE');
    const committing = expect(source.commit([before!])).rejects.toMatchObject({ code: 'OFFSETS_FAILED' });
    kafka.group.expel();
    await until(() => kafka.group.generation > 1 && kafka.group.isStable);
    kafka.group.refuseCommits = undefined;
    await committing;
    expect(offsetsOf(await pullAll(source, 4, ({ epoch }) => epoch > 1))).toEqual(upTo(4));
    expect(kafka.group.commits).toEqual([]);
  });

  it('after a rejoin, two members share the partitions, and each settled message is delivered once', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    for (const partition of [0, 1]) kafka.put(partition, numbered(`p${partition}`, 10));
    const settled: Batch[] = [];
    const one = await opened(kafka, { revoking: () => one.source.commit(settled) });
    settled.push(...(await pullAll(one.source, 20)));
    const two = await opened(kafka);
    await until(() => one.revoked.length === 2);
    for (const partition of [0, 1]) kafka.put(partition, ['new']);
    const [ofOne, ofTwo] = await Promise.all([pullAll(one.source, 1), pullAll(two.source, 1)]);
    expect(offsetsOf([...ofOne, ...ofTwo])).toEqual([10, 10]);
    expect(ofOne[0]!.partition + ofTwo[0]!.partition).toBe(1);
  });
});

describe('a consumer that ends', () => {
  it.each([
    ['at an error that kafkajs takes for a defect', new TypeError('planted')],
    ['at an error that kafkajs does not retry', new kafkajs.KafkaJSNonRetriableError('planted')],
  ])('a consumer that has ended is replaced: %s', async (_, error) => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.put(0, numbered('a', 5));
    let asked = 0;
    const { source, revoked, log } = await opened(kafka, {
      revoking: () => {
        asked++;
      },
    });
    const [batch] = await pullAll(source, 5);
    await source.commit([batch!]);
    kafka.failFetch = error;
    await until(() => source.status().partitions === 0);
    expect(revoked).toEqual(['0@1', '1@1']);
    expect(source.trouble()).toBe('it is not in its group (planted)');
    // It is out of the group already, so nothing could be committed.
    expect(asked).toBe(0);
    await expect(source.commit([batch!])).resolves.toBeUndefined();
    kafka.failFetch = undefined;
    kafka.put(0, ['next']);
    expect(offsetsOf(await pullAll(source, 1))).toEqual([5]);
    expect(source.trouble()).toBeUndefined();
    expect(source.consumersBuilt).toBeGreaterThan(1);
    expect(log.of('warn')).toContain('the consumer has ended; another is built, from the committed offsets');
  });

  it('a consumer that ends while it joins is given no assignment', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a']);
    let asked = false;
    const { source, clock, revoked } = await opened(kafka, {
      revoking: async () => {
        if (asked) return;
        asked = true;
        // The join waits for this for some seconds; by then the consumer has ended, as its clock was set back.
        clock.wallSeconds -= 60;
        await new Promise(() => {});
      },
    });
    await pullAll(source, 1);
    kafka.group.rebalance();
    await until(() => source.consumersBuilt === 2);
    expect((await pullAll(source, 1))[0]).toMatchObject({ epoch: 2 });
    expect(revoked).toEqual(['0@1']);
    expect(asked).toBe(true);
  });

  it('a consumer that has ended joins with a new member id if the group has forgotten it', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['a']);
    const { source } = await opened(kafka);
    await pullAll(source, 1);
    const gone = kafka.group.expel();
    expect((await pullAll(source, 1))[0]).toMatchObject({ epoch: 2 });
    expect(kafka.group.memberIds).not.toContain(gone);
  });

  it('a consumer that does not answer for a minute is replaced', async () => {
    const kafka = new InMemoryKafka();
    const { source, clock, log } = await opened(kafka);
    const forever = gate();
    kafka.beforeAnswer = () => forever.passed;
    closing.unshift(forever.open);
    // The one fetch that is under way is never answered.
    await new Promise((resolve) => setTimeout(resolve, 300));
    clock.aheadSeconds += 31;
    expect(source.trouble()).toMatch(/^the consumer has given no sign for 3\d s$/);
    clock.aheadSeconds += 30;
    await until(() => log.of('warn').length > 0);
    expect(log.lines.at(-1)).toMatchObject({
      fields: { error: expect.stringMatching(/no sign of life for 6\d s/) },
    });
    kafka.beforeAnswer = () => {};
    kafka.put(0, ['a']);
    // What was left behind sends no heartbeat, so its session ends.
    kafka.group.expel();
    expect(offsetsOf(await pullAll(source, 1))).toEqual([0]);
  });

  it('a consumer whose position was deleted fetches from the earliest offset', async () => {
    const kafka = new InMemoryKafka();
    for (let i = 0; i < 10; i++) kafka.put(0, [`a-${i}`]);
    kafka.group.committed.set(0, 2);
    kafka.deleteBefore(0, 6);
    const { source } = await opened(kafka, { startAt: 'latest' });
    expect(offsetsOf(await pullAll(source, 4))).toEqual(upTo(4, 6));
  });
});
