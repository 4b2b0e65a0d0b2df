import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DelimitedFile } from '../../../src/adapters/corpora/delimited-file.ts';
import { type ExportedRow, exportFormatOf, writeExport } from '../../../src/adapters/dumps/export-file.ts';
import { TemporaryDumps } from './temporary-dump.ts';

let files: TemporaryDumps;
beforeEach(() => {
  files = new TemporaryDumps();
});
afterEach(() => files.remove());

const row = (text: string, rest: Partial<ExportedRow> = {}): ExportedRow => ({
  ...{ label: 'spam', text, group: null, community: '', source: 'import', labelled_by: null, ...rest },
});
async function* pagesOf(...pages: readonly (readonly ExportedRow[])[]) {
  yield* pages;
}
const write = (name: string, pages: AsyncIterable<readonly ExportedRow[]>, replace = false) => {
  const path = join(files.folder, name);
  return writeExport(path, pages, { format: exportFormatOf(path), replace });
};
const written = (name: string) => readFileSync(join(files.folder, name), 'utf8');

describe('the export of labels', () => {
  it('an export holds text, label, group and where a row is from', async () => {
    const rows = [
      row('one, "two"\nthree', { group: '4:7', labelled_by: 'anna' }),
      row('four', { label: 'ham', community: 'forum' }),
    ];
    await write('a.csv', pagesOf(rows.slice(0, 1), [], rows.slice(1)));
    expect(written('a.csv')).toBe(
      'label,text,group,community,source,labelled_by\nspam,"one, ""two""\nthree",4:7,,import,anna\nham,four,,forum,import,\n',
    );
    await write('a.jsonl', pagesOf(rows));
    expect(written('a.jsonl')).toBe(
      '{"label":"spam","text":"one, \\"two\\"\\nthree","community":"","source":"import","group":"4:7","labelled_by":"anna"}\n' +
        '{"label":"ham","text":"four","community":"forum","source":"import"}\n',
    );
    expect(statSync(join(files.folder, 'a.csv')).mode & 0o077).toBe(0);
  });

  it.each(['a.csv', 'a.jsonl'])(
    'any text of an export to %s is read by sluice train as it was',
    async (name) => {
      const text = fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
        .filter((value) => !value.includes('\0') && !/<|&lt;/.test(value));
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(text, fc.constantFrom('spam' as const, 'ham' as const)), { minLength: 1 }),
          async (all) => {
            await write(name, pagesOf(all.map(([value, label]) => row(value, { label }))), true);
            const read: unknown[] = [];
            for await (const message of new DelimitedFile(join(files.folder, name)).read())
              read.push([message.text, message.label]);
            expect(read).toEqual(all);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('an export replaces a file only where that is asked for, and never shows a part', async () => {
    files.write('a.csv', 'mine');
    await expect(write('a.csv', pagesOf([row('a')]))).rejects.toMatchObject({ code: 'USAGE' });
    // The file comes while the export runs.
    const late = async function* () {
      yield [row('a')];
      files.write('b.csv', 'mine');
    };
    await expect(write('b.csv', late())).rejects.toMatchObject({ code: 'USAGE' });
    const failing = async function* () {
      yield [row('a')];
      throw new Error('the database is gone');
    };
    await expect(write('a.csv', failing(), true)).rejects.toThrow('the database is gone');
    await expect(write('c.csv', pagesOf([row('a\0b')]))).rejects.toMatchObject({ code: 'DATA_INVALID' });
    await expect(write('no/folder.csv', pagesOf([row('a')]))).rejects.toMatchObject({ code: 'SINK_FAILED' });
    expect([written('a.csv'), written('b.csv')]).toEqual(['mine', 'mine']);
    await write('a.csv', pagesOf([row('a')]), true);
    expect(written('a.csv')).toContain('spam,a,');
    mkdirSync(join(files.folder, 'd.csv'));
    await expect(write('d.csv', pagesOf([row('a')]), true)).rejects.toMatchObject({ code: 'SINK_FAILED' });
    expect(readdirSync(files.folder).sort()).toEqual(['a.csv', 'b.csv', 'd.csv']);
    expect(() => exportFormatOf('a.txt')).toThrow(/names no format/);
  });
});
