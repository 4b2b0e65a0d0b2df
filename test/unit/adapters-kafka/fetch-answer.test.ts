import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import kafkajs from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { installCodecs } from '../../../src/adapters/kafka/codecs.ts';
import { type PartitionEnds, readFetchAnswer } from '../../../src/adapters/kafka/fetch-answer.ts';
import type { FetchAllowance, FetchedRecord } from '../../../src/adapters/kafka/fetched-record.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { RecordedLog } from '../../services/recorded.ts';
import {
  answerBytes,
  batchBytes,
  type TestBatch,
  type TestPartition,
  type TestRecord,
} from './fetch-bytes.ts';

const { CompressionCodecs, CompressionTypes } = kafkajs;
const plenty = () => ({ bytes: Number.MAX_SAFE_INTEGER, objects: Number.MAX_SAFE_INTEGER });
const GZIP = CompressionTypes.GZIP;

interface Reading {
  readonly from?: number;
  readonly allowance?: FetchAllowance;
  readonly log?: typeof quietLog | RecordedLog;
  readonly partition?: Partial<TestPartition>;
}

/** What is read of a partition that holds these batches. */
async function read(
  batches: readonly (TestBatch | Buffer)[],
  { from = 0, allowance = plenty(), log = quietLog, partition = {} }: Reading = {},
): Promise<readonly FetchedRecord[]> {
  const records = Buffer.concat(batches.map((each) => (Buffer.isBuffer(each) ? each : batchBytes(each))));
  const answer = await readFetchAnswer(answerBytes('in', [{ partition: 0, records, ...partition }]), {
    version: 11,
    fetchOffset: () => from,
    epoch: 7,
    allowance,
    ends: () => {},
    log,
  });
  return answer!.responses[0]!.partitions[0]!.messages;
}

const offsetsOf = (records: readonly FetchedRecord[]) => records.map(({ offset }) => Number(offset));
const textsOf = (records: readonly FetchedRecord[]) => records.map(({ value }) => value?.toString());
const values = (name: string, count: number): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({ value: `${name}-${i}` }));

beforeEach(() => installCodecs(64 * 1024 * 1024));

describe('the answer to a fetch', () => {
  const record = fc.record({
    key: fc.option(fc.string({ maxLength: 8 })),
    value: fc.option(fc.string({ maxLength: 40 })),
    headers: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.string({ maxLength: 5 })), {
      maxLength: 4,
    }),
    timestamp: fc.integer({ min: 0, max: 2 ** 42 }),
  });
  const batchSet = fc.array(
    fc.record({
      records: fc.array(record, { minLength: 1, maxLength: 6 }),
      firstTimestamp: fc.integer({ min: 0, max: 2 ** 42 }),
      appendTimestamp: fc.option(fc.integer({ min: 1, max: 2 ** 42 }), { nil: undefined }),
      gap: fc.nat(3),
      isCompressed: fc.boolean(),
    }),
    { maxLength: 5 },
  );

  it.each([4, 5, 6, 7, 8, 9, 10, 11])(
    'the fetch decoder reads a response as kafkajs does: version %i',
    async (version) => {
      const require = createRequire(import.meta.url);
      const { decode } = require(`kafkajs/src/protocol/requests/fetch/v${version}/response.js`);
      await fc.assert(
        fc.asyncProperty(batchSet, async (batches) => {
          let next = 0;
          const records = Buffer.concat(
            batches.map(({ gap, isCompressed, appendTimestamp, ...batch }) => {
              const baseOffset = next + gap;
              next = baseOffset + batch.records.length;
              const codec = isCompressed ? { codec: GZIP, compress: gzipSync } : {};
              return batchBytes({
                ...batch,
                ...codec,
                ...(appendTimestamp === undefined ? {} : { appendTimestamp }),
                baseOffset,
              });
            }),
          );
          const raw = answerBytes('in', [{ partition: 3, high: next, records }], { version, throttleMs: 12 });
          const theirs = await decode(raw);
          const ours = await readFetchAnswer(raw, {
            version,
            fetchOffset: () => 0,
            epoch: 1,
            allowance: plenty(),
            ends: () => {},
            log: quietLog,
          });
          expect(ours).toMatchObject({ throttleTime: theirs.throttleTime });
          expect(ours!.clientSideThrottleTime).toBe(theirs.clientSideThrottleTime);
          const [theirPart] = theirs.responses[0].partitions;
          const [ourPart] = ours!.responses[0]!.partitions;
          const { partition, errorCode, highWatermark, preferredReadReplica } = theirPart;
          expect(ourPart).toMatchObject({
            partition,
            errorCode,
            highWatermark,
            ...(preferredReadReplica === undefined ? {} : { preferredReadReplica }),
          });
          const plain = ({ key, value, headers, offset, timestamp }: FetchedRecord) => ({
            key,
            value,
            headers: { ...headers },
            offset,
            timestamp,
          });
          expect(ourPart!.messages.map(plain)).toEqual(theirPart.messages.map(plain));
        }),
        { numRuns: 40 },
      );
    },
  );

  it('the fetch decoder reports where each partition ends, and that records were requested in this membership', async () => {
    const ends: PartitionEnds[] = [];
    const records = batchBytes({ baseOffset: 5, records: values('a', 2) });
    const raw = answerBytes('in', [
      { partition: 0, high: 9, stable: 7, records },
      { partition: 1, high: 4, records: Buffer.alloc(0) },
      { partition: 2, errorCode: 6, high: -1, records: Buffer.alloc(0) },
    ]);
    const answer = await readFetchAnswer(raw, {
      version: 11,
      fetchOffset: () => 5,
      epoch: 7,
      allowance: plenty(),
      ends: ({ topic, partition, high, stable }) => ends.push({ topic, partition, high, stable }),
      log: quietLog,
    });
    expect(ends).toEqual([
      { topic: 'in', partition: 0, high: 9, stable: 7 },
      { topic: 'in', partition: 1, high: 4, stable: 4 },
    ]);
    const [first, , failed] = answer!.responses[0]!.partitions;
    expect(first!.messages.map(({ epoch, isEnd }) => ({ epoch, isEnd }))).toEqual([
      { epoch: 7, isEnd: false },
      { epoch: 7, isEnd: false },
    ]);
    expect(failed).toMatchObject({ errorCode: 6, messages: [] });
  });

  it('the fetch decoder leaves a partition with records of an older format to kafkajs', async () => {
    const records = batchBytes({ baseOffset: 0, records: values('a', 1), magic: 1 });
    const raw = answerBytes('in', [{ partition: 0, records }]);
    const options = { fetchOffset: () => 0, epoch: 1, allowance: plenty(), ends: () => {}, log: quietLog };
    expect(await readFetchAnswer(raw, { version: 11, ...options })).toBeUndefined();
  });

  it('the fetch decoder refuses a response that is cut off', async () => {
    const raw = answerBytes('in', [{ partition: 0, records: Buffer.alloc(0) }]);
    const options = { fetchOffset: () => 0, epoch: 1, allowance: plenty(), ends: () => {}, log: quietLog };
    await expect(
      readFetchAnswer(raw.subarray(0, raw.length - 5), { version: 11, ...options }),
    ).rejects.toThrow(RangeError);
  });
});

describe('how much of an answer is read', () => {
  it('the fetch decoder reads a batch of 200,000 records completely if the allowance is large enough', async () => {
    const found = await read([
      {
        baseOffset: 0,
        records: Array.from({ length: 200_000 }, () => ({})),
        codec: GZIP,
        compress: gzipSync,
      },
    ]);
    expect(found).toHaveLength(200_000);
    expect(found.at(-1)!.offset).toBe('199999');
  });

  it('the fetch decoder delivers every record exactly once and in order, however small the allowance of each fetch is', async () => {
    const batches: TestBatch[] = [
      { baseOffset: 0, records: values('a', 7) },
      { baseOffset: 7, records: values('b', 5), codec: GZIP, compress: gzipSync },
      { baseOffset: 12, mark: 'commit', producerId: 4 },
      { baseOffset: 13, records: values('c', 1) },
      { baseOffset: 14, records: values('d', 9), codec: GZIP, compress: gzipSync },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ bytes: fc.integer({ min: 1, max: 200 }), objects: fc.integer({ min: 1, max: 8 }) }),
          {
            minLength: 1,
          },
        ),
        async (allowances) => {
          const seen: number[] = [];
          let from = 0;
          for (let fetch = 0; from < 23; fetch++) {
            const found = await read(batches, {
              from,
              allowance: { ...allowances[fetch % allowances.length]! },
            });
            seen.push(...offsetsOf(found.filter(({ isEnd }) => !isEnd)));
            expect(Number(found.at(-1)!.offset)).toBeGreaterThanOrEqual(from);
            from = Number(found.at(-1)!.offset) + 1;
          }
          expect(seen).toEqual([
            0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22,
          ]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('the fetch decoder decompresses nothing more in any partition once the allowance is used up', async () => {
    let inflated = 0;
    const gzip = CompressionCodecs[GZIP];
    const codec = gzip() as { decompress(bytes: Buffer): Promise<Buffer> };
    CompressionCodecs[GZIP] = () => ({
      ...codec,
      decompress: (bytes: Buffer) => {
        inflated++;
        return codec.decompress(bytes);
      },
    });
    const long = { value: 'x'.repeat(1000) };
    const records = Buffer.concat(
      [0, 1, 2].map((baseOffset) =>
        batchBytes({ baseOffset, records: [long], codec: GZIP, compress: gzipSync }),
      ),
    );
    const allowance = { bytes: 1500, objects: 100 };
    const answer = await readFetchAnswer(
      answerBytes('in', [
        { partition: 0, records },
        { partition: 1, records },
      ]),
      { version: 11, fetchOffset: () => 0, epoch: 1, allowance, ends: () => {}, log: quietLog },
    );
    const [first, second] = answer!.responses[0]!.partitions;
    expect(offsetsOf(first!.messages)).toEqual([0, 1]);
    expect(second!.messages).toEqual([]);
    expect(inflated).toBe(2);
    expect(allowance).toEqual({ bytes: 1500 - 2 * 1009, objects: 98 });
  });

  it('the fetch decoder counts headers like records, and does not open a record with more than 10,000 headers', async () => {
    const headers = (count: number) => Array.from({ length: count }, (_, i) => [`h${i}`, null] as const);
    const allowance = { bytes: 1, objects: 5 };
    const batches: TestBatch[] = [
      { baseOffset: 0, records: [{ headers: headers(3) }, { headers: headers(9) }, { value: 'later' }] },
    ];
    expect(offsetsOf(await read(batches, { allowance }))).toEqual([0, 1]);
    const [many, next] = await read([
      { baseOffset: 0, records: [{ value: 'text', headers: headers(10_001) }, { value: 'next' }] },
    ]);
    expect(JSON.parse(many!.value!.toString()).sluice).toBe(
      'this record was not opened: it has 10001 headers',
    );
    expect(many).toMatchObject({ offset: '0', headers: {}, objects: 1 });
    expect(next!.value!.toString()).toBe('next');
    const [most] = await read([{ baseOffset: 0, records: [{ headers: headers(10_000) }] }]);
    expect(Object.keys(most!.headers)).toHaveLength(10_000);
  });

  it('the fetch decoder accepts a header that is named like a property that every object has', async () => {
    const [record] = await read([
      {
        baseOffset: 0,
        records: [
          {
            headers: [
              ['__proto__', 'a'],
              ['toString', 'b'],
              ['toString', 'c'],
              ['toString', 'd'],
              ['__proto__', 'e'],
            ],
          },
        ],
      },
    ]);
    expect(Object.getPrototypeOf(record!.headers)).toBe(Object.prototype);
    expect(Object.entries(record!.headers).map(([name, value]) => [name, String(value)])).toEqual([
      ['__proto__', 'a,e'],
      ['toString', 'b,c,d'],
    ]);
  });
});

describe('what is not delivered', () => {
  it('the fetch decoder delivers no records before the requested offset, but the rest of their batch', async () => {
    expect(offsetsOf(await read([{ baseOffset: 0, records: values('a', 5) }], { from: 3 }))).toEqual([3, 4]);
  });

  it('the fetch decoder does not deliver a batch that is cut off at the end of a response', async () => {
    const whole = batchBytes({ baseOffset: 0, records: values('a', 2) });
    const cut = batchBytes({ baseOffset: 2, records: values('b', 2) });
    expect(offsetsOf(await read([whole, cut.subarray(0, cut.length - 1)]))).toEqual([0, 1]);
    expect(offsetsOf(await read([whole, cut.subarray(0, 40)]))).toEqual([0, 1]);
    expect(await read([cut.subarray(0, 60)])).toEqual([]);
  });

  it('the fetch decoder does not deliver transaction markers, and reports how far it read if there is nothing else', async () => {
    const found = await read([
      { baseOffset: 4, records: values('a', 2), isTransactional: true, producerId: 9 },
      { baseOffset: 6, mark: 'commit', producerId: 9 },
    ]);
    expect(found.map(({ offset, isEnd }) => [offset, isEnd])).toEqual([
      ['4', false],
      ['5', false],
      ['6', true],
    ]);
    expect(
      (await read([{ baseOffset: 6, mark: 'commit' }])).map(({ offset, isEnd }) => [offset, isEnd]),
    ).toEqual([['6', true]]);
  });

  it('the fetch decoder delivers no messages of aborted transactions, even if two overlap and a third is committed', async () => {
    const batches: TestBatch[] = [
      { baseOffset: 0, records: values('first', 2), isTransactional: true, producerId: 1 },
      { baseOffset: 2, records: values('second', 2), isTransactional: true, producerId: 2 },
      { baseOffset: 4, records: values('plain', 1), producerId: 1 },
      { baseOffset: 5, records: values('third', 1), isTransactional: true, producerId: 3 },
      { baseOffset: 6, mark: 'abort', producerId: 1 },
      { baseOffset: 7, records: values('again', 1), isTransactional: true, producerId: 1 },
      { baseOffset: 8, mark: 'abort', producerId: 2 },
      { baseOffset: 9, mark: 'commit', producerId: 3 },
      { baseOffset: 10, mark: 'commit', producerId: 1 },
      { baseOffset: 11, records: values('single', 1), isTransactional: true, producerId: 3 },
      { baseOffset: 12, mark: 'abort', producerId: 3 },
    ];
    const aborted = [
      { producerId: 3, firstOffset: 11 },
      { producerId: 2, firstOffset: 2 },
      { producerId: 1, firstOffset: 0 },
    ];
    const delivered = async (from: number) =>
      textsOf((await read(batches, { from, partition: { aborted } })).filter(({ isEnd }) => !isEnd));
    expect(await delivered(0)).toEqual(['plain-0', 'third-0', 'again-0']);
    // kafkajs shows the message at 3 to a fetch that begins there: it takes up one aborted transaction a message.
    expect(await delivered(3)).toEqual(['plain-0', 'third-0', 'again-0']);
    expect((await read(batches, { from: 3, partition: { aborted } })).at(-1)).toMatchObject({
      offset: '12',
      isEnd: true,
    });
  });

  it('the fetch decoder skips offsets that compaction has removed, up to the end of the batch', async () => {
    const gaps: TestBatch[] = [
      { baseOffset: 0, records: [{ value: 'a' }, { value: 'b', offsetDelta: 3 }], lastOffset: 9 },
      { baseOffset: 10, records: [], lastOffset: 14, count: 0 },
    ];
    expect((await read(gaps)).map(({ offset, isEnd }) => [offset, isEnd])).toEqual([
      ['0', false],
      ['3', false],
      ['14', true],
    ]);
    expect(offsetsOf(await read(gaps, { from: 5 }))).toEqual([14]);
  });
});

describe('batches that cannot be read', () => {
  let log: RecordedLog;
  beforeEach(() => {
    log = new RecordedLog();
  });
  afterEach(() => installCodecs(64 * 1024 * 1024));

  const reasonsOf = (records: readonly FetchedRecord[]) =>
    records.map(({ value }) => (JSON.parse(value!.toString()) as { sluice: string }).sluice);

  it('the fetch decoder replaces each record of a batch that decompresses beyond the limit at its own offset, and reads what follows', async () => {
    installCodecs(1000);
    const found = await read(
      [
        {
          baseOffset: 3,
          records: values('x'.repeat(400), 3),
          codec: GZIP,
          compress: gzipSync,
          lastOffset: 8,
        },
        { baseOffset: 9, records: values('after', 1) },
      ],
      { from: 3, log },
    );
    expect(offsetsOf(found)).toEqual([3, 4, 8, 9]);
    for (const reason of reasonsOf(found.slice(0, 3)))
      expect(reason).toMatch(
        /^this record was not opened: its batch of \d+ bytes is broken or inflates to too much$/,
      );
    expect(textsOf(found).at(-1)).toBe('after-0');
    expect(log.of('error')).toEqual([
      'a batch of records could not be read; its messages become dead letters',
    ]);
  });

  it('the fetch decoder delivers the records before a defect within a batch, and replaces those after it', async () => {
    const good = batchBytes({ baseOffset: 0, records: values('a', 4) });
    const broken = Buffer.from(good);
    // The length of the third record now reaches beyond the batch.
    const recordLength = (good.length - 61) / 4;
    broken[61 + 2 * recordLength] = 0x7e;
    const found = await read([broken, { baseOffset: 4, records: values('b', 1) }], { log });
    expect(textsOf(found).slice(0, 2)).toEqual(['a-0', 'a-1']);
    expect(offsetsOf(found)).toEqual([0, 1, 2, 3, 4]);
    expect(reasonsOf(found.slice(2, 4))[0]).toContain('broken');
  });

  it('the fetch decoder replaces the records of a batch with garbage instead of compressed data, or with an unknown codec', async () => {
    const garbage = () => Buffer.from('this is no gzip');
    const found = await read(
      [
        { baseOffset: 0, records: values('a', 1), codec: GZIP, compress: garbage },
        { baseOffset: 1, records: values('a', 1), codec: 7 },
      ],
      { log },
    );
    expect(offsetsOf(found)).toEqual([0, 1]);
    expect(reasonsOf(found)).toHaveLength(2);
  });

  it('the fetch decoder replaces a batch of more than 100,000 records, or with an unreadable header, by one record', async () => {
    installCodecs(1000);
    const compress = () => gzipSync(Buffer.alloc(2000));
    const unsound = [
      { baseOffset: 0, count: 100_001, lastOffset: 100_000, codec: GZIP, compress },
      { baseOffset: 100_001, count: 5, lastOffset: 100_003, codec: GZIP, compress },
      { baseOffset: 100_004, count: -3, lastOffset: 100_010, codec: GZIP, compress },
    ];
    const found = await read(unsound, { log });
    expect(offsetsOf(found)).toEqual([100_000, 100_003, 100_010]);
    expect(reasonsOf(found)[0]).toMatch(
      /^100001 records from offset 0 to 100000 were not opened: its batch of/,
    );
    const most = await read([{ ...unsound[0]!, count: 100_000, lastOffset: 99_999 }], { log });
    expect(most).toHaveLength(100_000);
  });

  it('the fetch decoder fails a fetch if memory or a codec is missing, because the messages may be valid', async () => {
    const batches = [{ baseOffset: 0, records: values('a', 1), codec: GZIP, compress: gzipSync }];
    const failing = (error: Error) => {
      CompressionCodecs[GZIP] = () => ({ decompress: () => Promise.reject(error) });
    };
    for (const error of [
      Object.assign(new Error('out of it'), { code: 'Z_MEM_ERROR' }),
      new RangeError('Array buffer allocation failed'),
      new Error('Allocation error : not enough memory'),
    ]) {
      failing(error);
      await expect(read(batches, { log })).rejects.toBe(error);
    }
    CompressionCodecs[GZIP] = () => {
      throw new TypeError('no such codec');
    };
    await expect(read(batches, { log })).rejects.toThrow('no such codec');
    expect(log.lines).toEqual([]);
  });
});
