import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageSchema, readMessage } from '../../../src/core/message.ts';

const field = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constant([]),
  fc.constant({}),
);

describe('reading a message', () => {
  it('takes exactly what the schema takes, whatever the fields are', () => {
    const record = fc.record(
      {
        message: field,
        message_id: field,
        community: field,
        sender: field,
        language: field,
        sent_at: field,
        other: field,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(record, (value) => {
        const json = JSON.stringify(value);
        expect(readMessage(json).ok).toBe(messageSchema.safeParse(JSON.parse(json)).success);
      }),
      { numRuns: 5000 },
    );
  });

  it('says why for each thing that is no message', () => {
    const reasonOf = (json: string) => {
      const read = readMessage(json);
      return read.ok ? 'read' : read.reason;
    };
    expect(reasonOf('')).toBe('empty');
    expect(reasonOf('  \t')).toBe('empty');
    expect(reasonOf('{"message":')).toBe('not-json');
    expect(reasonOf('[1]')).toBe('not-an-object');
    expect(reasonOf('null')).toBe('not-an-object');
    expect(reasonOf('{"message_id":"1"}')).toBe('missing-message');
    expect(reasonOf('{"message":"a","message_id":""}')).toBe('missing-message-id');
    expect(reasonOf('{"message":1,"message_id":"1"}')).toBe('wrong-type');
    expect(reasonOf('['.repeat(60_000))).toBe('not-json');
  });

  it('fills in the empty community and leaves out what is not there', () => {
    const read = readMessage('{"message":"hello","message_id":"7","x":1}');
    expect(read).toEqual({ ok: true, message: { message: 'hello', message_id: '7', community: '' } });
  });
});
