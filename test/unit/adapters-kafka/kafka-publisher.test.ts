import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KafkaPublisher } from '../../../src/adapters/kafka/kafka-publisher.ts';
import type { KafkaRecord } from '../../../src/adapters/kafka/publish-call.ts';
import { recordBytes } from '../../../src/adapters/kafka/record-size.ts';
import { TopicAdmin } from '../../../src/adapters/kafka/topic-admin.ts';
import type { SluiceError } from '../../../src/core/errors.ts';
import { RecordingLog, TurnClock } from '../pipeline/fakes.ts';
import { FakeCluster } from './fake-producer.ts';

function publisherOn(cluster: FakeCluster, createTopics = true) {
  const log = new RecordingLog();
  const clock = new TurnClock();
  const admin = new TopicAdmin(cluster.kafka, 1, log);
  const makeTopic = createTopics ? (topic: string) => admin.make(topic) : undefined;
  return { publisher: new KafkaPublisher({ kafka: cluster.kafka, log, clock, makeTopic }), log, clock };
}

const record = (topic: string, value: string, more: Partial<KafkaRecord> = {}): KafkaRecord => ({
  topic,
  message: { key: null, value, headers: {} },
  ...more,
});
const records = (topic: string, count: number, bytes = 10) =>
  Array.from({ length: count }, (_, i) => record(topic, String(i).padEnd(bytes, '.')));

/** The error of a call that failed. */
const failureOf = (publishing: Promise<unknown>): Promise<SluiceError> =>
  publishing.then(
    () => Promise.reject(new Error('it was published')),
    (thrown: unknown) => thrown as SluiceError,
  );
const never = () => new Promise<void>(() => {});
const turns = async (count = 50) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a publisher', () => {
  it('KafkaPublisher keeps the order of published records, and sends at most 500 records and 900 KiB at once', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    const small = records('out', 1200);
    const large = records('out', 40, 100_000);
    await Promise.all([
      publisher.publish(small),
      publisher.publish(large),
      publisher.publish(records('out', 3)),
    ]);
    expect(cluster.texts('out')).toEqual(
      [...small, ...large, ...records('out', 3)].map(({ message }) => message.value),
    );
    for (const { topicMessages } of cluster.sends) {
      const { messages } = topicMessages![0]!;
      expect(messages.length).toBeLessThanOrEqual(500);
      expect(messages.reduce((sum, message) => sum + recordBytes(message), 0)).toBeLessThanOrEqual(
        900 * 1024,
      );
    }
    expect(publisher.producersMade).toBe(1);
    await publisher.close();
    expect(cluster.producersOpen).toBe(0);
  });

  it('KafkaPublisher requires acknowledgement by all replicas and numbers records, so that a retry of the client writes none twice', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    cluster.topics.get('out')!.failure = () => 'NOT_ENOUGH_REPLICAS';
    await failureOf(publisher.publish(records('out', 2)));
    cluster.topics.get('out')!.failure = () => undefined;
    await publisher.publish(records('out', 2));
    expect(cluster.sends.map(({ acks }) => acks)).toEqual([-1, -1]);
    // After a failure nobody knows what the first one has numbered.
    expect(cluster.producers).toHaveLength(2);
    for (const config of cluster.producers)
      expect(config).toMatchObject({ idempotent: true, maxInFlightRequests: 1 });
    await publisher.close();
  });

  it('KafkaPublisher refuses a record that is too large in every form, and publishes its neighbors once', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    const poison = record('out', 'x'.repeat(1_100_000), {
      smaller: () => record('out', 'y'.repeat(1_080_000)),
    });
    const refusals = await publisher.publish([record('out', 'a'), poison, record('out', 'b')]);
    expect(refusals).toEqual([{ index: 1, reason: expect.stringContaining('MESSAGE_TOO_LARGE') }]);
    expect(cluster.texts('out')).toEqual(['a', 'b']);
    // A second poison costs its own sends and no more.
    const sends = cluster.sends.length;
    expect(await publisher.publish([record('out', 'c'), poison])).toHaveLength(1);
    expect(cluster.sends.length - sends).toBe(3);
    await publisher.close();
  });

  it('KafkaPublisher sends the first form of a record that is small enough', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    const asked: number[] = [];
    const shrinking = (length: number): KafkaRecord =>
      record('out', 'x'.repeat(length), {
        smaller: (bytes) => {
          asked.push(bytes);
          return shrinking(length >> 1);
        },
      });
    expect(await publisher.publish([shrinking(3_000_000)])).toEqual([]);
    expect(cluster.texts('out').map(({ length }) => length)).toEqual([750_000]);
    expect(asked[0]).toBeLessThanOrEqual(1_500_050);
    await publisher.close();
  });

  it('KafkaPublisher learns that a topic accepts only smaller requests, and then sends no group that is too large', async () => {
    const cluster = new FakeCluster();
    cluster.make('out').maxBytes = 10_000;
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    expect(await publisher.publish(records('out', 100, 1000))).toEqual([]);
    const first = cluster.sends.length;
    expect(await publisher.publish(records('out', 100, 1000))).toEqual([]);
    expect(cluster.texts('out')).toHaveLength(200);
    // Nine of them fit into one send; the bound found by halving is at least half of that.
    expect(cluster.sends.length - first).toBeLessThanOrEqual(25);
    await publisher.close();
  });

  it('KafkaPublisher finds the one record that the broker refuses by halving', async () => {
    const cluster = new FakeCluster();
    cluster.make('out').failure = (messages) =>
      messages.some(({ value }) => value === '13') ? 'INVALID_RECORD' : undefined;
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    const sent = Array.from({ length: 40 }, (_, i) => record('out', String(i)));
    expect(await publisher.publish(sent)).toEqual([
      { index: 13, reason: expect.stringContaining('INVALID_RECORD') },
    ]);
    const expected = sent.map(({ message }) => message.value).filter((value) => value !== '13');
    expect(cluster.texts('out')).toEqual(expected);
    await publisher.close();
  });

  it('KafkaPublisher names the remaining records if one topic is unavailable, and publishes the others once', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.publish([record('a', '0'), record('b', '0')]);
    await turns();
    cluster.topics.get('a')!.failure = () => 'NOT_ENOUGH_REPLICAS';
    const batch = [record('a', '1'), record('b', '2'), record('a', '3'), record('b', '4')];
    const first = await failureOf(publisher.publish(batch));
    // In the first attempt nobody knows which of the two topics it was.
    expect([first.code, first.retriable]).toEqual(['SINK_FAILED', true]);
    let open = first.unfinished!.open.map((index) => batch[index]!);
    const failed = await failureOf(publisher.publish(open));
    open = failed.unfinished!.open.map((index) => open[index]!);
    expect(open.map(({ message }) => message.value)).toEqual(['1', '3']);
    expect(failed.message).toContain('topic a ');
    for (let i = 0; i < 5; i++)
      expect((await failureOf(publisher.publish(open))).unfinished!.open).toEqual([0, 1]);
    // Once by the send that failed for the other topic, once alone; not at each attempt.
    expect(cluster.texts('b')).toEqual(['0', '2', '4', '2', '4']);
    cluster.topics.get('a')!.failure = () => undefined;
    expect(await publisher.publish(open)).toEqual([]);
    expect(cluster.texts('a')).toEqual(['0', '1', '3']);
    await publisher.close();
  });

  it('KafkaPublisher publishes to other topics while one does not answer', async () => {
    const cluster = new FakeCluster();
    cluster.make('stuck').hold = never();
    const { publisher } = publisherOn(cluster);
    let stuckEnded = false;
    void publisher.publish([record('stuck', '1'), record('fine', '1')]).finally(() => {
      stuckEnded = true;
    });
    for (let i = 2; i <= 5; i++) expect(await publisher.publish([record('fine', String(i))])).toEqual([]);
    expect(cluster.texts('fine')).toEqual(['1', '2', '3', '4', '5']);
    expect(stuckEnded).toBe(false);
  });

  it('KafkaPublisher sends to several topics together if they have accepted records before, and tries only a few new ones at once', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    const topics = Array.from({ length: 30 }, (_, i) => `t${i}`);
    expect(await publisher.publish(topics.map((topic) => record(topic, '1')))).toEqual([]);
    expect(cluster.mostProducersOpen).toBeLessThanOrEqual(9);
    await turns();
    const sends = cluster.sends.length;
    expect(await publisher.publish(topics.map((topic) => record(topic, '2')))).toEqual([]);
    expect(cluster.sends.length - sends).toBe(1);
    for (const topic of topics) expect(cluster.texts(topic)).toEqual(['1', '2']);
    await publisher.close();
    expect(cluster.producersOpen).toBe(0);
  });

  it('KafkaPublisher sends a record that its topic refuses to the fallback, and refuses it if there is none', async () => {
    const cluster = new FakeCluster();
    cluster.make('closed').failure = () => 'TOPIC_AUTHORIZATION_FAILED';
    const { publisher } = publisherOn(cluster, false);
    cluster.make('other');
    const reasons: string[] = [];
    const moving = record('closed', '1', {
      elsewhere: (reason) => {
        reasons.push(reason);
        return record('other', '1', { elsewhere: () => undefined });
      },
    });
    expect(await publisher.publish([moving])).toEqual([]);
    expect(cluster.texts('other')).toEqual(['1']);
    expect(reasons).toEqual([expect.stringContaining('TOPIC_AUTHORIZATION_FAILED')]);
    cluster.topics.delete('other');
    const refusals = await publisher.publish([moving]);
    expect(refusals).toEqual([{ index: 0, reason: expect.stringContaining('UNKNOWN_TOPIC_OR_PARTITION') }]);
    await publisher.close();
  });

  it('KafkaPublisher keeps a topic that has refused records from failing the sends to other topics', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['closed', 'fine', 'other']);
    cluster.topics.get('closed')!.failure = () => 'TOPIC_AUTHORIZATION_FAILED';
    const moving = record('closed', '1', { elsewhere: () => record('other', '1') });
    expect(await publisher.publish([moving])).toEqual([]);
    expect(await publisher.publish([moving, record('fine', '2')])).toEqual([]);
    expect(cluster.texts('fine')).toEqual(['2']);
    expect(cluster.texts('other')).toEqual(['1', '1']);
    await publisher.close();
  });

  it('KafkaPublisher closes when everything that is being sent has succeeded or failed', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    let answer = () => {};
    cluster.topics.get('out')!.hold = new Promise((resolve) => {
      answer = resolve;
    });
    const publishing = publisher.publish([record('out', '1')]);
    await turns();
    let isClosed = false;
    const closing = publisher.close().then(() => {
      isClosed = true;
    });
    await turns();
    expect(isClosed).toBe(false);
    expect(cluster.producersOpen).toBe(1);
    answer();
    expect(await publishing).toEqual([]);
    await closing;
    expect(cluster.texts('out')).toEqual(['1']);
    expect(cluster.producersOpen).toBe(0);
  });

  it('KafkaPublisher waits for a topic without fallback, and logs once what an operator has to do', async () => {
    const cluster = new FakeCluster();
    cluster.make('out').failure = () => 'TOPIC_AUTHORIZATION_FAILED';
    const { publisher, log, clock } = publisherOn(cluster);
    await publisher.open(['out']);
    for (let i = 0; i < 5; i++) {
      expect((await failureOf(publisher.publish([record('out', '1')]))).retriable).toBe(true);
      clock.seconds += 60;
    }
    const errors = log.lines.filter(({ level }) => level === 'error');
    expect(errors.map(({ fields }) => fields)).toEqual([
      { topic: 'out', reason: expect.stringContaining('TOPIC_AUTHORIZATION_FAILED') },
    ]);
    cluster.topics.get('out')!.failure = () => undefined;
    expect(await publisher.publish([record('out', '1')])).toEqual([]);
    await publisher.close();
  });

  it('KafkaPublisher sends a record to the fallback once its topic has been unavailable for half a minute, and refuses none for that', async () => {
    const cluster = new FakeCluster();
    const noLeader = () => 'LEADER_NOT_AVAILABLE';
    cluster.make('down').failure = noLeader;
    cluster.make('other').failure = noLeader;
    const { publisher, clock } = publisherOn(cluster);
    const last = record('other', '1', { elsewhere: () => undefined });
    const moving = record('down', '1', { elsewhere: () => last });
    await failureOf(publisher.publish([moving]));
    clock.seconds += 29;
    await failureOf(publisher.publish([moving]));
    expect(
      cluster.sends.flatMap(({ topicMessages }) => topicMessages!.map(({ topic }) => topic)),
    ).not.toContain('other');
    clock.seconds += 1;
    await failureOf(publisher.publish([moving]));
    clock.seconds += 60;
    // Now the other one has been down for as long, and there is none behind it.
    expect((await failureOf(publisher.publish([last]))).unfinished).toEqual({ refusals: [], open: [0] });
    cluster.topics.get('other')!.failure = () => undefined;
    expect(await publisher.publish([moving])).toEqual([]);
    expect(cluster.texts('other')).toEqual(['1']);
    cluster.topics.get('down')!.failure = () => undefined;
    expect(await publisher.publish([moving])).toEqual([]);
    expect(cluster.texts('down')).toEqual(['1']);
    await publisher.close();
  });

  it('KafkaPublisher creates a topic again that was deleted', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    await publisher.publish([record('out', '1')]);
    cluster.topics.delete('out');
    await failureOf(publisher.publish([record('out', '2')]));
    expect(await publisher.publish([record('out', '2')])).toEqual([]);
    expect(cluster.texts('out')).toEqual(['2']);
    await publisher.close();
  });

  it('KafkaPublisher fails all waiting records when the cluster is down, and publishes them when it is back', async () => {
    const cluster = new FakeCluster();
    const { publisher } = publisherOn(cluster);
    await publisher.open(['out']);
    cluster.isDown = true;
    const failed = await Promise.all(
      [1, 2, 3].map((n) => failureOf(publisher.publish([record('out', String(n))]))),
    );
    expect(failed.map(({ unfinished }) => unfinished!.open)).toEqual([[0], [0], [0]]);
    cluster.isDown = false;
    await publisher.publish([record('out', '4')]);
    expect(cluster.texts('out')).toEqual(['4']);
    await publisher.close();
    expect((await failureOf(publisher.publish([record('out', '5')]))).code).toBe('SINK_FAILED');
  });

  it('KafkaPublisher gives every record exactly one result, whatever fails and however calls overlap', async () => {
    const failure = fc.constantFrom(
      'NOT_ENOUGH_REPLICAS',
      'UNKNOWN_TOPIC_OR_PARTITION',
      undefined,
      undefined,
    );
    const item = fc.record({
      // No record may be written to `closed`; those for it go elsewhere.
      topic: fc.constantFrom('a', 'b', 'c', 'closed'),
      kind: fc.constantFrom('good', 'good', 'good', 'large', 'shrinks', 'invalid'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(item, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        fc.array(failure, { maxLength: 12 }),
        async (batches, failures) => {
          const cluster = new FakeCluster();
          cluster.partitions = 3;
          for (const name of ['a', 'b', 'c', 'other']) {
            const topic = cluster.make(name);
            topic.maxBytes = 2000;
            topic.failure = (messages) => {
              if (messages.some(({ value }) => String(value).includes('invalid'))) return 'INVALID_RECORD';
              const next = failures.shift();
              // The last one missing would be a refusal of all that goes there.
              return name === 'other' && next === 'UNKNOWN_TOPIC_OR_PARTITION' ? undefined : next;
            };
          }
          cluster.make('closed').failure = () => 'TOPIC_AUTHORIZATION_FAILED';
          const { publisher } = publisherOn(cluster, false);
          const published = await Promise.all(
            batches.map((batch, n) =>
              publishUntilEnd(
                publisher,
                batch.map((each, i) => recordOf(`${n}/${i}/`, each)),
              ),
            ),
          );
          await publisher.close();
          const arrived = new Set(
            ['a', 'b', 'c', 'other'].flatMap((topic) => cluster.texts(topic)).map(idOf),
          );
          for (const [n, batch] of batches.entries())
            for (const [i, { kind }] of batch.entries()) {
              const isRefused = published[n]!.includes(i);
              expect(isRefused, `${kind} is refused`).toBe(kind === 'large' || kind === 'invalid');
              expect(arrived.has(`${n}/${i}/`), `${kind} has arrived`).toBe(!isRefused);
            }
        },
      ),
      { numRuns: 300 },
    );
  });
});

const idOf = (value: string) => value.slice(0, value.lastIndexOf('/') + 1);

function recordOf(
  id: string,
  { topic, kind }: { readonly topic: string; readonly kind: string },
): KafkaRecord {
  const sized = (length: number): KafkaRecord => {
    const message = { key: id, value: `${id}${kind}`.padEnd(length, '.'), headers: {} };
    const smaller = kind === 'shrinks' && length > 100 ? { smaller: () => sized(100) } : {};
    const other = (): KafkaRecord => ({ topic: 'other', message, ...smaller, elsewhere: () => undefined });
    return { topic, message, ...smaller, ...(topic === 'closed' ? { elsewhere: other } : {}) };
  };
  return sized(kind === 'large' || kind === 'shrinks' ? 5000 : 10);
}

/** As the router does: publishes again what is left; returns the indices of what was refused. */
async function publishUntilEnd(
  publisher: KafkaPublisher,
  all: readonly KafkaRecord[],
): Promise<readonly number[]> {
  const refused: number[] = [];
  let left = all.map((_, index) => index);
  while (left.length > 0) {
    const ends = await publisher.publish(left.map((index) => all[index]!)).then(
      (refusals) => ({ refusals, open: [] }),
      (thrown: unknown) => (thrown as SluiceError).unfinished!,
    );
    refused.push(...ends.refusals.map(({ index }) => left[index]!));
    left = ends.open.map((index) => left[index]!);
  }
  return refused;
}
