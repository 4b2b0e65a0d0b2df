import { gzipSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import { beforeEach, describe, expect, it } from 'vitest';
import { installCodecs } from '../../../src/adapters/kafka/codecs.ts';
import type { FetchAnswer } from '../../../src/adapters/kafka/fetch-answer.ts';
import type { FetchedRecord } from '../../../src/adapters/kafka/fetched-record.ts';
import { fetchAllowance, MemberFetches } from '../../../src/adapters/kafka/member-fetches.ts';
import { quietLog } from '../../contract/temporary-folder.ts';
import { TurnClock } from '../pipeline/fakes.ts';
import { answerBytes, batchBytes, type TestBatch } from './fetch-bytes.ts';

const MEBIBYTE = 1024 * 1024;
const GZIP = kafkajs.CompressionTypes.GZIP;
beforeEach(() => installCodecs(64 * MEBIBYTE));

function fetches() {
  const clock = new TurnClock();
  return { clock, member: new MemberFetches({ log: quietLog, clock, ends: () => {} }) };
}

/** Sends a fetch from an offset; what it returns takes the answer. */
function sent(member: MemberFetches, nodeId: number, from = 0, version = 11) {
  const made = member.fetching(
    nodeId,
    { topics: [{ topic: 'in', partitions: [{ partition: 0, fetchOffset: String(from) }] }] },
    {
      request: { apiVersion: version },
      response: {
        decode: async () => ({
          responses: [{ partitions: [{ messages: [{ offset: '0', of: 'kafkajs' }] }] }],
        }),
      },
    },
  );
  return async (...batches: readonly TestBatch[]): Promise<readonly FetchedRecord[]> => {
    const records = Buffer.concat(batches.map(batchBytes));
    const answer = await made.response.decode(answerBytes('in', [{ partition: 0, records }], { version }));
    return (answer as FetchAnswer).responses[0]!.partitions[0]!.messages;
  };
}

/** One record that inflates to so many MiB. */
const inflating = (mebibytes: number, baseOffset = 0): TestBatch => ({
  baseOffset,
  records: [{ value: Buffer.alloc(mebibytes * MEBIBYTE) }],
  codec: GZIP,
  compress: gzipSync,
});
const plain = (count: number, baseOffset = 0): TestBatch => ({
  baseOffset,
  records: Array.from({ length: count }, () => ({ value: 'v' })),
});

describe('the fetches of a member', () => {
  it('the fetches of a member count only for the membership in which they were sent', async () => {
    const { member } = fetches();
    const early = sent(member, 1);
    member.joined();
    const now = sent(member, 1);
    expect(await early(plain(1))).toEqual([]);
    const [record] = await now(plain(1));
    expect(member.isMember).toBe(true);
    expect(member.isCurrent(record!)).toBe(true);
    const late = sent(member, 1);
    member.left();
    expect(member.isMember).toBe(false);
    expect(member.isCurrent(record!)).toBe(false);
    const between = sent(member, 1);
    expect(await late(plain(1))).toEqual([]);
    member.left();
    member.joined();
    expect(member.isCurrent(record!)).toBe(false);
    expect(await between(plain(1))).toEqual([]);
    member.joined();
    expect(member.isMember).toBe(true);
    expect(await sent(member, 1)(plain(1))).toHaveLength(1);
  });

  it('the fetches of a member together decompress no more than the allowance and one batch, over all brokers, until the messages are taken', async () => {
    const { member } = fetches();
    member.joined();
    const limit = fetchAllowance.bytes / MEBIBYTE;
    const [ofOne, ofTwo, ofThree] = [1, 2, 3].map((nodeId) => sent(member, nodeId));
    expect(await ofOne!(inflating(limit - 1), inflating(2, 1), inflating(1, 2))).toHaveLength(2);
    expect(await ofTwo!(inflating(1))).toEqual([]);
    member.taken(1);
    expect(await ofThree!(inflating(1))).toHaveLength(1);
    // Side by side neither may count on what the other uses up.
    const both = [1, 2].map((nodeId) => sent(member, nodeId)(inflating(limit)));
    expect((await Promise.all(both)).map(({ length }) => length)).toEqual([1, 0]);
  });

  it('the fetches of a member together return no more records and headers than the allowance', async () => {
    const { member } = fetches();
    member.joined();
    const all = plain(fetchAllowance.objects + 10);
    const first = await sent(member, 1)(all);
    expect(first).toHaveLength(fetchAllowance.objects);
    expect(await sent(member, 2)(plain(1))).toEqual([]);
    member.taken(1);
    expect(await sent(member, 1, fetchAllowance.objects)(all)).toHaveLength(10);
  });

  it('the fetches of a member slow down only for a broker whose records cannot be read at present', async () => {
    const { member, clock } = fetches();
    member.joined();
    expect(await sent(member, 1)()).toEqual([]);
    expect(await sent(member, 1)(plain(1))).toHaveLength(1);
    expect(await sent(member, 1, 1)({ baseOffset: 1, mark: 'abort' })).toHaveLength(1);
    expect(clock.sleeps).toEqual([]);
    await sent(member, 2)(inflating(fetchAllowance.bytes / MEBIBYTE));
    expect(await sent(member, 1, 2)(plain(1, 2))).toEqual([]);
    expect(clock.sleeps).toEqual([0.1]);
    const old = sent(member, 1, 2);
    member.left();
    expect(await old(plain(1, 2))).toEqual([]);
    expect(clock.sleeps).toEqual([0.1]);
  });

  it.each([3, 12])(
    'the fetches of a member are decoded by kafkajs if the version of the request is unknown: %i',
    async (version) => {
      const { member } = fetches();
      member.joined();
      const [record] = await sent(member, 1, 0, version)(plain(1));
      expect(record).toMatchObject({ offset: '0', of: 'kafkajs', isEnd: false });
      expect(member.isCurrent(record!)).toBe(true);
      member.left();
      const [whileJoining] = await sent(member, 1, 0, version)(plain(1));
      expect(member.isCurrent(whileJoining!)).toBe(false);
    },
  );

  it('the fetches of a member are decoded by kafkajs if the records have an older format', async () => {
    const { member } = fetches();
    member.joined();
    const [record] = await sent(member, 1)({ ...plain(1), magic: 1 });
    expect(record).toMatchObject({ of: 'kafkajs', objects: 1, isEnd: false });
    expect(member.isCurrent(record!)).toBe(true);
  });

  it('the fetches of a member continue after an invalid response', async () => {
    const { member } = fetches();
    member.joined();
    const made = member.fetching(
      1,
      { topics: [] },
      { request: { apiVersion: 11 }, response: { decode: async () => ({}) } },
    );
    await expect(made.response.decode(Buffer.alloc(3))).rejects.toThrow(RangeError);
    expect(await sent(member, 1)(plain(1))).toHaveLength(1);
  });
});
