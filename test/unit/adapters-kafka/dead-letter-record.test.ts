import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  deadLetterOfMessage,
  deadLetterOfRecord,
  recordOfDeadLetter,
} from '../../../src/adapters/kafka/dead-letter-record.ts';
import { copiedHeaders } from '../../../src/adapters/kafka/record-headers.ts';
import { recordBytes } from '../../../src/adapters/kafka/record-size.ts';
import type { DeadLetter } from '../../../src/core/dead-letter.ts';

const letterOf = (parts: Partial<DeadLetter> = {}): DeadLetter => ({
  position: { topic: 'chat', partition: 3, offset: 9 },
  reason: 'not-json',
  detail: 'the text is not JSON',
  bytes: Uint8Array.from(Buffer.from('{"message')),
  ...parts,
});

/** What a reader of the topic finds. */
const readBack = (letter: DeadLetter, most?: number) => {
  const { key, value, headers } = recordOfDeadLetter(letter, most);
  return deadLetterOfRecord({
    key: key as Buffer | null,
    value: value as Buffer,
    headers: headers!,
    timestamp: '5',
  });
};

const headersOf = (...sizes: readonly number[]) =>
  Object.fromEntries(sizes.map((size, i) => [`h${i}`, new Uint8Array(size).fill(i)]));

describe('a dead letter as a record', () => {
  it('a dead letter in a record is read with the same bytes, key, time and headers, whatever their names', () => {
    const headers = Object.fromEntries([
      ['__proto__', Uint8Array.of(1, 2)],
      ['traceparent', Uint8Array.of(3)],
    ]);
    const letter = letterOf({ headers, key: Uint8Array.of(7), timestamp: 1_700_000_000_123 });
    const { recordedAt, ...found } = readBack(letter);
    expect(found).toEqual(letter);
    expect(Object.keys(found.headers!)).toEqual(['__proto__', 'traceparent']);
    const { key, value, headers: sent } = recordOfDeadLetter(letter);
    const message = {
      offset: 0,
      nextOffset: 1,
      receivedElapsed: 0,
      bytes: value as Buffer,
      key: key as Buffer,
      headers: copiedHeaders(sent)!,
    };
    expect(Object.keys(deadLetterOfMessage(message).headers!)).toEqual(['__proto__', 'traceparent']);
  });

  it('a dead letter in a record is as small as requested, and states what was cut', () => {
    const part = fc.integer({ min: 0, max: 3000 });
    fc.assert(
      fc.property(part, fc.array(part, { maxLength: 5 }), part, part, (value, headers, key, room) => {
        const letter = letterOf({
          bytes: new Uint8Array(value).fill(120),
          headers: headersOf(...headers),
          ...(key === 0 ? {} : { key: new Uint8Array(key) }),
        });
        const most = 400 + room;
        const record = recordOfDeadLetter(letter, most);
        expect(recordBytes(record)).toBeLessThanOrEqual(most);
        const found = readBack(letter, most);
        expect(found.bytes).toEqual(letter.bytes.slice(0, found.bytes.length));
        expect(found.cutFromBytes).toBe(found.bytes.length < value ? value : undefined);
        const left = headers.length - Object.keys(found.headers ?? {}).length;
        expect(record.headers!['sluice-headers-left-out']).toBe(left === 0 ? undefined : String(left));
        expect(record.headers!['sluice-key-left-out-bytes']).toBe(
          found.key === undefined && key > 0 ? String(key) : undefined,
        );
      }),
    );
  });

  it('a dead letter in a record loses the end of the message before any header, if headers take at most half of the room', () => {
    const letter = letterOf({
      bytes: new Uint8Array(5000),
      headers: headersOf(300, 300),
      key: Uint8Array.of(1),
    });
    const found = readBack(letter, 2000);
    expect(Object.keys(found.headers!)).toHaveLength(2);
    expect(found.key).toEqual(Uint8Array.of(1));
    expect(found.bytes.length).toBeGreaterThan(500);
    expect(found.cutFromBytes).toBe(5000);
  });

  it('a dead letter in a record loses headers, the largest first, if the message is short', () => {
    const letter = letterOf({ headers: headersOf(50, 1_048_000, 60) });
    const found = readBack(letter, 500_000);
    expect(Buffer.from(found.bytes).toString()).toBe('{"message');
    expect(Object.keys(found.headers!)).toEqual(['h0', 'h2']);
    expect(found.cutFromBytes).toBeUndefined();
  });

  it('a dead letter in a record does not return the notes about what was cut as headers of the message', () => {
    const found = readBack(letterOf({ headers: headersOf(9000), key: new Uint8Array(9000) }), 1000);
    expect(found.headers).toBeUndefined();
  });
});
