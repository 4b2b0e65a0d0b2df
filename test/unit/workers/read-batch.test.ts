import { describe, expect, it } from 'vitest';
import type { DecisionPolicy } from '../../../src/core/decision-policy.ts';
import { PackedMessages, packMessages } from '../../../src/scoring/score-protocol.ts';
import { readBatch } from '../../../workers/read-batch.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const good = (id: string, text = 'hello') => utf8(JSON.stringify({ message: text, message_id: id }));
const policy: DecisionPolicy = {
  default: { rejectMin: 0.5, rejectMax: 0.7 },
  communities: {},
  exactScores: 'notHam',
  maxMessageBytes: 1000,
};
const read = (...batch: Uint8Array[]) => {
  const rows = readBatch(new PackedMessages(packMessages(batch)), policy);
  const messages = Array.from({ length: rows.size }, (_, row) => rows.message(row));
  return { rows, messages, indices: [...rows.indices.subarray(0, rows.size)], unreadable: rows.unreadable };
};

describe('reading a batch', () => {
  it('reading a batch reads the valid messages whatever is between them', () => {
    const { indices, messages, unreadable } = read(
      good('a'),
      utf8(''),
      utf8('{'),
      utf8('[]'),
      utf8('{"message":"x"}'),
      utf8('{"message":7,"message_id":"y"}'),
      Uint8Array.of(0x7b, 0xff, 0x7d),
      good('b', 'x'.repeat(2000)),
      good('c', 'ein Gruß \u0000 🙂'),
    );
    expect(indices).toEqual([0, 8]);
    expect(messages.map((m) => m.message_id)).toEqual(['a', 'c']);
    expect(messages[1]!.message).toBe('ein Gruß \u0000 🙂');
    expect(unreadable.map((u) => [u.index, u.reason])).toEqual([
      [1, 'empty'],
      [2, 'not-json'],
      [3, 'not-an-object'],
      [4, 'missing-message-id'],
      [5, 'wrong-type'],
      [6, 'invalid-utf8'],
      [7, 'too-large'],
    ]);
  });

  it('reading a batch accepts a message of exactly the maximum number of bytes, and none with one more', () => {
    const ofBytes = (bytes: number) => good('a', 'x'.repeat(bytes - good('a', '').length));
    const { indices, unreadable } = read(ofBytes(1000), ofBytes(1001));
    expect(indices).toEqual([0]);
    expect(unreadable).toEqual([
      { index: 1, reason: 'too-large', detail: expect.stringContaining('1001 bytes') },
    ]);
  });

  it('reading a batch reads null as missing, numbers as ids by their digits, and skips a byte order mark, with and without the fast path', () => {
    const texts = [
      '{"message":"a","message_id":123456789012345678,"sender":null,"community":null,"language":null}',
      '{"message":"\\u0061","message_id":123456789012345678,"sender":null,"community":null,"other":1}',
      '\ufeff{"message":"a","message_id":123456789012345678}',
    ];
    const { messages, unreadable } = read(...texts.map(utf8));
    expect(unreadable).toEqual([]);
    expect(messages).toEqual(
      texts.map(() => ({ message: 'a', message_id: '123456789012345678', community: '' })),
    );
  });

  it('reading a batch does not accept two halves of one character in neighboring messages as text', () => {
    const [first, second] = utf8('ä');
    const { unreadable } = read(
      Uint8Array.of(...utf8('{"message":"'), first!),
      Uint8Array.of(second!, ...utf8('","message_id":"1"}')),
    );
    expect(unreadable.map((u) => u.index)).toEqual([0, 1]);
  });

  it('reading a batch applies to each message the limits of its community, with and without the fast path', () => {
    const shop = { rejectMin: 0.1, rejectMax: 0.2 };
    const batch = [
      utf8('{"message":"a","message_id":"1","community":"shop"}'),
      utf8('{"message":"\\u0061","message_id":"2","community":"shop"}'),
      utf8('{"message":"a","message_id":"3"}'),
      utf8('{"message":"a","message_id":"4","community":"\\u0073hop"}'),
    ];
    const rows = readBatch(new PackedMessages(packMessages(batch)), { ...policy, communities: { shop } });
    const limits = Array.from({ length: rows.size }, (_, row) => rows.thresholdsOf(row));
    expect(limits).toEqual([shop, shop, policy.default, shop]);
  });

  it('reading a batch never includes message text in the reason why something is not JSON', () => {
    const { unreadable } = read(utf8('{"message": SECRET WORDS}'), utf8('{"message":"SECRET" "message_id"}'));
    for (const { detail } of unreadable) expect(detail).not.toContain('SECRET');
    expect(unreadable).toHaveLength(2);
  });
});
