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
  it('readMessage accepts exactly what the schema accepts, whatever the fields are', () => {
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

  it('readMessage states the reason for everything that is not a message', () => {
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

  it.each(['community', 'sender', 'language', 'sent_at'])(
    'readMessage treats null in %s as a missing field',
    (field) => {
      const without = readMessage('{"message":"hello","message_id":"7"}');
      expect(readMessage(`{"message":"hello","message_id":"7","${field}":null}`)).toEqual(without);
      expect(without.ok).toBe(true);
    },
  );

  it('readMessage still requires a text and an id', () => {
    expect(readMessage('{"message":null,"message_id":"7"}')).toMatchObject({ reason: 'wrong-type' });
    expect(readMessage('{"message":"hello","message_id":null}')).toMatchObject({ reason: 'wrong-type' });
  });

  it('readMessage reads a whole number as id or sender by its digits as they are written', () => {
    const digits = fc
      .tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 40n }))
      .map(([sign, n]) => `${sign}${n}`);
    fc.assert(
      fc.property(digits, digits, fc.constantFrom('', ' ', '\n\t'), (id, sender, space) => {
        const json = `{"message":"sender\\\\\\":1","message_id"${space}:${space}${id}${space},"sender":${sender}}`;
        expect(readMessage(json)).toMatchObject({ ok: true, message: { message_id: id, sender } });
      }),
    );
    expect(readMessage('{"message":"a","message_id":123456789012345678}')).toMatchObject({
      message: { message_id: '123456789012345678' },
    });
    expect(readMessage('{"message":"a","message\\u005fid":1,"message_id":123456789012345679}')).toMatchObject(
      {
        message: { message_id: '123456789012345679' },
      },
    );
    expect(readMessage('{"message":"a","message\\u005fid":123456789012345679}')).toMatchObject({
      message: { message_id: '123456789012345679' },
    });
  });

  it.each(['1.0', '1e3', '0.5', '-1.5', '1E400', 'true'])(
    'readMessage does not accept %s as an id',
    (value) => {
      expect(readMessage(`{"message":"a","message_id":${value}}`)).toMatchObject({ reason: 'wrong-type' });
      expect(readMessage(`{"message":"a","message_id":"1","sender":${value}}`)).toMatchObject({
        reason: 'wrong-type',
      });
    },
  );

  it('readMessage skips a byte order mark before the message', () => {
    expect(readMessage('\ufeff{"message":"a","message_id":"1"}')).toMatchObject({
      message: { message: 'a', message_id: '1' },
    });
    expect(readMessage('\ufeff{"message":"a","message_id":12345678901234567890}')).toMatchObject({
      message: { message_id: '12345678901234567890' },
    });
    expect(readMessage('\ufeff')).toMatchObject({ reason: 'empty' });
    expect(readMessage('\ufeff\ufeff{"message":"a","message_id":"1"}')).toMatchObject({ reason: 'not-json' });
  });

  it('readMessage reads a message in a list as it reads a single one, however deeply it is nested', () => {
    const deep = `${'{"messages":['.repeat(20_000)}${']}'.repeat(20_000)}`;
    expect(readMessage(`{"message":"a","message_id":1,"messages":[${deep}]}`)).toMatchObject({
      message: { message_id: '1' },
    });
  });

  it('readMessage sets a missing community to the empty one, and leaves out other missing fields', () => {
    const read = readMessage('{"message":"hello","message_id":"7","x":1}');
    expect(read).toEqual({ ok: true, message: { message: 'hello', message_id: '7', community: '' } });
  });
});
