import { describe, expect, it } from 'vitest';
import type { FetchedRecord } from '../../../src/adapters/kafka/fetched-record.ts';
import { PartitionBuffer } from '../../../src/adapters/kafka/partition-buffer.ts';
import { upTo } from './opened-source.ts';

const record = (
  offset: number,
  value: string | null = `v${offset}`,
  key: string | null = null,
): FetchedRecord => ({
  attributes: 0,
  offset: String(offset),
  timestamp: String(1000 + offset),
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: {},
  objects: 1,
  epoch: 1,
  isEnd: false,
});
const records = (from: number, count: number) => upTo(count, from).map((offset) => record(offset));
const limits = { maxMessages: 10, maxAgeSeconds: 5, maxBatchBytes: 1000 };
const buffer = () => new PartitionBuffer('in', 4, 3);

describe('PartitionBuffer', () => {
  it('PartitionBuffer copies values and keys out of the response, into no more memory than they need', () => {
    const answer = Buffer.from('....value....key....');
    const at = buffer();
    at.take(
      [{ ...record(0), value: answer.subarray(4, 9), key: answer.subarray(13, 16) }, record(1, null)],
      2,
      7,
    );
    answer.fill(0);
    const [first, second] = at.give(limits).messages;
    expect(Buffer.from(first!.bytes).toString()).toBe('value');
    expect(Buffer.from(first!.key!).toString()).toBe('key');
    expect(first!.bytes.buffer.byteLength).toBe(5);
    expect(first!.key!.buffer.byteLength).toBe(3);
    expect(first).toMatchObject({ receivedElapsed: 7, timestamp: 1000 });
    expect(second!.bytes).toHaveLength(0);
  });

  it('PartitionBuffer gives each message its own key and headers, and one without a value as a tombstone', () => {
    const at = buffer();
    const withHeaders = { ...record(0, 'a', 'first'), headers: { h: Buffer.from('x') } };
    at.take([withHeaders, record(1, null, 'second'), record(2, 'c', 'third'), record(3)], 4, 0);
    const given = at.give(limits).messages;
    expect(given.map(({ key }) => key && Buffer.from(key).toString())).toEqual([
      'first',
      'second',
      'third',
      undefined,
    ]);
    const always = ['offset', 'nextOffset', 'bytes', 'receivedElapsed', 'timestamp'];
    expect(given.map((message) => Object.keys(message).filter((name) => !always.includes(name)))).toEqual([
      ['headers', 'key'],
      ['tombstone', 'key'],
      ['key'],
      [],
    ]);
    expect(Buffer.from(given[0]!.headers!.h as Uint8Array).toString()).toBe('x');
  });

  it('PartitionBuffer ends a batch with the message that reaches the limit of bytes, and counts what remains', () => {
    const at = buffer();
    expect(at.paused).toBe(false);
    at.take([record(0, 'x'.repeat(400)), record(1, 'x'.repeat(600)), record(2), record(3)], 4, 0);
    expect(at.give(limits).messages.map(({ offset }) => offset)).toEqual([0, 1]);
    expect(at.count).toBe(2);
  });

  it('PartitionBuffer returns batches that end at the limit of messages or of bytes, in order, each ending where its last message does', () => {
    const at = buffer();
    at.take(records(0, 12), 15, 0);
    at.take([record(20, 'x'.repeat(600)), record(21, 'x'.repeat(600)), record(22)], 23, 0);
    const given = [at.give(limits), at.give(limits), at.give(limits)];
    expect(given.map(({ messages }) => messages.map(({ offset }) => offset))).toEqual([
      upTo(10),
      [10, 11, 20, 21],
      [22],
    ]);
    expect(given.map(({ nextOffset }) => nextOffset)).toEqual([10, 22, 23]);
    expect(given[0]).toMatchObject({ topic: 'in', partition: 4, epoch: 3 });
    // Behind the last record of a fetch there may be marks of transactions.
    expect(given[1]!.messages[1]).toMatchObject({ offset: 11, nextOffset: 15 });
    expect(at.count).toBe(0);
    expect(at.dueAt(limits)).toBeUndefined();
  });

  it('PartitionBuffer is full at the limit of messages or bytes of a batch, and due when its first message is old enough', () => {
    const at = buffer();
    expect(at.isFull(limits)).toBe(false);
    at.take(records(0, 9), 9, 100);
    expect(at.isFull(limits)).toBe(false);
    at.take(records(9, 1), 10, 103);
    expect(at.isFull(limits)).toBe(true);
    expect(at.dueAt(limits)).toBe(105);
    at.give({ ...limits, maxMessages: 9 });
    expect(at.dueAt(limits)).toBe(108);
    const heavy = buffer();
    heavy.take([record(0, 'x'.repeat(999))], 1, 0);
    expect(heavy.isFull(limits)).toBe(false);
    heavy.take([record(1, 'x')], 2, 0);
    expect(heavy.isFull(limits)).toBe(true);
    heavy.give(limits);
    heavy.take([record(2, 'x'.repeat(999))], 3, 0);
    expect(heavy.isFull(limits)).toBe(false);
  });

  it('PartitionBuffer counts the bytes of its messages until they are returned, and gives each batch its number of bytes', () => {
    const at = buffer();
    const headers = { a: Buffer.from('12345'), b: [Buffer.from('1'), Buffer.from('2')] };
    const taken = at.take([record(0), { ...record(1, 'value', 'key'), headers }], 2, 0);
    expect(at.weight).toBe(taken);
    const first = at.give({ ...limits, maxMessages: 1 });
    const second = at.give(limits);
    expect(first.chargedBytes + second.chargedBytes).toBe(taken);
    // value, key, and three headers with their names and objects
    expect(second.chargedBytes - first.chargedBytes).toBe(5 - 2 + 3 + (1 + 1) + (5 + 1 + 1) + 3 * 128);
    expect(at.weight).toBe(0);
  });

  it('PartitionBuffer keeps nothing that it has returned, however much goes through it', () => {
    const at = buffer();
    const offsets: number[] = [];
    for (let from = 0; from < 3000; from += 30) {
      at.take(records(from, 30), from + 30, 0);
      for (let i = 0; i < 2 || at.count > 400; i++)
        offsets.push(...at.give(limits).messages.map(({ offset }) => offset));
    }
    while (at.count > 0) offsets.push(...at.give(limits).messages.map(({ offset }) => offset));
    expect(offsets).toEqual(upTo(3000));
    expect(at.weight).toBe(0);
  });

  it('PartitionBuffer allows a commit beyond what is settled if only transaction markers are left', () => {
    const at = buffer();
    at.take(records(0, 4), 4, 0);
    at.give({ ...limits, maxMessages: 2 });
    at.take([], 9, 0);
    // Two wait, and then two are given out and not settled.
    expect(at.committable(2)).toBe(2);
    at.give(limits);
    expect(at.committable(2)).toBe(2);
    expect(at.passed).toBeUndefined();
    expect(at.committable(4)).toBe(9);
    at.committed(9);
    expect(at.passed).toBeUndefined();
    at.take([], 11, 0);
    expect(at.passed).toBe(11);
    at.take(records(11, 1), 12, 0);
    expect(at.passed).toBeUndefined();
    expect(at.committable(9)).toBe(9);
  });

  it('PartitionBuffer has nothing to commit when fetching has only begun', () => {
    const at = buffer();
    expect(at.passed).toBeUndefined();
    expect(at.committable(5)).toBe(5);
    at.beginAt(3);
    expect(at.position).toBe(3);
    expect(at.passed).toBeUndefined();
    at.take([], 6, 0);
    at.beginAt(3);
    expect(at.position).toBe(6);
    expect(at.passed).toBe(6);
  });

  it('PartitionBuffer knows the time of the oldest message that is not committed', () => {
    const at = buffer();
    expect(at.oldestUncommitted).toBeUndefined();
    at.take(records(0, 6), 6, 0);
    expect(at.oldestUncommitted).toBe(1000);
    at.give({ ...limits, maxMessages: 2 });
    at.give({ ...limits, maxMessages: 2 });
    expect(at.oldestUncommitted).toBe(1000);
    at.committed(2);
    expect(at.oldestUncommitted).toBe(1002);
    at.committed(4);
    expect(at.oldestUncommitted).toBe(1004);
    at.give(limits);
    at.committed(6);
    expect(at.oldestUncommitted).toBeUndefined();
  });
});
