import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DelimitedFile } from '../../../src/adapters/corpora/delimited-file.ts';
import type { LabelledMessage } from '../../../src/ports/labelled-messages.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-delimited-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, content: string | Uint8Array): Promise<LabelledMessage[]> {
  const path = join(folder, name);
  await writeFile(path, content);
  const messages: LabelledMessage[] = [];
  for await (const message of new DelimitedFile(path).read()) messages.push(message);
  return messages;
}

const pairs = (messages: readonly LabelledMessage[]) => messages.map(({ label, text }) => [label, text]);

describe('a delimited file', () => {
  test('a delimited file is read as CSV with a header, with language and group where it has them', async () => {
    const csv = 'id,label,text,lang,group\n1,ham,"Hi, ""you""\nthere",en,v1\n2,spam,buy,,\n';
    expect(await read('a.csv', csv)).toEqual([
      { origin: 'a.csv, row 2', label: 'ham', text: 'Hi, "you"\nthere', language: 'en', group: 'v1' },
      { origin: 'a.csv, row 3', label: 'spam', text: 'buy' },
    ]);
  });

  test('a delimited file is read in the form of the SMS Spam Collection: no header, tabs, and quotes without meaning', async () => {
    const text = 'ham\t"Quoted start and a \t tab\r\nspam\tCall now\n\nham\tend';
    expect(pairs(await read('SMSSpamCollection', text))).toEqual([
      ['ham', '"Quoted start and a \t tab'],
      ['spam', 'Call now'],
      ['ham', 'end'],
    ]);
  });

  test('a delimited file is read in the form of Kaggle: v1,v2, empty columns, and ISO-8859-1', async () => {
    const latin1 = Buffer.from('v1,v2,,,\nham,"Caf\u00e9, \u00a35",,,\nspam,WIN,,,\n', 'latin1');
    expect(pairs(await read('spam.csv', latin1))).toEqual([
      ['ham', 'Café, £5'],
      ['spam', 'WIN'],
    ]);
  });

  test('a delimited file is read as TSV with a header and as JSON lines', async () => {
    expect(pairs(await read('b.tsv', 'text\tlabel\nhallo\tham\n5" nail\tSPAM\n'))).toEqual([
      ['ham', 'hallo'],
      ['spam', '5" nail'],
    ]);
    const lines = '{"message":"a","label":"spam","language":"de"}\n\n{"message":"b","label":0}\n';
    const [first, second] = await read('c.jsonl', lines);
    expect(first).toEqual({ origin: 'c.jsonl, row 1', label: 'spam', text: 'a', language: 'de' });
    expect(second).toMatchObject({ origin: 'c.jsonl, row 3', label: 'ham', text: 'b' });
  });

  test('a delimited file may begin with a byte order mark', async () => {
    expect(pairs(await read('d.csv', '\uFEFFlabel,text\nham,x\n'))).toEqual([['ham', 'x']]);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['no-label.csv', 'id,text\n1,hello\n', /no-label\.csv, row 1: there is no label column/],
    ['no-text.csv', 'id,label\n1,ham\n', /row 1: there is no text column/],
    ['odd-label.csv', 'label,text\nham,a\nmaybe,b\n', /odd-label\.csv, row 3: the label is neither/],
    ['empty.csv', '\n \n', /empty\.csv, row 1: the file is empty/],
    ['header-only.csv', 'label,text\n', /no messages/],
    ['short-row.csv', 'label,text\nham\n', /row 2: there is no text/],
    ['open-quote.csv', 'label,text\nham,"no end\n', /a quoted field does not end/],
    ['not-json.jsonl', '{"label":"ham","text":"a"}\n{"label":\n', /row 2: the line is not JSON/],
    ['list.jsonl', '[1]\n', /row 1: the line is not a JSON object/],
    ['no-tab', 'ham\ta\nspam b\n', /row 2: expected "label TAB text"/],
    ['utf16.csv', Buffer.from('label,text\nham,a\n', 'utf16le'), /line 1: a NUL byte/],
    [
      'damaged.csv',
      Buffer.concat([Buffer.from('label,text\nham,grüße\nham,schön '), Buffer.from([0xff, 0x0a])]),
      /damaged\.csv, line 3: bytes that are not UTF-8/,
    ],
  ])('a delimited file with %s is refused with file and row', async (name, content, reason) => {
    await expect(read(name, content)).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringMatching(reason),
    });
  });

  test('a delimited file is never quoted in an error', async () => {
    const error = await read('secret.csv', 'label,text\nperhaps,my secret words\n').catch((e: Error) => e);
    expect((error as Error).message).not.toContain('secret words');
    expect((error as Error).message).not.toContain('perhaps');
  });

  test('a delimited file that does not exist is reported as unreadable', async () => {
    const file = new DelimitedFile(join(folder, 'nowhere.csv'));
    await expect(file.read()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'DATA_UNREADABLE',
    });
  });
});
