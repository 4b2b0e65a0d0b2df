import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../services/recorded.ts';
import { protocolError } from './in-memory-group.ts';
import { InMemoryKafka } from './in-memory-kafka.ts';
import {
  numbered,
  type OpenOptions,
  offsetsOf,
  openedOn,
  pullAll,
  sourceOn,
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

describe('where a new group begins', () => {
  it('a new consumer group begins at the end, and that offset is committed before anything is fetched', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.put(0, numbered('old', 3));
    const { source } = await opened(kafka, { startAt: 'latest' });
    expect([...kafka.group.committed]).toEqual([
      [0, 3],
      [1, 0],
    ]);
    kafka.put(0, ['new']);
    expect(textsOf(await pullAll(source, 1))).toEqual(['new']);
    expect(kafka.fetches.every(({ offsets }) => (offsets.get(0) ?? 3) >= 3)).toBe(true);
  });

  it('a new consumer group begins before messages that an open transaction holds back', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, ['old']);
    kafka.append(0, { records: [{ value: 'open' }], isTransactional: true, producerId: 3 });
    kafka.partitions[0]!.stable = 1;
    const { source } = await opened(kafka, { startAt: 'latest' });
    kafka.append(0, { mark: 'commit', producerId: 3 });
    kafka.partitions[0]!.stable = undefined;
    kafka.wake();
    expect(textsOf(await pullAll(source, 1))).toEqual(['open']);
  });

  it('a new consumer group begins at a given time', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    const at = 1_700_000_000_000;
    for (const after of [-60_000, -1, 0, 60_000])
      kafka.append(0, { firstTimestamp: at + after, records: [{ value: `at ${after}` }] });
    const { source } = await opened(kafka, { startAt: at });
    expect(textsOf(await pullAll(source, 2))).toEqual(['at 0', 'at 60000']);
    expect([...kafka.group.committed]).toEqual([
      [0, 2],
      [1, 0],
    ]);
  });

  it('the start offset of a new group does not matter for a group that has committed, which continues from there', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.put(0, numbered('a', 4));
    kafka.put(1, numbered('b', 1));
    kafka.group.committed.set(0, 1);
    const { source } = await opened(kafka, { startAt: 'latest' });
    const batches = await pullAll(source, 4);
    expect(offsetsOf(batches.filter(({ partition }) => partition === 0))).toEqual([1, 2, 3]);
    expect(kafka.group.commits).toEqual([]);
  });

  it('the start offset of a new group is left to the member that joined first', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('a', 4));
    kafka.group.assign = (_, position) => (position === 0 ? [0] : []);
    await opened(kafka, { startAt: 'latest' });
    kafka.put(0, numbered('b', 2));
    // Both looked while the group was new; the first has begun it meanwhile.
    const second = opened(kafka, { startAt: 'latest' });
    await second;
    expect(kafka.group.commits).toEqual([[0, 4, 1]]);
  });

  it('the start offset of a new group is left to a member that began while this one joined', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('old', 3));
    kafka.group.assign = () => {
      kafka.group.committed.set(0, 2);
      return [0];
    };
    const { source } = await opened(kafka, { startAt: 'latest' });
    expect(textsOf(await pullAll(source, 1))).toEqual(['old-2']);
    expect(kafka.group.commits).toEqual([]);
  });

  it('the start offset of a new group is committed as soon as Kafka answers again, and nothing is fetched before', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('old', 2));
    kafka.group.refuseCommits = new Error('not now');
    const opening = opened(kafka, { startAt: 'latest' });
    await until(() => kafka.group.isStable);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(kafka.fetches).toEqual([]);
    kafka.group.refuseCommits = undefined;
    const { source } = await opening;
    kafka.put(0, ['new']);
    expect(textsOf(await pullAll(source, 1))).toEqual(['new']);
  });

  it('the start offset of a new group is left to the member that has the partition by then', async () => {
    const kafka = new InMemoryKafka({ partitions: 2 });
    kafka.put(0, ['old']);
    kafka.put(1, ['old']);
    kafka.group.assign = () => (kafka.group.generation === 1 ? [0, 1] : [1]);
    const { source, log } = sourceOn(kafka, { startAt: 'latest' });
    closing.push(() => source.close());
    kafka.group.refuseCommits = new Error('not yet');
    const opening = source.open({ revoked: () => {} });
    await until(() => log.of('warn').includes('it could not be settled where the group begins; tried again'));
    // The first assignment tries again within this time: before the second is known, and after that.
    const triedAgain = () => new Promise<void>((resolve) => setTimeout(resolve, 1000));
    kafka.group.beforeAssigning = async () => {
      kafka.group.refuseCommits = undefined;
      await triedAgain();
    };
    kafka.group.rebalance();
    await until(() => kafka.group.generation === 2 && kafka.group.isStable);
    await opening;
    kafka.put(1, ['new']);
    expect(textsOf(await pullAll(source, 1))).toEqual(['new']);
    await triedAgain();
    expect([...kafka.group.committed.keys()]).toEqual([1]);
  });

  it('the start offset of a new group is looked up again if the broker cannot report it', async () => {
    const kafka = new InMemoryKafka();
    kafka.put(0, numbered('old', 2));
    kafka.group.assign = () => {
      kafka.failOffsets = protocolError('COORDINATOR_LOAD_IN_PROGRESS');
      return [0];
    };
    const opening = opened(kafka, { startAt: 'latest' });
    await until(() => kafka.group.isStable);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(kafka.fetches).toEqual([]);
    kafka.failOffsets = undefined;
    const { log } = await opening;
    expect(log.of('warn')).toEqual(['it could not be settled where the group begins; tried again']);
    expect([...kafka.group.committed]).toEqual([[0, 2]]);
  });
});
