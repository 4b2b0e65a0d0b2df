import fc from 'fast-check';
import type { IHeaders } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { headersBytes, headersWithin, recordBytes } from '../../../src/adapters/kafka/record-size.ts';
import { batchBytes } from './fake-producer.ts';

/** What a batch has beside its records. */
const BATCH_BYTES = 61;
const bytes = fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each));
const headers = fc
  .array(
    fc.tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 9 }), fc.oneof(bytes, fc.array(bytes))),
    {
      maxLength: 6,
    },
  )
  .map((entries): IHeaders => Object.fromEntries(entries));
const message = fc.record({
  key: fc.oneof(fc.constant(null), bytes, fc.string({ unit: 'binary' })),
  value: fc.oneof(bytes, fc.string({ unit: 'binary', maxLength: 300 })),
  headers,
});

describe('the size of a record', () => {
  it('the size of a Kafka record is estimated a little above what kafkajs sends, never below', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
        const sent = (await batchBytes(messages)) - BATCH_BYTES;
        const estimated = messages.reduce((sum, each) => sum + recordBytes(each), 0);
        const fields = messages.reduce((sum, each) => sum + 1 + Object.values(each.headers).flat().length, 0);
        expect(estimated).toBeGreaterThanOrEqual(sent);
        expect(estimated).toBeLessThanOrEqual(sent + 40 * fields);
      }),
    );
  });

  it('the size of a Kafka record is kept within a limit by removing the largest headers', () => {
    fc.assert(
      fc.property(headers, fc.integer({ min: 0, max: 800 }), (all, most) => {
        const { headers: kept, left } = headersWithin(all, most);
        expect(headersBytes(kept)).toBeLessThanOrEqual(most);
        expect(Object.keys(kept).length + left).toBe(Object.keys(all).length);
        expect(Object.keys(kept)).toEqual(Object.keys(all).filter((name) => Object.hasOwn(kept, name)));
        const sizeOf = (name: string) => headersBytes({ [name]: all[name] });
        const dropped = Object.keys(all).filter((name) => !Object.hasOwn(kept, name));
        for (const name of Object.keys(kept))
          for (const other of dropped) expect(sizeOf(name)).toBeLessThanOrEqual(sizeOf(other));
      }),
    );
  });

  it('the size of a Kafka record counts the bytes of text, each value of a header with its name, and nothing for what is missing', () => {
    expect(recordBytes({ value: null })).toBe(40);
    expect(recordBytes({ key: 'é', value: Buffer.from('abc'), headers: {} })).toBe(40 + 2 + 3);
    expect(headersBytes(undefined)).toBe(0);
    expect(headersBytes({ é: ['a', Buffer.from('bc')], empty: undefined })).toBe(12 + 1 + (12 + 2) + 15);
  });

  it('the size of a Kafka record may equal the limit, and of headers of the same size the first ones stay', () => {
    const three = { b: '1', a: '2', c: '3' };
    expect(headersWithin(three, 24)).toEqual({ headers: { b: '1', a: '2' }, left: 1 });
    expect(headersWithin(three, 23)).toEqual({ headers: { b: '1' }, left: 2 });
    // In the order in which they came, not in that of their sizes.
    expect(Object.keys(headersWithin({ long: 'xxxxx', b: '1' }, 100).headers)).toEqual(['long', 'b']);
    // Behind one that does not fit comes none that is as large.
    expect(headersWithin({ long: 'xxxxx', b: '1', longer: 'xxxxxx' }, 12)).toEqual({
      headers: { b: '1' },
      left: 2,
    });
  });
});
