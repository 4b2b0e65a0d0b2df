import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { installCodecs } from '../../src/adapters/kafka/codecs.ts';
import { GroupMember } from '../../src/adapters/kafka/group-member.ts';
import { KafkaSource, type KafkaSourceOptions } from '../../src/adapters/kafka/kafka-source.ts';
import type { Batch } from '../../src/core/batch.ts';
import { systemClock } from '../../src/pipeline/system-clock.ts';
import { quietLog } from '../contract/temporary-folder.ts';
import { freshName, KafkaTopics, kafkaOn, MEBIBYTE } from './kafka-topics.ts';

const broker = inject('broker');
const { CompressionCodecs, CompressionTypes } = kafkajs;
let topics: KafkaTopics;
const closing: (() => Promise<void>)[] = [];
const never = new AbortController().signal;

beforeAll(async () => {
  topics = await KafkaTopics.open(broker);
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});
afterAll(() => topics.close());

type Options = Partial<KafkaSourceOptions> & Pick<KafkaSourceOptions, 'topic'>;

/** A source, open; `revoked` gathers the epochs that ended. */
async function opened(options: Options): Promise<{ source: KafkaSource; revoked: string[]; group: string }> {
  const group = options.group ?? freshName('group');
  const revoked: string[] = [];
  const source = new KafkaSource({
    kafka: topics.kafka,
    startAt: 'earliest',
    concurrentPartitions: 4,
    maxMessages: 100,
    maxAgeSeconds: 0.02,
    once: false,
    log: quietLog,
    clock: systemClock,
    ...options,
    group,
  });
  closing.push(() => source.close());
  await source.open({ revoked: (at, epoch) => revoked.push(`${at.partition}@${epoch}`) });
  return { source, revoked, group };
}

async function pullAll(source: KafkaSource, count: number): Promise<Batch[]> {
  const batches: Batch[] = [];
  for (let got = 0; got < count; ) {
    const batch = await source.pull(never);
    batches.push(batch!);
    got += batch!.messages.length;
  }
  return batches;
}

const textsOf = (batches: readonly Batch[]) =>
  batches.flatMap(({ messages }) => messages.map(({ bytes }) => Buffer.from(bytes).toString()));
const endOf = ({ topic, partition, nextOffset, epoch }: Batch) => ({ topic, partition, nextOffset, epoch });
const numbered = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}`);
const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('what kafkajs does to a consumer', () => {
  it('KafkaSource builds another consumer after a TypeError in the handler, and delivers the batch again', async () => {
    const topic = await topics.make(freshName('stray'));
    await topics.put(topic, 0, ['one']);
    let throws = true;
    const delivered: number[] = [];
    const member = new GroupMember({
      kafka: kafkaOn(broker),
      group: freshName('group'),
      topic,
      concurrentPartitions: 1,
      metadataSeconds: 30,
      log: quietLog,
      clock: systemClock,
      events: {
        joined: () => {},
        leaving: async () => {},
        lost: () => {},
        ends: () => {},
        fetched: (_, records) => {
          if (throws) {
            throws = false;
            throw new TypeError('planted');
          }
          delivered.push(...records.map(({ offset }) => Number(offset)));
        },
      },
    });
    closing.push(() => member.leave());
    await member.start();
    await until(() => delivered.length > 0);
    expect(delivered).toEqual([0]);
    expect(member.consumersBuilt).toBeGreaterThan(1);
  });

  it('KafkaSource builds another consumer after a batch with an unknown codec, and continues', async () => {
    const topic = await topics.make(freshName('codec'));
    await topics.producer.send({
      topic,
      compression: CompressionTypes.LZ4,
      messages: [{ value: 'in lz4' }],
    });
    const { source } = await opened({ topic });
    await pullAll(source, 1);
    const working = CompressionCodecs[CompressionTypes.LZ4];
    CompressionCodecs[CompressionTypes.LZ4] = () => {
      throw new TypeError('no such codec');
    };
    try {
      await topics.put(topic, 0, ['plain']);
      await topics.producer.send({ topic, messages: [{ value: 'last' }] });
      // The first batch is decoded again only by a consumer that begins at the committed offset.
      await opened({ topic, group: freshName('group') }).then(({ source: other }) =>
        until(() => other.consumersBuilt > 1),
      );
    } finally {
      CompressionCodecs[CompressionTypes.LZ4] = working;
    }
    expect(textsOf(await pullAll(source, 2))).toEqual(['plain', 'last']);
  });

  it.each([
    ['gzip', CompressionTypes.GZIP],
    ['snappy', CompressionTypes.Snappy],
    ['lz4', CompressionTypes.LZ4],
    ['zstd', CompressionTypes.ZSTD],
  ] as const)(
    'KafkaSource reads messages compressed by %s, replaces each message of a batch that decompresses beyond the limit at its own offset, and reads what follows',
    async (_, compression) => {
      const topic = await topics.make(freshName('inflate'), 1, { 'max.message.bytes': '4194304' });
      const send = (values: readonly string[]) =>
        topics.producer.send({ topic, compression, messages: values.map((value) => ({ value })) });
      const long = 'spam '.repeat(MEBIBYTE / 5);
      await send(numbered('before', 3));
      await send([long, long, long]);
      await send(['after']);
      installCodecs(2 * MEBIBYTE);
      try {
        const { source } = await opened({ topic });
        const batches = await pullAll(source, 7);
        const texts = textsOf(batches);
        expect(texts.slice(0, 3)).toEqual(numbered('before', 3));
        for (const text of texts.slice(3, 6)) expect(JSON.parse(text).sluice).toMatch(/not opened/);
        expect(texts[6]).toBe('after');
        expect(batches.flatMap(({ messages }) => messages.map(({ offset }) => offset))).toEqual([
          0, 1, 2, 3, 4, 5, 6,
        ]);
      } finally {
        installCodecs(64 * MEBIBYTE);
      }
    },
  );

  it('KafkaSource does not block the main thread with a gzip batch of 300 MiB', async () => {
    installCodecs(64 * MEBIBYTE);
    const bomb = gzipSync(Buffer.alloc(300 * MEBIBYTE));
    const codec = CompressionCodecs[CompressionTypes.GZIP]() as {
      decompress(bytes: Buffer): Promise<Buffer>;
    };
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const before = process.memoryUsage().rss;
    await expect(codec.decompress(bomb)).rejects.toThrow();
    clearInterval(timer);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEBIBYTE);
    expect(longest).toBeLessThan(5000);
  });

  it('KafkaSource continues at the earliest offset after an offset out of range, even if a new group would begin at the end', async () => {
    const topic = await topics.make(freshName('range'));
    await topics.put(topic, 0, numbered('old', 10));
    const first = await opened({ topic, startAt: 'earliest', maxMessages: 2 });
    const [batch] = await pullAll(first.source, 2);
    await first.source.commit([endOf(batch!)]);
    await first.source.close();
    // Offsets 0 to 5 are deleted; the group stands at 2.
    await topics.end(topic); // kafkajs looks the partition's leader up only for that.
    await topics.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    const again = await opened({ topic, group: first.group, startAt: 'latest' });
    expect(textsOf(await pullAll(again.source, 4))).toEqual(numbered('old', 10).slice(6));
  });

  it('KafkaSource copies values: none is a view of the response that contained it', async () => {
    const topic = await topics.make(freshName('copy'));
    await topics.put(topic, 0, numbered('a', 50));
    const { source } = await opened({ topic });
    const messages = (await pullAll(source, 50)).flatMap((batch) => batch.messages);
    const memory = new Set(messages.map(({ bytes }) => bytes.buffer));
    const retained = [...memory].reduce((sum, buffer) => sum + buffer.byteLength, 0);
    const text = messages.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
    expect(retained).toBe(text);
  });
});

describe('epochs', () => {
  it('KafkaSource ends earlier assignment epochs at a join: the member that lost a partition commits nothing that settles later', async () => {
    const topic = await topics.make(freshName('epoch'), 2);
    for (const partition of [0, 1]) await topics.put(topic, partition, numbered(`p${partition}`, 20));
    const one = await opened({ topic, maxMessages: 10 });
    const early = await pullAll(one.source, 40);
    const two = await opened({ topic, group: one.group, maxMessages: 10 });
    await until(() => one.revoked.length >= 2);
    await one.source.commit(early.map(endOf));
    expect(await topics.committed(one.group, topic)).toEqual([-1, -1]);
    // The other has one of the two partitions, from its beginning.
    const [batch] = await pullAll(two.source, 10);
    expect(batch!.messages[0]!.offset).toBe(0);
    await two.source.commit([endOf(batch!)]);
    const committed = await topics.committed(one.group, topic);
    expect([...committed].sort((a, b) => a - b)).toEqual([-1, 10]);
  });

  it('KafkaSource stays in its group when nobody pulls for longer than a session, and buffers no more than its limit', async () => {
    const topic = await topics.make(freshName('slow'));
    const value = 'x'.repeat(10_000);
    await topics.put(
      topic,
      0,
      Array.from({ length: 3000 }, () => value),
      50,
    );
    const { source, revoked } = await opened({ topic });
    const before = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 7500));
    expect(revoked).toEqual([]);
    expect(source.trouble()).toBeUndefined();
    expect(source.pausedPartitions()).toBe(1);
    // 30 MB wait at the broker; of a partition 400 messages (four batches) may wait here, and one fetch more.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * MEBIBYTE);
    const batches = await pullAll(source, 3000);
    expect(batches.flatMap(({ messages }) => messages.map(({ offset }) => offset))).toEqual(
      Array.from({ length: 3000 }, (_, i) => i),
    );
    expect(source.pausedPartitions()).toBe(0);
    expect(revoked).toEqual([]);
  });
});

describe('where a new group begins', () => {
  it('KafkaSource begins a new group at a given time', async () => {
    const topic = await topics.make(freshName('time'), 2);
    const at = Date.now();
    const messages = [-60_000, -1, 0, 60_000].map((after) => ({
      partition: 0,
      value: `at ${after}`,
      timestamp: String(at + after),
    }));
    await topics.producer.send({ topic, messages });
    const { source } = await opened({ topic, startAt: at });
    expect(textsOf(await pullAll(source, 2))).toEqual(['at 0', 'at 60000']);
  });

  it('KafkaSource begins a new group at the end, and commits that offset before any message arrives', async () => {
    const topic = await topics.make(freshName('latest'));
    await topics.put(topic, 0, numbered('old', 3));
    const { group } = await opened({ topic, startAt: 'latest' });
    expect(await topics.committed(group, topic)).toEqual([3]);
  });

  it('KafkaSource with once delivers what existed when it was opened, and then ends', async () => {
    const topic = await topics.make(freshName('once'), 3);
    await topics.put(topic, 1, numbered('a', 5));
    const { source } = await opened({ topic, once: true });
    expect(textsOf(await pullAll(source, 5))).toEqual(numbered('a', 5));
    expect(await source.pull(never)).toBeUndefined();
  });

  it('KafkaSource reports a topic that does not exist', async () => {
    await expect(opened({ topic: freshName('missing'), once: true })).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
    });
  });
});

it('KafkaSource delivers keys and headers of records, also a header that occurs twice with both values', async () => {
  const topic = await topics.make(freshName('headers'));
  await topics.producer.send({
    topic,
    messages: [{ key: 'k', value: 'v', headers: { traceparent: '00-ab', twice: ['1', '2'] } }],
  });
  const { source } = await opened({ topic });
  const [message] = (await pullAll(source, 1)).flatMap(({ messages }) => messages);
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text));
  expect(message!.headers).toEqual({ traceparent: bytes('00-ab'), twice: [bytes('1'), bytes('2')] });
  expect(message!.key).toEqual(bytes('k'));
});

it('KafkaSource reports the lag of each partition, with the group and the age of the oldest message', async () => {
  const topic = await topics.make(freshName('lag'));
  const messages = numbered('a', 4).map((value) => ({ value, timestamp: String(Date.now() - 60_000) }));
  await topics.producer.send({ topic, messages });
  const { source, group } = await opened({ topic });
  const batches = await pullAll(source, 4);
  const [lag] = await source.lag();
  expect(lag).toMatchObject({ topic, partition: 0, committed: 0, highWatermark: 4, lag: 4, group });
  expect(lag!.seconds).toBeGreaterThan(59);
  await source.commit(batches.map(endOf));
  expect(await source.lag()).toMatchObject([{ committed: 4, lag: 0, seconds: 0 }]);
});

it.each([
  { of: 'both halves are answered', fails: false },
  { of: 'one half fails before the other is answered', fails: true },
])(
  'KafkaSource leaves no connection that would keep the process alive when it is closed while its lag is measured: $of',
  async ({ fails }) => {
    const topic = await topics.make(freshName('closing'));
    const sockets: Socket[] = [];
    const kafka = new kafkajs.Kafka({
      brokers: [broker],
      logLevel: kafkajs.logLevel.NOTHING,
      socketFactory: ({ host, port, onConnect }) => {
        const socket = connect({ host, port }, onConnect);
        sockets.push(socket);
        return socket;
      },
    });
    let asked = false;
    let goOn = () => {};
    const closed = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const admin = () => {
      const real = kafka.admin();
      return {
        ...real,
        fetchOffsets: async (of: Parameters<Admin['fetchOffsets']>[0]) => {
          asked = true;
          await closed;
          return await real.fetchOffsets(of);
        },
        ...(fails && { fetchTopicOffsets: () => Promise.reject(new Error('given up')) }),
      };
    };
    const { source } = await opened({
      topic,
      kafka: Object.create(kafka, { admin: { value: admin } }) as Kafka,
    });
    const looking = source.lag().catch(() => undefined);
    await until(() => asked);
    await source.close();
    goOn();
    await looking;
    await until(() => sockets.every(({ destroyed }) => destroyed));
  },
);
