import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../../src/core/message.ts';
import { findPlainMessage, type PlainMessage } from '../../../src/core/plain-message.ts';

const utf8 = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function find(bytes: Uint8Array): PlainMessage | null {
  const found = { ascii: true } as PlainMessage;
  // Something before and behind, since messages stand one after the other.
  const all = Uint8Array.from([...utf8.encode('"}'), ...bytes, ...utf8.encode(',"sender":"x"}')]);
  if (!findPlainMessage(all, 2, 2 + bytes.length, found)) return null;
  for (const place of ['textStart', 'communityStart', 'languageStart'] as const)
    if (found[place] >= 0) found[place] -= 2;
  found.idStart -= 2;
  found.idEnd -= 2;
  found.textEnd -= 2;
  found.communityEnd -= 2;
  found.languageEnd -= 2;
  return found;
}

/** What is found is what `readMessage` reads; answers whether something was. */
function agrees(bytes: Uint8Array): boolean {
  const found = find(bytes);
  if (found === null) return false;
  const read = readMessage(decoder.decode(bytes));
  const part = (start: number, end: number) => decoder.decode(bytes.subarray(start, end));
  const text = part(found.textStart, found.textEnd);
  expect(read).toMatchObject({ ok: true, message: { message: text } });
  if (!read.ok) return true;
  expect(part(found.idStart, found.idEnd)).toBe(read.message.message_id);
  expect(found.communityStart < 0 ? '' : part(found.communityStart, found.communityEnd)).toBe(
    read.message.community,
  );
  expect(found.languageStart < 0 ? undefined : part(found.languageStart, found.languageEnd)).toBe(
    read.message.language,
  );
  expect(found.ascii).toBe(/^[\0-\x7f]*$/.test(text));
  return true;
}

const names = ['message', 'message_id', 'community', 'sender', 'language', 'sent_at'];
const space = fc.constantFrom('', '', ' ', '\n', '\t\r', '\u00a0');
const string = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('hello', '', 'für', 'a"b', 'a\\b', 'a\nb'))
  .chain((text) => fc.constantFrom(JSON.stringify(text), `"${text}"`));
const value = fc.oneof(
  { weight: 6, arbitrary: string },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '1',
      '0',
      '01',
      '-1',
      '1e3',
      '1.5',
      '12345678901234567890',
      'null',
      '{}',
      '[]',
      'true',
      '',
    ),
  },
);
const field = fc
  .tuple(fc.constantFrom(...names, 'other', '__proto__'), value, space, space)
  .map(([name, json, before, after]) => `${before}"${name}"${after}:${before}${json}${after}`);
const jsonTexts = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom(...names), { minLength: 2 }),
    fc.array(field, { maxLength: 2 }),
    string,
    space,
  )
  .map(([some, more, text, around]) => {
    const known = some.map((name) => `"${name}":${around}${text}`);
    return `${around}{${[...known, ...more].join(',')}}${around}`;
  });

describe('finding a plain message', () => {
  it('findPlainMessage finds what the JSON parser finds, or nothing', () => {
    let plain = 0;
    fc.assert(
      fc.property(jsonTexts, (json) => {
        if (agrees(utf8.encode(json))) plain++;
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(100);
  });

  it('findPlainMessage finds in mutilated bytes what the JSON parser finds, or nothing, if they are UTF-8', () => {
    const mutation = fc.record({
      at: fc.nat(200),
      cut: fc.nat(2),
      put: fc.constantFrom(...'{}":,\\ \n0a[é', ''),
    });
    const sound = '{"message":"Hello, grüß Gott","message_id":"7","community":"c","sent_at":1234}';
    fc.assert(
      fc.property(fc.array(mutation, { maxLength: 3 }), (mutations) => {
        let json = sound;
        for (const { at, cut, put } of mutations) {
          const place = at % (json.length + 1);
          json = json.slice(0, place) + put + json.slice(place + cut);
        }
        agrees(utf8.encode(json));
      }),
      { numRuns: 5000 },
    );
  });

  it.each([
    '{"message":"free money","message_id":"1"}',
    ' { "message_id" : "1" , "message" : "" , "community" : "shop" , "language" : "de-AT" }\r',
    '{"message":"für dich 🙂","message_id":"ä","sender":"","sent_at":1700000000000}',
    '{"message":"a","message_id":"1","community":null,"sender":null,"language":null,"sent_at":null}',
    '{"message":"a","message_id":123456789012345678 ,"sender": 0}',
  ])('findPlainMessage reads %s without parsing it', (json) => {
    expect(agrees(utf8.encode(json))).toBe(true);
  });

  it.each([
    '{"message":"a","message_id":"1","message":"b"}',
    '{"message":"a\\u0000","message_id":"1"}',
    '{"message":"a","message_id":""}',
    '{"message":"a","message_id":"1","other":"b"}',
    '{"message":"a","message_id":"1","community":7}',
    '{"message":"a","message_id":"1","sender":-7}',
    '{"message":"a","message_id":1.5}',
    '{"message":"a","message_id":null}',
    '{"message":null,"message_id":"1"}',
    '{"message":"a","message_id":"1","sender":nul}',
    '{"message":"a","message_id":"1","sender":nullnull}',
    '\ufeff{"message":"a","message_id":"1"}',
    '{"message":"a","message_id":"1",}',
    '{"message":"a","message_id":"1"',
    '{"message":"a","message_id":"1"}}',
    '{"message":"a","message_id":"1","sent_at":07}',
    '',
  ])('findPlainMessage leaves %s to the parser', (json) => {
    expect(find(utf8.encode(json))).toBeNull();
  });
});
