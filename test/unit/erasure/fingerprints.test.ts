import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ErasureSearch } from '../../../src/erasure/erasure-search.ts';
import { FingerprintScanner, fingerprintsOf } from '../../../src/erasure/fingerprints.ts';
import { unescaped, viewsOf } from '../../../src/erasure/views.ts';

const text = fc
  .string({ unit: 'binary', minLength: 12, maxLength: 60 })
  .filter((each) => new Set(each).size > 8);

/** Whether any view of the bytes holds a piece of the text. */
function isFound(bytes: Uint8Array, wanted: string): boolean {
  const scanner = new FingerprintScanner(fingerprintsOf(Buffer.from(wanted)));
  let found = false;
  for (const view of viewsOf(bytes))
    scanner.scan(view, () => {
      found = true;
    });
  return found;
}

describe('the scan for a text', () => {
  it('the scan for a text finds it anywhere as UTF-8, in JSON with any escapes, in JSON within JSON, and in base64 of those', () => {
    fc.assert(
      fc.property(text, fc.string(), fc.string(), (wanted, before, after) => {
        const json = JSON.stringify({ before, wanted, after });
        const escaped = json.replace(
          /[^ -~]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
        const forms = [`${before}${wanted}${after}`, json, escaped, JSON.stringify(json)];
        for (const form of forms) {
          expect(isFound(Buffer.from(form), wanted)).toBe(true);
          const raw = Buffer.from(form).toString('base64');
          expect(isFound(Buffer.from(JSON.stringify({ raw })), wanted)).toBe(true);
        }
      }),
    );
  });

  it('the scan for a text finds it where the end of a page cuts it anywhere', () => {
    const wanted = 'A sentence that is a good deal longer than two of the pieces it is cut into';
    for (let at = 0; at <= wanted.length; at++)
      expect(isFound(Buffer.from(`${wanted.slice(0, at)}\0\x01\0\x02${wanted.slice(at)}`), wanted)).toBe(
        true,
      );
  });

  it('the scan for a text finds it in the same places as a search for each piece does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), maxLength: 200 });
    fc.assert(
      fc.property(letters, fc.nat({ max: 180 }), fc.integer({ min: 8, max: 15 }), (where, from, length) => {
        const wanted = where.slice(from, from + length);
        const expected: number[] = [];
        if (fingerprintsOf(Buffer.from(wanted)).length > 0)
          for (let at = where.indexOf(wanted); at !== -1; at = where.indexOf(wanted, at + 1))
            expected.push(at + wanted.length);
        const ends: number[] = [];
        new FingerprintScanner(fingerprintsOf(Buffer.from(wanted))).scan(Buffer.from(where), (_, end) =>
          ends.push(end),
        );
        expect(ends).toEqual(expected);
      }),
    );
  });

  it('the scan for a text looks for none that would be found by chance', () => {
    for (const common of ['ok', 'hello', '\0'.repeat(100), 'hahahahahahahahahaha'])
      expect(fingerprintsOf(Buffer.from(common))).toEqual([]);
  });

  it('undoing the escapes of JSON gives the text as UTF-8, halves of surrogate pairs as U+FFFD', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 0xffff })), (units) => {
        const any = String.fromCharCode(...units);
        const escaped = units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
        expect(Buffer.from(unescaped(Buffer.from(escaped)))).toEqual(Buffer.from(any));
        expect(Buffer.from(unescaped(Buffer.from(JSON.stringify(any).slice(1, -1))))).toEqual(
          Buffer.from(any),
        );
      }),
    );
    expect(Buffer.from(unescaped(Buffer.from('a\\x \\u12 \\'))).toString()).toBe('a\\x \\u12 \\');
  });
});

describe('whose a record is', () => {
  const search = new ErasureSearch({ kind: 'sender', sender: '47"11' });
  search.learn({ community: 'forum', message_id: '1', texts: ['Fourteen little words in a row'] });
  search.settle();
  const owns = (record: object) => search.owns({ texts: [], ...record });
  const unreadable = (raw: string) => owns({ unreadable: Buffer.from(raw) });

  it('whose a record is, the sender decides, and the identity where no sender is named', () => {
    expect(owns({ sender: '47"11', community: 'any', message_id: '9' })).toBe(true);
    expect(owns({ sender: 'other', community: 'forum', message_id: '1' })).toBe(false);
    expect(owns({ sender: null, community: 'forum', message_id: '1' })).toBe(true);
    expect(owns({ community: 'forum', message_id: '2' })).toBe(false);
  });

  it('whose bytes are that are no JSON, the sender in them decides, or one of the texts as a whole', () => {
    expect(unreadable('{"sender" : "47\\"11", "message": "cut')).toBe(true);
    expect(unreadable('{"sender":"47","message":"cut')).toBe(false);
    expect(unreadable('xx Fourteen little words in a row xx')).toBe(true);
    expect(unreadable('xx Fourteen little words in a ro xx')).toBe(false);
    expect(unreadable('{"sender":"other","message":"Fourteen little words in a row')).toBe(false);
  });

  it('whose a record is, the community decides too where one is given', () => {
    const here = new ErasureSearch({ kind: 'sender', sender: '5', community: 'forum' });
    expect(here.owns({ sender: '5', community: 'forum', message_id: '1', texts: [] })).toBe(true);
    expect(here.owns({ sender: '5', community: 'chat', message_id: '1', texts: [] })).toBe(false);
  });
});
