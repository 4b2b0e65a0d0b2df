import { afterEach, describe, expect, it } from 'vitest';
import { ByteBudget } from '../../../src/core/byte-budget.ts';
import { until } from '../../services/recorded.ts';
import { batchBytes } from './fetch-bytes.ts';
import { InMemoryKafka } from './in-memory-kafka.ts';
import { type OpenedSource, type OpenOptions, openedOn, pullAll } from './opened-source.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened(kafka: InMemoryKafka, options: OpenOptions = {}) {
  const made = await openedOn(kafka, options);
  closing.push(() => made.source.close());
  return made;
}

/** Measured so many seconds later, when signs of life of that time have come. */
async function lagAfter(
  seconds: number,
  kafka: InMemoryKafka,
  { source, clock }: Pick<OpenedSource, 'source' | 'clock'>,
) {
  clock.aheadSeconds += seconds;
  const { heartbeats } = kafka.group;
  await until(() => kafka.group.heartbeats > heartbeats + 1);
  return await source.lag();
}

/** A record that the broker has and cannot deliver: a fetch brings it without its end. */
function cutOff(kafka: InMemoryKafka, offset: number): { readonly mend: () => void } {
  const whole = batchBytes({ baseOffset: offset, records: [{ value: 'cut off' }] });
  const batch = { first: offset, last: offset, timestamp: 0 };
  kafka.partitions[0]!.batches[offset] = { ...batch, bytes: whole.subarray(0, whole.length - 1) };
  return {
    mend: () => {
      kafka.partitions[0]!.batches[offset] = { ...batch, bytes: whole };
    },
  };
}

const stuckFor = (seconds: string) =>
  new RegExp(`^partition 0 has delivered nothing for ${seconds} s, though messages wait$`);

describe('a partition that delivers nothing though messages wait', () => {
  it('a partition that delivers nothing while messages wait is reported after half a minute, until it delivers', async () => {
    const kafka = new InMemoryKafka();
    const made = await opened(kafka);
    const { source, clock } = made;
    const { mend } = cutOff(kafka, 0);
    const since = clock.now();
    const [first] = await source.lag();
    expect(first).toMatchObject({ lag: 1 });
    await lagAfter(20, kafka, made);
    expect(source.trouble()).toBeUndefined();
    const [later] = await lagAfter(11, kafka, made);
    expect(later!.seconds).toBeGreaterThan(30);
    expect(later!.seconds).toBeLessThanOrEqual((clock.now() - since) / 1000);
    expect(source.trouble()).toMatch(stuckFor('3\\d'));
    mend();
    await pullAll(source, 1);
    await source.lag();
    expect(source.trouble()).toBeUndefined();
  });

  it('a partition that delivers nothing while messages wait is not reported if it has delivered something in between', async () => {
    const kafka = new InMemoryKafka();
    const made = await opened(kafka);
    const { mend } = cutOff(kafka, 0);
    await made.source.lag();
    await lagAfter(20, kafka, made);
    cutOff(kafka, 1);
    mend();
    await pullAll(made.source, 1);
    const [lag] = await lagAfter(11, kafka, made);
    expect(lag).toMatchObject({ lag: 2 });
    expect(made.source.trouble()).toBeUndefined();
    await lagAfter(31, kafka, made);
    expect(made.source.trouble()).toMatch(stuckFor('3\\d'));
  });

  it('a partition that delivers nothing while messages wait is not reported by a member that has lost it', async () => {
    const kafka = new InMemoryKafka();
    const made = await opened(kafka);
    cutOff(kafka, 0);
    await made.source.lag();
    await lagAfter(31, kafka, made);
    expect(made.source.trouble()).toMatch(stuckFor('3\\d'));
    kafka.group.assign = () => [];
    kafka.group.rebalance();
    await until(() => made.source.status().partitions === 0 && kafka.group.isStable);
    expect(made.source.trouble()).toBeUndefined();
  });

  it('a partition that delivers nothing while messages wait is not reported if its messages are buffered and wait to be pulled', async () => {
    const kafka = new InMemoryKafka();
    const made = await opened(kafka);
    kafka.put(0, ['here']);
    await until(() => kafka.fetches.some(({ offsets }) => offsets.get(0) === 1));
    cutOff(kafka, 1);
    await made.source.lag();
    await lagAfter(31, kafka, made);
    expect(made.source.trouble()).toBeUndefined();
    await pullAll(made.source, 1);
    await made.source.lag();
    await lagAfter(31, kafka, made);
    expect(made.source.trouble()).toMatch(stuckFor('3\\d'));
  });

  it('a partition that delivers nothing while messages wait is not reported if the byte budget prevents fetching', async () => {
    const kafka = new InMemoryKafka();
    const budget = new ByteBudget(1000);
    const made = await opened(kafka, { budget });
    kafka.put(0, ['x'.repeat(2000)]);
    const [batch] = await pullAll(made.source, 1);
    expect(made.source.pausedPartitions()).toBe(1);
    kafka.put(0, ['next']);
    await made.source.lag();
    const [lag] = await lagAfter(31, kafka, made);
    expect(lag).toMatchObject({ lag: 2 });
    expect(made.source.trouble()).toBeUndefined();
    budget.release(batch!.chargedBytes!);
    await pullAll(made.source, 1);
  });
});
