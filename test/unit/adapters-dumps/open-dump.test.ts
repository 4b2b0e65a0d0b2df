import { mkdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDump } from '../../../src/adapters/dumps/open-dump.ts';
import { recordsOf, TemporaryDumps } from './temporary-dump.ts';

let files: TemporaryDumps;
beforeEach(() => {
  files = new TemporaryDumps();
});
afterEach(() => files.remove());

const error = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
  );
const texts = async (...given: Parameters<typeof recordsOf>) =>
  (await recordsOf(...given)).map(({ position, values }) => [position, values[0]]);

describe('a dump as CSV', () => {
  it('a CSV is read with a byte order mark, CRLF, quoted line breaks, doubled quotes, empty lines and no last line break', async () => {
    const path = files.write(
      'a.csv',
      '\ufeffid,body\r\n1,plain\r\n2,"two\r\nlines, ""quoted"""\r\n\r\n3,ü 🎉\n4,last',
    );
    expect((await openDump(path)).columns).toEqual(['id', 'body']);
    expect(await texts(path, ['body'])).toEqual([
      [2, 'plain'],
      [3, 'two\r\nlines, "quoted"'],
      [5, 'ü 🎉'],
      [6, 'last'],
    ]);
  });

  it('the delimiter of a CSV is what its header has most of, unless it is given', async () => {
    const path = files.write('a.csv', '"a,b,c";body\n1;x, y\n');
    expect(await texts(path, ['body'])).toEqual([[2, 'x, y']]);
    expect((await openDump(path, { delimiter: ',', quotes: false })).columns).toHaveLength(3);
  });

  it('a row with another number of fields than the header is refused with its number', async () => {
    const path = files.write('a.csv', 'id,body\n1,a,b\n2\n3,c\n');
    expect(await recordsOf(path, ['body'])).toEqual([
      { position: 2, values: [], refused: 'ragged' },
      { position: 3, values: [], refused: 'ragged' },
      { position: 4, values: ['c'] },
    ]);
  });

  it('an empty line of a file with one column is a row without text', async () => {
    const path = files.write('a.csv', 'body\na\n\n""\nb\n');
    expect(await texts(path, ['body'])).toEqual([
      [2, 'a'],
      [3, ''],
      [4, ''],
      [5, 'b'],
    ]);
  });

  it('a quote that does not end, and one that is not doubled, are named with their row and what to do', async () => {
    const open = files.write('open.csv', 'id,body\n1,a\n2,"b\n3,c\n');
    expect(await error(recordsOf(open, ['body']))).toBe(
      'DATA_INVALID: open.csv, row 3: a quoted field that begins here does not end. Correct that row, or give --quotes off if quotes mean nothing in this file.',
    );
    const inside = files.write('inside.csv', 'id,body\n1,a\n2,"b"c"\n3,c\n');
    expect(await error(recordsOf(inside, ['body']))).toMatch(
      /^DATA_INVALID: inside.csv, row 3: a quote that/,
    );
    expect(await texts(inside, ['body'], { quotes: false })).toEqual([
      [2, 'a'],
      [3, '"b"c"'],
      [4, 'c'],
    ]);
  });

  it('a file without a header has numbered columns', async () => {
    const path = files.write('a.tsv', 'ham\thello\nspam\t"buy\n');
    expect((await openDump(path, { header: false })).columns).toEqual(['1', '2']);
    expect(await texts(path, ['2'], { header: false })).toEqual([
      [1, 'hello'],
      [2, '"buy'],
    ]);
  });

  it('rows are read from after a position, wherever the chunks of the file end', async () => {
    const rows = Array.from({ length: 6000 }, (_, at) => `${at},"text ${'x'.repeat(at % 200)}\n${at}"\r\n`);
    const path = files.write('a.csv', `id,body\r\n${rows.join('')}`);
    const all = await recordsOf(path, ['id', 'body']);
    expect(all).toHaveLength(6000);
    expect(all.every(({ values: [id, body] }) => String(body).endsWith(`\n${id}`))).toBe(true);
    for (const after of [1, 2, 3000, 6000, 6001])
      expect(await recordsOf(path, ['id', 'body'], {}, after)).toEqual(
        all.filter(({ position }) => Number(position) > after),
      );
  });

  it('any table is read as it was written', async () => {
    const field = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .map((text) => text.replaceAll('\0', '').replace(/^\ufeff/, ''));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        async (rows, end) => {
          const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
          const path = files.write(
            'a.csv',
            ['one,two', ...rows.map((row) => row.map(quoted).join(','))].join(end),
          );
          expect((await recordsOf(path, ['one', 'two'])).map(({ values }) => values)).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a dump as JSON Lines', () => {
  it('JSON Lines are read by field, with blank lines, CRLF and lines that are not JSON counted', async () => {
    const path = files.write(
      'a.jsonl',
      '\ufeff{"id":1,"text":"a\\nb"}\r\n\n[1]\n{"text":\n{"other":2}\n{"text":"c"}',
    );
    // The first row need not have all fields.
    expect((await openDump(path)).columns).toEqual(['id', 'text', 'other']);
    expect(await recordsOf(path, ['text', 'id'])).toEqual([
      { position: 1, values: ['a\nb', 1] },
      { position: 3, values: [], refused: 'not-json' },
      { position: 4, values: [], refused: 'not-json' },
      { position: 5, values: [undefined, undefined] },
      { position: 6, values: ['c', undefined] },
    ]);
    expect(await texts(path, ['text'], {}, 4)).toEqual([
      [5, undefined],
      [6, 'c'],
    ]);
  });

  it('a JSON array, and a file that is not JSON at all, are refused with what to do', async () => {
    expect(await error(openDump(files.write('a.jsonl', '[{"text":"a"}]')))).toMatch(
      /row 1: .*JSON array is not JSON Lines.*jq/,
    );
    expect(await error(openDump(files.write('b.jsonl', 'id,text\n1,a\n')))).toMatch(
      /^DATA_INVALID: b.jsonl, row 1: .*--format csv/,
    );
  });
});

describe('the encoding of a dump', () => {
  it('bytes that are not UTF-8 are named with their row and with encodings to try', async () => {
    const rows = Array.from({ length: 30_000 }, (_, at) => `${at},größer ${at}\n`);
    const head = Buffer.from(`id,body\n${rows.join('')}`);
    const path = files.write(
      'a.csv',
      Buffer.concat([head, Buffer.from('30000,fr\xfch\n', 'latin1'), Buffer.from('1,b\n')]),
    );
    expect(await error(recordsOf(path, ['body']))).toBe(
      'DATA_INVALID: a.csv, row 30002: bytes that are not utf-8. Give --encoding windows-1252 or utf-16le, whichever the file was written in, or save it as UTF-8.',
    );
    const lines = files.write('a.jsonl', Buffer.from('{"text":"a"}\n{"text":"fr\xfch"}\n', 'latin1'));
    expect(await error(recordsOf(lines, ['text']))).toMatch(/^DATA_INVALID: a.jsonl, row 2: bytes/);
    const cut = files.write('cut.csv', Buffer.from('id,body\n1,a\n2,\xc3', 'latin1'));
    expect(await error(recordsOf(cut, ['body']))).toMatch(/^DATA_INVALID: cut.csv, row 3: bytes/);
  });

  it('a character that the end of a chunk cuts is whole, and damage after it has the right row', async () => {
    const filler = (bytes: number) => 'x'.repeat(bytes);
    // The chunks have 256 KiB.
    for (const before of [1, 2, 3]) {
      const head = `body\n${filler(262_144 - 5 - before)}`;
      const good = files.write('good.csv', `${head}🎉ü\nb\n`);
      expect((await texts(good, ['body'])).map(([, text]) => String(text).slice(-3))).toEqual(['🎉ü', 'b']);
      const bad = files.write(
        'bad.csv',
        Buffer.concat([Buffer.from(`${head}🎉ü\nb\n`), Buffer.from('\xfc\n', 'latin1')]),
      );
      expect(await error(recordsOf(bad, ['body']))).toMatch(/row 4: bytes/);
      const cut = files.write('cut.csv', Buffer.from(`${head}🎉`).subarray(0, 262_147 - before));
      expect(await error(recordsOf(cut, ['body']))).toMatch(/row 2: bytes/);
    }
  });

  it('an encoding that is given is used, with the characters of Windows-1252', async () => {
    const path = files.write('a.csv', Buffer.from('id,body\n1,fr\xfch \x80\x93\n', 'latin1'));
    expect(await texts(path, ['body'], { encoding: 'windows-1252' })).toEqual([[2, 'früh €“']]);
    expect(await texts(path, ['body'], { encoding: 'latin1' })).toEqual([[2, 'früh €“']]);
    expect(await error(openDump(path, { encoding: 'klingon' }))).toMatch(
      /^USAGE: the encoding klingon is not known/,
    );
  });

  it('UTF-16 is read by its byte order mark, and recognized without one', async () => {
    const utf16 = Buffer.from('id,body\r\n1,grün 🎉\r\n', 'utf16le');
    expect(
      await texts(files.write('a.csv', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16])), ['body']),
    ).toEqual([[2, 'grün 🎉']]);
    const bare = files.write('b.csv', utf16);
    expect(await error(openDump(bare))).toMatch(
      /^DATA_INVALID: b.csv, row 1: every second byte is NUL. Give --encoding utf-16le/,
    );
    expect(await texts(bare, ['body'], { encoding: 'utf-16le' })).toEqual([[2, 'grün 🎉']]);
    const big = Buffer.from(utf16).swap16();
    expect(await error(openDump(files.write('c.csv', big)))).toMatch(/utf-16be/);
    expect(
      await texts(files.write('d.csv', Buffer.concat([Buffer.from([0xfe, 0xff]), big])), ['body']),
    ).toEqual([[2, 'grün 🎉']]);
  });
});

describe('a file that is no dump', () => {
  it('an empty file, a folder, a missing file, compressed files and an unknown format are refused with what to do', async () => {
    expect(await error(openDump(files.write('a.csv', '')))).toBe(
      'DATA_INVALID: a.csv is empty. Name a file that has rows.',
    );
    expect(await error(openDump(files.write('b.jsonl', '\n \n')))).toMatch(
      /^DATA_INVALID: b.jsonl has only blank lines/,
    );
    expect(await error(openDump(files.write('c.csv', '\n\n')))).toMatch(
      /^DATA_INVALID: c.csv, row 1: there is no header/,
    );
    mkdirSync(`${files.folder}/d.csv`);
    expect(await error(openDump(`${files.folder}/d.csv`))).toMatch(
      /^DATA_UNREADABLE: .*d.csv cannot be read: it is a folder/,
    );
    expect(await error(openDump(`${files.folder}/e.csv`))).toMatch(
      /^DATA_UNREADABLE: .*e.csv cannot be read: ENOENT/,
    );
    expect(await error(openDump(files.write('f.csv', gzipSync('id,body\n'))))).toMatch(/gzip.*gunzip/);
    expect(await error(openDump(files.write('g.csv', 'PK\u0003\u0004xxxx')))).toMatch(
      /ZIP archive or a spreadsheet/,
    );
    expect(await error(openDump(files.write('h.dump', 'id,body\n')))).toMatch(
      /^USAGE: the name h.dump names no format/,
    );
    expect(await texts(files.write('i.dump', 'id,body\n1,a\n'), ['body'], { format: 'csv' })).toEqual([
      [2, 'a'],
    ]);
  });

  it('a file that is cut while it is read ends with an error', async () => {
    const path = files.write('a.csv', `body\n${'line\n'.repeat(1000)}`);
    const dump = await openDump(path);
    files.write('a.csv', 'body\nline\n');
    const read = async () => {
      for await (const _ of dump.records(['body']));
    };
    expect(await error(read())).toMatch(/^DATA_INVALID: a.csv was cut to 10 bytes while it was read/);
  });

  it('a file is known again by its size and its ends', async () => {
    const { identity } = await openDump(files.write('a.csv', 'body\none\n'));
    expect((await openDump(files.write('b.csv', 'body\none\n'))).identity).toEqual(identity);
    expect((await openDump(files.write('c.csv', 'body\ntwo\n'))).identity).not.toEqual(identity);
    expect((await openDump(files.write('d.csv', 'body\none\n\n'))).identity).not.toEqual(identity);
  });
});
