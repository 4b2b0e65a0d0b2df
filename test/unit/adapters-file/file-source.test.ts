import {
  appendFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../../src/core/batch.ts';
import { pullForAWhile, TemporaryInbox, textsOf } from './temporary-inbox.ts';

let place: TemporaryInbox;
beforeEach(async () => {
  place = await TemporaryInbox.make();
});
afterEach(() => place.dispose());

const last = (batches: readonly Batch[]) =>
  batches.slice(-1).map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));

describe('FileSource: lines', () => {
  it('FileSource uses the first byte of a line as its offset, and delivers nothing after the last newline', async () => {
    await writeFile(place.path('a.jsonl'), 'one\r\ntwo\n');
    const [batch] = await pullForAWhile(await place.open(), place.clock);
    expect(batch!.topic).toBe('a.jsonl');
    expect(textsOf([batch!])).toEqual(['one', 'two']);
    expect(batch!.messages.map(({ offset, nextOffset }) => [offset, nextOffset])).toEqual([
      [0, 5],
      [5, 9],
    ]);
  });

  it('FileSource skips blank lines, and ends a batch after the blank lines that follow its last message', async () => {
    await writeFile(place.path('a.jsonl'), '\n \t\none\n\r\n\ufeff \r\n\ntwo\n\n\ufeff');
    const [batch] = await pullForAWhile(await place.open(), place.clock);
    expect(batch!.messages.map(({ offset, nextOffset }) => [offset, nextOffset])).toEqual([
      [4, 8],
      [17, 22],
    ]);
    expect([textsOf([batch!]), batch!.nextOffset]).toEqual([['one', 'two'], 22]);
  });

  it('FileSource with once skips a blank last line without a newline', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n  ');
    const source = await place.open({ once: true });
    const never = new AbortController().signal;
    expect(textsOf([(await source.pull(never))!])).toEqual(['one']);
    expect(await source.pull(never)).toBeUndefined();
  });

  it('FileSource delivers the bytes of a line unchanged, including a byte order mark', async () => {
    await writeFile(place.path('a.jsonl'), '\ufeff{"a":1}\n\ufeff{"b":1}\n');
    expect(textsOf(await pullForAWhile(await place.open(), place.clock))).toEqual([
      '\ufeff{"a":1}',
      '\ufeff{"b":1}',
    ]);
  });

  it('FileSource waits for the end of an incomplete line', async () => {
    await writeFile(place.path('a.jsonl'), 'one\ntw');
    const source = await place.open();
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['one']);
    await appendFile(place.path('a.jsonl'), 'o');
    expect(await pullForAWhile(source, place.clock)).toEqual([]);
    await appendFile(place.path('a.jsonl'), '\n');
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['two']);
  });

  it('FileSource with once delivers a last line without a newline, and then ends', async () => {
    await writeFile(place.path('a.jsonl'), 'one\ntwo');
    await writeFile(place.path('b.jsonl'), '');
    const source = await place.open({ once: true });
    const never = new AbortController().signal;
    const batch = await source.pull(never);
    expect(textsOf([batch!])).toEqual(['one', 'two']);
    expect(batch!.nextOffset).toBe(7);
    expect(await source.pull(never)).toBeUndefined();
  });

  it('FileSource keeps the first mebibyte of an over-long line, waits for its end, and continues after it', async () => {
    const mebibyte = 1024 * 1024;
    await writeFile(place.path('a.jsonl'), `first\n${'x'.repeat(3 * mebibyte)}`);
    const source = await place.open();
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['first']);
    await appendFile(place.path('a.jsonl'), 'x\nlast\n');
    const messages = (await pullForAWhile(source, place.clock)).flatMap((batch) => batch.messages);
    expect(messages.map(({ bytes }) => bytes.length)).toEqual([mebibyte, 4]);
    expect(messages[0]!.nextOffset).toBe(6 + 3 * mebibyte + 2);
  });

  it('FileSource waits with a batch that is not full until its first line is old enough', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    const source = await place.open({ maxMessages: 3, maxAgeSeconds: 1 });
    const began = place.clock.ms;
    const [aged] = await pullForAWhile(source, place.clock);
    expect(aged!.messages).toHaveLength(1);
    expect(place.clock.ms - began).toBeGreaterThanOrEqual(1000);
    expect(aged!.messages[0]!.receivedElapsed).toBe(began / 1000);
    await appendFile(place.path('a.jsonl'), 'two\nthree\nfour\n');
    const full = place.clock.ms;
    await source.pull(new AbortController().signal);
    expect(place.clock.ms - full).toBeLessThan(1000);
  });
});

describe('FileSource: files', () => {
  it('FileSource reads only *.jsonl files: no folders and no hidden files', async () => {
    await writeFile(place.path('a.jsonl'), 'yes\n');
    for (const name of ['b.txt', '.c.jsonl', 'd.jsonl.gz']) await writeFile(place.path(name), 'no\n');
    await mkdir(place.path('e.jsonl'));
    expect(textsOf(await pullForAWhile(await place.open(), place.clock))).toEqual(['yes']);
    expect(place.warnings).toEqual([]);
  });

  it('FileSource reads a small file long before a big one has ended', async () => {
    await writeFile(place.path('a-big.jsonl'), `${'x'.repeat(999)}\n`.repeat(30_000));
    await writeFile(place.path('b-small.jsonl'), 'small\n');
    const source = await place.open({ once: true, maxMessages: 1000 });
    const topics: string[] = [];
    let messages = 0;
    for (;;) {
      const batch = await source.pull(new AbortController().signal);
      if (batch === undefined) break;
      topics.push(batch.topic);
      messages += batch.messages.length;
    }
    expect(messages).toBe(30_001);
    expect(topics.indexOf('b-small.jsonl')).toBeLessThan(topics.length / 2);
  });

  it('FileSource reads three hundred files, more than it keeps open at once', async () => {
    for (let i = 0; i < 300; i++) await writeFile(place.path(`${i}.jsonl`), `m-${i}\n`);
    const source = await place.open();
    expect(textsOf(await pullForAWhile(source, place.clock)).sort()).toEqual(
      Array.from({ length: 300 }, (_, i) => `m-${i}`).sort(),
    );
    await appendFile(place.path('299.jsonl'), 'more\n');
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['more']);
  });

  it('FileSource warns once about a file that cannot be read, reads the others, and reads it when it can', async () => {
    await symlink(place.path('loop.jsonl'), place.path('loop.jsonl'));
    await writeFile(place.path('z.jsonl'), 'fine\n');
    const source = await place.open();
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['fine']);
    expect(place.warnings.map(({ fields }) => fields.file)).toEqual(['loop.jsonl']);
    await unlink(place.path('loop.jsonl'));
    await writeFile(place.path('loop.jsonl'), 'mended\n');
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['mended']);
  });

  it('FileSource survives an inbox that is unavailable for a while', async () => {
    const source = await place.open();
    await rename(place.inbox, join(place.folder, 'elsewhere'));
    expect(await pullForAWhile(source, place.clock)).toEqual([]);
    expect(place.warnings).toHaveLength(1);
    await rename(join(place.folder, 'elsewhere'), place.inbox);
    await writeFile(place.path('a.jsonl'), 'back\n');
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['back']);
  });

  it('FileSource starts again, in a new assignment epoch, with a file that was truncated', async () => {
    await writeFile(place.path('a.jsonl'), 'one\ntwo\n');
    const source = await place.open();
    await pullForAWhile(source, place.clock);
    await truncate(place.path('a.jsonl'), 0);
    await appendFile(place.path('a.jsonl'), 'new\n');
    const [batch] = await pullForAWhile(source, place.clock);
    expect([textsOf([batch!]), batch!.epoch]).toEqual([['new'], 2]);
    expect(place.revoked).toEqual(['a.jsonl 1']);
    expect(place.warnings).toHaveLength(1);
  });

  it('FileSource starts again with a file that was rewritten and is longer than before', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    const source = await place.open();
    await pullForAWhile(source, place.clock);
    await writeFile(place.path('a.jsonl'), 'eins\nzwei\n');
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['eins', 'zwei']);
    expect(place.revoked).toEqual(['a.jsonl 1']);
  });

  it('FileSource reads a renamed file to its end, and then the new file of that name', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    const source = await place.open();
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['one']);
    await appendFile(place.path('a.jsonl'), 'late\nunended');
    await rename(place.path('a.jsonl'), join(place.folder, 'rotated'));
    await writeFile(place.path('a.jsonl'), 'fresh\n');
    const batches = await pullForAWhile(source, place.clock);
    expect(batches.map((batch) => [textsOf([batch]), batch.epoch])).toEqual([
      [['late', 'unended'], 1],
      [['fresh'], 2],
    ]);
    expect(place.revoked).toEqual(['a.jsonl 1']);
  });

  it('FileSource forgets a file that was removed, and treats a later one of its name as new', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    const source = await place.open();
    await pullForAWhile(source, place.clock);
    await unlink(place.path('a.jsonl'));
    expect(await pullForAWhile(source, place.clock)).toEqual([]);
    expect(place.revoked).toEqual(['a.jsonl 1']);
    await writeFile(place.path('a.jsonl'), 'one\n');
    expect((await pullForAWhile(source, place.clock))[0]!.epoch).toBe(2);
  });
});

describe('FileSource: offsets', () => {
  async function readAndCommit(): Promise<void> {
    const source = await place.open();
    await source.commit(last(await pullForAWhile(source, place.clock)));
    await source.close();
  }

  it('FileSource continues after the committed offset of a file that has grown since', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    await readAndCommit();
    await appendFile(place.path('a.jsonl'), 'two\n');
    expect(textsOf(await pullForAWhile(await place.open(), place.clock))).toEqual(['two']);
  });

  it.each([
    [
      'replaced by a longer one',
      async (path: string) => {
        await writeFile(`${path}.other`, 'uno\ndue\ntre\n');
        await rename(`${path}.other`, path);
      },
      ['uno', 'due', 'tre'],
    ],
    [
      'replaced by a copy of itself',
      async (path: string) => {
        await writeFile(`${path}.other`, 'one\ntwo\n');
        await rename(`${path}.other`, path);
      },
      ['one', 'two'],
    ],
    ['cut', (path: string) => truncate(path, 4), ['one']],
    ['rewritten in its place', (path: string) => writeFile(path, 'uno\ndue\ntre\n'), ['uno', 'due', 'tre']],
  ])(
    'FileSource starts again, with a warning, if the file was %s while no daemon ran',
    async (_, change, expected) => {
      const path = place.path('a.jsonl');
      await writeFile(path, 'one\ntwo\n');
      await readAndCommit();
      const { ino } = await stat(path);
      await change(path);
      expect(textsOf(await pullForAWhile(await place.open(), place.clock))).toEqual(expected);
      expect(place.warnings.length, `inode before ${ino}`).toBe(1);
    },
  );

  it('FileSource keeps the offsets of a file that is unavailable', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    await readAndCommit();
    await rename(place.path('a.jsonl'), join(place.folder, 'a'));
    await writeFile(place.path('b.jsonl'), 'other\n');
    await readAndCommit();
    await rename(join(place.folder, 'a'), place.path('a.jsonl'));
    expect(await pullForAWhile(await place.open(), place.clock)).toEqual([]);
  });

  it('FileSource refuses to start with an offsets file that it cannot parse, instead of scoring everything again', async () => {
    await mkdir(place.stateDir);
    await writeFile(join(place.stateDir, 'offsets.json'), '{"schema":1,');
    await expect(place.open()).rejects.toMatchObject({ code: 'OFFSETS_FAILED' });
  });

  it('FileSource ignores a half-written offsets file that a crash has left', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    await readAndCommit();
    await writeFile(join(place.stateDir, 'offsets.json.new'), '{"sch');
    expect(await pullForAWhile(await place.open(), place.clock)).toEqual([]);
  });

  it('FileSource throws a retriable error if offsets cannot be written, and keeps the last good ones', async () => {
    await writeFile(place.path('a.jsonl'), 'one\n');
    const source = await place.open();
    const batches = await pullForAWhile(source, place.clock);
    await mkdir(join(place.stateDir, 'offsets.json.new'));
    await expect(source.commit(last(batches))).rejects.toMatchObject({
      code: 'OFFSETS_FAILED',
      retriable: true,
    });
    await rm(join(place.stateDir, 'offsets.json.new'), { recursive: true });
    await source.commit(last(batches));
    const { files } = JSON.parse(await readFile(join(place.stateDir, 'offsets.json'), 'utf8'));
    expect(files['a.jsonl'].offset).toBe(4);
  });

  it('FileSource begins after the last complete line when configured to begin at the end', async () => {
    await writeFile(place.path('a.jsonl'), 'old\nhalf');
    const source = await place.open({ startAt: 'latest' });
    await appendFile(place.path('a.jsonl'), ' done\n');
    expect(textsOf(await pullForAWhile(source, place.clock))).toEqual(['half done']);
  });

  it('FileSource cannot be opened if the inbox is a file', async () => {
    await rm(place.inbox, { recursive: true });
    await writeFile(place.inbox, '');
    await expect(place.open()).rejects.toMatchObject({ code: 'SOURCE_FAILED' });
  });
});
