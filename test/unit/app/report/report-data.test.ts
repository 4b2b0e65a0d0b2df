import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openReportData } from '../../../../src/app/report/report-data.ts';
import type { ReportMessage } from '../../../../src/evaluation/report/score-for-report.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, ...lines: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

async function read(data: readonly string[], everything = true) {
  const opened = openReportData({ data, everything });
  const messages: ReportMessage[] = [];
  for await (const message of opened.messages) messages.push(message);
  return { messages, empty: opened.empty };
}

describe('data of a report', () => {
  it('states community and date where the file has them, as RFC 3339 or epoch milliseconds', async () => {
    const path = await file(
      'dated.csv',
      'label,text,community,sent_at',
      'spam,win a prize,chess,2026-11-01T10:00:00Z',
      'ham,see you,go,1777777777000',
      'ham,see me,,yesterday',
      'ham,see them,go,99999999999999999',
    );
    const { messages, empty } = await read([path]);
    expect(messages.map(({ community, at }) => [community, at])).toEqual([
      ['chess', Date.UTC(2026, 10, 1, 10)],
      ['go', 1_777_777_777_000],
      ['', undefined],
      ['go', undefined],
    ]);
    expect(empty).toEqual([]);
  });

  it('notes a file without labels, an empty one, and one without a message for testing, and reads the others', async () => {
    const unlabeled = await file('unlabeled.csv', 'text', 'hello');
    const none = await file('none.csv', '');
    const good = await file('good.csv', 'label,text', 'spam,win');
    const { messages, empty } = await read([unlabeled, none, good]);
    expect(messages.map(({ text }) => text)).toEqual(['win']);
    expect(empty).toEqual([
      expect.stringContaining('unlabeled.csv, row 1: there is no label column'),
      expect.stringContaining('none.csv, row 1: the file is empty'),
    ]);
    const training = await file('training.csv', 'label,text', 'spam,win a prize now');
    const held = await read([training], false);
    expect(held.messages.length + held.empty.length).toBe(1);
  });

  it('refuses a file that is at fault after its first message, and one that is not there', async () => {
    const broken = await file('broken.csv', 'label,text', 'spam,win', 'maybe,hello');
    await expect(read([broken])).rejects.toMatchObject({
      code: 'DATA_INVALID',
      message: expect.stringContaining('row 3'),
    });
    await expect(read([join(folder, 'missing.csv')])).rejects.toMatchObject({ code: 'DATA_UNREADABLE' });
  });

  it('names two files of one name differently', async () => {
    const one = await file('a.csv', 'label,text', 'spam,win');
    expect((await read([one, one])).messages.map(({ source }) => source)).toEqual(['a.csv', 'a.csv (2)']);
  });
});
