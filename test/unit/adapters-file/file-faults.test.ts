import {
  appendFileSync,
  chmodSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FileSource } from '../../../src/adapters/file/file-source.ts';
import type { Batch } from '../../../src/core/batch.ts';
import type { TopicPartition } from '../../../src/core/topic-partition.ts';
import { type Fault, faultyFiles } from './faulty-files.ts';
import { pullForAWhile, TemporaryInbox, textsOf } from './temporary-inbox.ts';

vi.mock('node:fs/promises', async (original) =>
  (await import('./faulty-files.ts')).withFaults(await original()),
);

let place: TemporaryInbox;
beforeEach(async () => {
  faultyFiles.reset();
  place = await TemporaryInbox.make();
});
afterEach(async () => {
  faultyFiles.reset();
  await place.dispose();
});

const texts = async (source: FileSource, seconds?: number, skip?: (at: TopicPartition) => boolean) =>
  textsOf(await pullForAWhile(source, place.clock, seconds, skip));
const idOf = (text: string) => text.replace(/-.*$/, '');
const ends = (batches: readonly Batch[]) =>
  batches.slice(-1).map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));
const fault = (operation: Fault['operation'], code: Fault['code'], after = 0, times = 1): Fault => ({
  operation,
  code,
  after,
  times,
});

describe('FileSource: lines that are longer than what is kept of a line', () => {
  const long = (name: string, length: number) => `${name}-${'x'.repeat(length)}`;

  it('FileSource delivers the lines between two over-long lines', async () => {
    const mebibyte = 1024 * 1024;
    const lines = ['first', long('long1', 1.5 * mebibyte), 'a', 'b', long('long2', 2.5 * mebibyte), 'last'];
    writeFileSync(place.path('a.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const source = await place.open({ maxAgeSeconds: 0.005 });
    expect((await texts(source)).map(idOf)).toEqual(['first', 'long1', 'a', 'b', 'long2', 'last']);
  });

  it('FileSource delivers the lines between two over-long lines before the second one has an end', async () => {
    const lines = ['first', long('long1', 150), 'a', 'b', long('long2', 150)];
    writeFileSync(place.path('a.jsonl'), lines.join('\n'));
    const source = await place.open({
      maxAgeSeconds: 0.005,
      maxMessageBytes: 50,
      sizes: { stretchBytes: 52 },
    });
    expect((await texts(source)).map(idOf)).toEqual(['first', 'long1', 'a', 'b']);
    appendFileSync(place.path('a.jsonl'), 'y\nlast\n');
    expect((await texts(source)).map(idOf)).toEqual(['long2', 'last']);
  });

  it('FileSource: lines that are longer than the limit do not block other files, however long they are', async () => {
    // Sparse: it takes no room on the disk.
    writeFileSync(place.path('a-endless.jsonl'), '');
    truncateSync(place.path('a-endless.jsonl'), 256 * 1024 * 1024);
    writeFileSync(place.path('b.jsonl'), 'other\n');
    const endless = statSync(place.path('a-endless.jsonl')).ino;
    const source = await place.open({ maxAgeSeconds: 0 });
    const batch = await source.pull(new AbortController().signal);
    expect(textsOf([batch!])).toEqual(['other']);
    expect(faultyFiles.bytesRead.get(endless)).toBeLessThanOrEqual(16 * 1024 * 1024);
    appendFileSync(place.path('b.jsonl'), 'later\n');
    expect(await texts(source)).toEqual(['later']);
  });

  it('FileSource: lines that are longer than the limit are reported in the health, with one warning, when no end is found for a minute', async () => {
    writeFileSync(place.path('a.jsonl'), long('long', 200));
    const source = await place.open({ maxMessageBytes: 50, sizes: { stretchBytes: 52 } });
    expect(await texts(source, 50)).toEqual([]);
    expect(source.trouble()).toBeUndefined();
    expect(await texts(source, 20)).toEqual([]);
    expect(source.trouble()).toContain('a.jsonl');
    expect(place.warnings.map(({ fields }) => fields.file)).toEqual(['a.jsonl']);
    appendFileSync(place.path('a.jsonl'), '\n');
    expect((await texts(source)).map(idOf)).toEqual(['long']);
    expect(source.trouble()).toBeUndefined();
  });

  it('FileSource: lines that are longer than the limit are reported after a minute even if they keep growing, and block no other file', async () => {
    writeFileSync(place.path('a.jsonl'), long('long', 200));
    const source = await place.open({ maxMessageBytes: 50, sizes: { stretchBytes: 52, turnBytes: 200 } });
    for (let second = 0; second < 70; second += 10) {
      expect(source.trouble() !== undefined).toBe(second > 60);
      appendFileSync(place.path('a.jsonl'), '\0'.repeat(5000));
      appendFileSync(place.path('b.jsonl'), `other-${second}\n`);
      expect(await texts(source, 10)).toEqual([`other-${second}`]);
    }
    expect(source.trouble()).toContain('a.jsonl');
    expect(place.warnings).toHaveLength(1);
  });

  it('FileSource: lines that are longer than the limit are searched again for their end when other lines replaced them unnoticed', async () => {
    const limits = { maxMessageBytes: 50, sizes: { stretchBytes: 52, turnBytes: 200 }, maxMessages: 1 };
    writeFileSync(place.path('a.jsonl'), `first\n${long('long', 2000)}\n`);
    writeFileSync(place.path('b.jsonl'), 'other\n');
    const source = await place.open(limits);
    const never = new AbortController().signal;
    expect(textsOf([(await source.pull(never))!, (await source.pull(never))!])).toEqual(['first', 'other']);
    truncateSync(place.path('a.jsonl'), 6);
    const lines = Array.from({ length: 400 }, (_, i) => `line-${i}`);
    appendFileSync(place.path('a.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const got: string[] = [];
    while (got.length < 150 && place.clock.ms < 1_000_100)
      got.push(...textsOf([(await source.pull(never))!]));
    expect(got).toEqual(lines.slice(0, got.length));
    expect((await texts(source)).concat(got).length).toBe(400);
  });

  it('FileSource: lines that are longer than the limit are searched again from their beginning when other lines replaced them', async () => {
    const small = { maxMessageBytes: 50, sizes: { stretchBytes: 52 } };
    writeFileSync(place.path('a.jsonl'), `first\n${long('long', 400)}`);
    const source = await place.open(small);
    expect(await texts(source)).toEqual(['first']);
    truncateSync(place.path('a.jsonl'), 6);
    appendFileSync(place.path('a.jsonl'), Array.from({ length: 60 }, (_, i) => `line-${i}\n`).join(''));
    expect(await texts(source)).toEqual(Array.from({ length: 60 }, (_, i) => `line-${i}`));
  });
});

describe('FileSource: files that lose their name with a half-written last line', () => {
  it.each([
    ['renamed', () => renameSync(place.path('a.jsonl'), join(place.folder, 'rotated'))],
    ['removed', () => unlinkSync(place.path('a.jsonl'))],
  ])(
    'FileSource: a file that loses its name with an incomplete last line is read to its end when %s, and then the next file of that name',
    async (_, lose) => {
      writeFileSync(place.path('a.jsonl'), 'one\nhal');
      const source = await place.open();
      expect(await texts(source)).toEqual(['one']);
      lose();
      writeFileSync(place.path('a.jsonl'), 'fresh\n');
      expect(await texts(source, 5)).toEqual(['hal', 'fresh']);
      appendFileSync(place.path('a.jsonl'), 'more\n');
      expect(await texts(source)).toEqual(['more']);
      await source.close();
      expect(faultyFiles.open).toBe(0);
    },
  );

  it('FileSource: a file that loses its name with an incomplete last line is read on while a program still writes to it', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\nhal');
    const source = await place.open();
    await texts(source);
    const moved = join(place.folder, 'rotated');
    renameSync(place.path('a.jsonl'), moved);
    writeFileSync(place.path('a.jsonl'), 'fresh\n');
    expect(await texts(source, 0.3)).toEqual([]);
    appendFileSync(moved, 'f\ntwo\n');
    expect(await texts(source, 5)).toEqual(['half', 'two', 'fresh']);
  });

  it('FileSource: a file that loses its name with an incomplete last line ends after a minute even if a program never stops writing to it', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\n');
    const source = await place.open();
    await texts(source);
    const moved = join(place.folder, 'rotated');
    renameSync(place.path('a.jsonl'), moved);
    writeFileSync(place.path('a.jsonl'), 'fresh\n');
    const got: string[] = [];
    for (let i = 0; i < 300 && !got.includes('fresh'); i++) {
      appendFileSync(moved, `late-${i}\n`);
      got.push(...(await texts(source, 0.4)));
    }
    expect(got.at(-1)).toBe('fresh');
    expect(got.length).toBeGreaterThan(100);
  });

  it('FileSource: a file that loses its name with an incomplete last line is read from its beginning when the name returns after that line was delivered', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\nhal');
    const source = await place.open();
    await texts(source);
    const moved = join(place.folder, 'moved');
    renameSync(place.path('a.jsonl'), moved);
    expect(await texts(source)).toEqual(['hal']);
    renameSync(moved, place.path('a.jsonl'));
    appendFileSync(place.path('a.jsonl'), 'f\n');
    expect(await texts(source)).toEqual(['one', 'half']);
  });

  it('FileSource: a file that loses its name with an incomplete last line stays open until its end, beyond the limit of open files', async () => {
    for (let i = 0; i < 300; i++) writeFileSync(place.path(`${i}.jsonl`), '');
    writeFileSync(place.path('a.jsonl'), 'one\ntwo\nhal');
    const source = await place.open({ maxMessages: 1, maxAgeSeconds: 0 });
    expect(textsOf([(await source.pull(new AbortController().signal))!])).toEqual(['one']);
    renameSync(place.path('a.jsonl'), join(place.folder, 'rotated'));
    writeFileSync(place.path('a.jsonl'), 'fresh\n');
    place.clock.ms += 300;
    expect(await texts(source, 5)).toEqual(['two', 'hal', 'fresh']);
  });

  it('FileSource: a file that loses its name with an incomplete last line is reported if it could not be read to its end', async () => {
    for (let i = 0; i < 300; i++) writeFileSync(place.path(`${i}.jsonl`), `m-${i}\n`);
    const source = await place.open();
    await texts(source);
    appendFileSync(place.path('7.jsonl'), 'unread\n');
    // More files than are kept open: this one is closed, and nothing is left to open.
    expect(await texts(source, 0.5, ({ topic }) => topic === '7.jsonl')).toEqual([]);
    unlinkSync(place.path('7.jsonl'));
    expect(await texts(source)).toEqual([]);
    expect(place.warnings.map(({ fields }) => fields)).toEqual([
      { file: '7.jsonl', position: 4, size: 11, rewritten: false },
    ]);
  });
});

describe('FileSource: partitions that are skipped', () => {
  it('FileSource delivers nothing of a skipped file, delivers the other files, and ends only when no file is skipped', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\n');
    writeFileSync(place.path('b.jsonl'), 'two\n');
    const source = await place.open({ once: true });
    expect(await texts(source, 2, ({ topic }) => topic === 'a.jsonl')).toEqual(['two']);
    expect(await texts(source)).toEqual(['one']);
    expect(await source.pull(new AbortController().signal)).toBeUndefined();
  });
});

describe('FileSource: a file system with errors', () => {
  it.each([
    ['read', 'EIO'],
    ['fstat', 'EIO'],
    ['open', 'EMFILE'],
    ['open', 'EIO'],
    ['lstat', 'EIO'],
    ['lstat', 'ENOENT'],
    ['readdir', 'EIO'],
    ['readdir', 'EMFILE'],
    ['readdir', 'ENOENT'],
  ] as const)('FileSource loses no line when %s fails with %s, at any call', async (operation, code) => {
    for (let after = 0; after < 12; after++) {
      const name = `${after}.jsonl`;
      const source = await place.open();
      writeFileSync(place.path(name), 'one\ntwo\nthr');
      faultyFiles.plan([fault(operation, code, after)]);
      const got = await texts(source, 3);
      appendFileSync(place.path(name), 'ee\nfour\n');
      got.push(...(await texts(source, 3)));
      faultyFiles.plan([]);
      expect(got, `failing call ${after}`).toEqual(['one', 'two', 'three', 'four']);
      await source.close();
      unlinkSync(place.path(name));
    }
    expect(faultyFiles.failures).toBeGreaterThan(0);
  });

  it('FileSource does not treat an incomplete line as complete because its file cannot be inspected for some seconds', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\nhal');
    const source = await place.open();
    expect(await texts(source)).toEqual(['one']);
    faultyFiles.plan([fault('lstat', 'EIO', 0, 20)]);
    expect(await texts(source, 6)).toEqual([]);
    appendFileSync(place.path('a.jsonl'), 'f\n');
    expect(await texts(source)).toEqual(['half']);
  });

  it('FileSource commits no line that was not delivered because of an error after a read', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\ntwo\n');
    const source = await place.open();
    for (const operation of ['fstat', 'read'] as const) {
      faultyFiles.plan([fault(operation, 'EIO', 1, 3)]);
      await texts(source, 0.1);
    }
    faultyFiles.plan([]);
    appendFileSync(place.path('a.jsonl'), 'three\n');
    const batches = await pullForAWhile(source, place.clock);
    expect(textsOf(batches)).toEqual(['one', 'two', 'three']);
    await source.commit(ends(batches));
    await source.close();
    expect(await texts(await place.open())).toEqual([]);
  });

  it('FileSource keeps a rotated file open after an error, and reads it to its end', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\n');
    const source = await place.open();
    await texts(source);
    appendFileSync(place.path('a.jsonl'), 'late\nhalf');
    faultyFiles.plan([fault('read', 'EIO', 0, 4)]);
    await texts(source, 0.5);
    renameSync(place.path('a.jsonl'), join(place.folder, 'rotated'));
    writeFileSync(place.path('a.jsonl'), 'fresh and longer than the old file\n');
    expect(await texts(source, 5)).toEqual(['late', 'half', 'fresh and longer than the old file']);
  });

  it('FileSource gives up a rotated file that cannot be read for a minute, with a warning, and reads the next one of that name', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\n');
    const source = await place.open();
    await texts(source);
    appendFileSync(place.path('a.jsonl'), 'late\n');
    renameSync(place.path('a.jsonl'), join(place.folder, 'rotated'));
    writeFileSync(place.path('a.jsonl'), 'fresh\n');
    faultyFiles.plan([fault('read', 'EIO', 0, 10_000)]);
    await texts(source, 70);
    faultyFiles.plan([]);
    expect(await texts(source, 3)).toEqual(['fresh']);
    expect(place.warnings.map(({ text }) => text).join('\n')).toContain(
      'lost its name before it was read to its end',
    );
  });

  it('FileSource reads nothing of another file that took the name of a closed one between two polls', async () => {
    for (let i = 0; i < 300; i++) writeFileSync(place.path(`${i}.jsonl`), `m-${i}\n`);
    const source = await place.open({ maxAgeSeconds: 0, maxMessages: 1 });
    expect((await texts(source)).length).toBe(300);
    writeFileSync(place.path('5.jsonl.other'), 'other-1\nother-2\n');
    appendFileSync(place.path('5.jsonl'), 'second\n');
    expect(await texts(source)).toEqual(['second']);
    appendFileSync(place.path('5.jsonl'), 'third\n');
    renameSync(place.path('5.jsonl.other'), place.path('5.jsonl'));
    expect((await texts(source, 5)).filter((text) => !text.startsWith('other'))).toEqual([]);
    expect(await texts(source)).toEqual([]);
  });

  it('FileSource reports an inbox that cannot be read in its health, until it can be read', async () => {
    const source = await place.open();
    faultyFiles.plan([fault('readdir', 'EIO', 0, 3)]);
    await texts(source, 0.3);
    expect(source.trouble()).toContain('the inbox');
    await texts(source, 2);
    expect(source.trouble()).toBeUndefined();
  });

  it('FileSource with once retries a file that cannot be read, and fails instead of reporting success', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\n');
    writeFileSync(place.path('b.jsonl'), 'two\n');
    const never = new AbortController().signal;
    const source = await place.open({ once: true });
    faultyFiles.plan([fault('read', 'EIO')]);
    const both = [await source.pull(never), await source.pull(never)];
    expect(textsOf(both as Batch[]).sort()).toEqual(['one', 'two']);
    expect(await source.pull(never)).toBeUndefined();
    await source.close();
    const again = await place.open({ once: true });
    faultyFiles.plan([fault('read', 'EIO', 0, 10_000)]);
    await expect(again.pull(never)).rejects.toMatchObject({
      code: 'SOURCE_FAILED',
      message: expect.stringContaining('a.jsonl'),
    });
  });
});

describe('FileSource: files that are rewritten in place', () => {
  it('FileSource: a file that is rewritten in place is read again from its beginning even if it has the same length', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\ntwo\n');
    const source = await place.open();
    expect(await texts(source)).toEqual(['one', 'two']);
    writeFileSync(place.path('a.jsonl'), 'uno\ndue\n');
    expect(await texts(source)).toEqual(['uno', 'due']);
    expect(place.revoked).toEqual(['a.jsonl 1']);
  });

  it('FileSource: a file that is rewritten in place is noticed even if both versions have the same modification time', async () => {
    const path = place.path('a.jsonl');
    writeFileSync(path, 'one\ntwo\n');
    faultyFiles.changes.set(statSync(path).ino, place.clock.now());
    const source = await place.open();
    expect(await texts(source, 1.5)).toEqual(['one', 'two']);
    writeFileSync(path, 'uno\ndue\n');
    expect(await texts(source, 5)).toEqual(['uno', 'due']);
  });

  it('FileSource: a file that is rewritten in place is noticed even if it begins as before', async () => {
    const same = `${'s'.repeat(1500)}\n`;
    writeFileSync(place.path('a.jsonl'), `${same}one\ntwo\n`);
    const source = await place.open({ maxMessageBytes: 2000 });
    const batches = await pullForAWhile(source, place.clock);
    expect(textsOf(batches).length).toBe(3);
    await source.commit(ends(batches));
    writeFileSync(place.path('a.jsonl'), `${same}uno\ndue\ntre\n`);
    expect((await texts(source)).map((text) => text.slice(0, 3))).toEqual(['sss', 'uno', 'due', 'tre']);
  });

  it('FileSource: a file that is rewritten in place is noticed before anything is read at a position of the old content', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\ntwo\n');
    const source = await place.open({ maxAgeSeconds: 0 });
    expect(textsOf([(await source.pull(new AbortController().signal))!])).toEqual(['one', 'two']);
    // Within the time of one look.
    writeFileSync(place.path('a.jsonl'), 'a much longer line than before\nand another\n');
    expect(await texts(source)).toEqual(['a much longer line than before', 'and another']);
  });

  it('FileSource: a file does not count as rewritten in place when half a line became a complete line of the same length', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\nhalf');
    const source = await place.open();
    expect(await texts(source)).toEqual(['one']);
    writeFileSync(place.path('a.jsonl'), 'one\ntwo\n');
    expect(await texts(source)).toEqual(['two']);
  });

  it('FileSource: a file that is rewritten in place is read correctly when it was truncated and written between a poll and a read', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\ntwo\nthree\n');
    const source = await place.open();
    truncateSync(place.path('a.jsonl'), 0);
    appendFileSync(place.path('a.jsonl'), 'new\n');
    expect(await texts(source)).toEqual(['new']);
  });

  it('FileSource: a file that is rewritten in place is noticed before more of it is read, without a poll in between', async () => {
    const lines = Array.from({ length: 6 }, (_, i) => `old line number ${i} of the file`);
    writeFileSync(place.path('a.jsonl'), lines.map((line) => `${line}\n`).join(''));
    const source = await place.open({ maxMessages: 1, maxMessageBytes: 50, sizes: { stretchBytes: 52 } });
    expect(textsOf([(await source.pull(new AbortController().signal))!])).toEqual([lines[0]]);
    const others = Array.from({ length: 9 }, (_, i) => `${i} a new line of another length`);
    writeFileSync(place.path('a.jsonl'), others.map((line) => `${line}\n`).join(''));
    expect(await texts(source)).toEqual(others);
  });

  it('FileSource: a file that is rewritten in place is noticed after a restart even if the first batch is unchanged', async () => {
    writeFileSync(place.path('a.jsonl'), 'same\n');
    const source = await place.open();
    await texts(source);
    appendFileSync(place.path('a.jsonl'), 'one\n');
    await source.commit(ends(await pullForAWhile(source, place.clock)));
    await source.close();
    writeFileSync(place.path('a.jsonl'), 'same\nuno\n');
    expect(await texts(await place.open())).toEqual(['same', 'uno']);
  });

  it('FileSource: a file does not count as rewritten in place when only its permissions or name change', async () => {
    const path = place.path('a.jsonl');
    writeFileSync(path, 'one\n');
    const source = await place.open();
    await texts(source, 5);
    chmodSync(path, 0o600);
    linkSync(path, join(place.folder, 'link'));
    expect(await texts(source)).toEqual([]);
    expect(place.revoked).toEqual([]);
  });
});

describe('FileSource: links, and files that the daemon writes', () => {
  it('FileSource follows a symbolic link within the inbox, and none that leaves it, with one warning each', async () => {
    writeFileSync(join(place.folder, 'secret'), 'secret\n');
    mkdirSync(place.path('.kept'));
    writeFileSync(place.path('.kept/b'), 'inside\n');
    symlinkSync(join(place.folder, 'secret'), place.path('a.jsonl'));
    symlinkSync('.kept/b', place.path('b.jsonl'));
    symlinkSync('nowhere', place.path('c.jsonl'));
    const source = await place.open();
    expect(await texts(source)).toEqual(['inside']);
    expect(place.warnings.map(({ fields, text }) => `${fields.file} ${text}`)).toEqual([
      'a.jsonl is a link that leads out of the inbox and is not followed',
    ]);
    expect((await source.lag()).map(({ topic }) => topic)).toEqual(['b.jsonl']);
  });

  it('FileSource follows no symbolic link that replaced a file between a poll and a read', async () => {
    writeFileSync(join(place.folder, 'secret'), 'secret\nsecret\n');
    for (let i = 0; i < 300; i++) writeFileSync(place.path(`${i}.jsonl`), `m-${i}\n`);
    const source = await place.open();
    await texts(source);
    appendFileSync(place.path('3.jsonl'), 'more\n');
    unlinkSync(place.path('3.jsonl'));
    symlinkSync(join(place.folder, 'secret'), place.path('3.jsonl'));
    expect(await texts(source)).toEqual([]);
  });

  it.each([
    ['a link', (own: string) => symlinkSync(own, place.path('own.jsonl'))],
    ['a second name', (own: string) => linkSync(own, place.path('own.jsonl'))],
  ])(
    'FileSource does not read a file that the daemon writes through %s of it in the inbox',
    async (_, link) => {
      mkdirSync(place.path('.state'));
      const own = place.path('.state/dead-letters.jsonl');
      writeFileSync(own, 'letter\n');
      link(own);
      const source = await place.open({ ownFiles: [own, join(place.folder, 'not there yet')] });
      expect(await texts(source)).toEqual([]);
      expect(place.warnings.map(({ text }) => text)).toEqual([
        'is a file that Sluice itself writes and is not read',
      ]);
    },
  );
});

describe('FileSource: steps of the wall clock', () => {
  it.each([
    ['back by an hour', -3600],
    ['on by an hour', 3600],
    ['back by ten seconds', -10],
  ])('FileSource delays and repeats no line when the wall clock is set %s', async (_, seconds) => {
    writeFileSync(place.path('a.jsonl'), 'one\n');
    const source = await place.open({ maxAgeSeconds: 1 });
    const stop = new AbortController();
    const pulled = source.pull(stop.signal);
    place.clock.wallMs += seconds * 1000;
    const began = place.clock.ms;
    const first = (await pulled)!;
    expect(textsOf([first])).toEqual(['one']);
    expect(place.clock.ms - began).toBeLessThan(2000);
    expect(place.clock.elapsed() - first.messages[0]!.receivedElapsed).toBeLessThan(2);
    appendFileSync(place.path('a.jsonl'), 'two\n');
    place.clock.wallMs += seconds * 1000;
    const rest = await pullForAWhile(source, place.clock);
    expect(textsOf(rest)).toEqual(['two']);
    await source.commit(ends(rest));
    await source.close();
    place.clock.wallMs -= seconds * 1000;
    expect(await texts(await place.open())).toEqual([]);
  });
});

describe('FileSource: offsets.json', () => {
  const entries = () =>
    JSON.parse(readFileSync(join(place.stateDir, 'offsets.json'), 'utf8')).files as Record<string, unknown>;
  const day = 24 * 3600 * 1000;

  async function readAndCommit(source: FileSource): Promise<void> {
    for (const batch of await pullForAWhile(source, place.clock)) await source.commit(ends([batch]));
  }

  it('FileSource keeps no offsets of files that were removed while it ran', async () => {
    const source = await place.open({ maxAgeSeconds: 0 });
    for (let i = 0; i < 40; i++) {
      writeFileSync(place.path(`day-${i}.jsonl`), 'one\n');
      await readAndCommit(source);
      if (i > 0) unlinkSync(place.path(`day-${i - 1}.jsonl`));
    }
    await readAndCommit(source);
    writeFileSync(place.path('last.jsonl'), 'one\n');
    await readAndCommit(source);
    expect(Object.keys(entries())).toEqual(['day-39.jsonl', 'last.jsonl']);
  });

  it('FileSource forgets the offset of a file that was moved away a month after the file was last seen, regardless of its last commit', async () => {
    const source = await place.open({ maxAgeSeconds: 0 });
    for (const name of ['moved.jsonl', 'stays.jsonl']) writeFileSync(place.path(name), 'one\n');
    await readAndCommit(source);
    const step = async (ms: number) => {
      place.clock.wallMs += ms;
      appendFileSync(place.path('stays.jsonl'), 'more\n');
      // Offsets are looked through once a minute.
      await pullForAWhile(source, place.clock, 61);
      appendFileSync(place.path('stays.jsonl'), 'more\n');
      await readAndCommit(source);
    };
    await step(40 * day);
    renameSync(place.path('moved.jsonl'), join(place.folder, 'moved'));
    await step(day);
    await step(20 * day);
    expect(Object.keys(entries())).toEqual(['moved.jsonl', 'stays.jsonl']);
    await step(11 * day);
    expect(Object.keys(entries())).toEqual(['stays.jsonl']);
  });

  it('FileSource commits blank lines at the end of a file by itself', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\n\n');
    writeFileSync(place.path('b.jsonl'), '\n\r\n');
    const source = await place.open();
    await readAndCommit(source);
    appendFileSync(place.path('a.jsonl'), ' \n\n');
    expect(await texts(source)).toEqual([]);
    expect((await source.lag()).map(({ topic, lag }) => [topic, lag])).toEqual([
      ['a.jsonl', 0],
      ['b.jsonl', 0],
    ]);
    await source.close();
    expect(await texts(await place.open())).toEqual([]);
    expect(entries()).toMatchObject({ 'a.jsonl': { offset: 8 }, 'b.jsonl': { offset: 3 } });
  });

  it('FileSource commits no blank line after a message that is not committed', async () => {
    writeFileSync(place.path('a.jsonl'), 'one\n');
    const source = await place.open({ maxAgeSeconds: 0 });
    const [batch] = await pullForAWhile(source, place.clock);
    appendFileSync(place.path('a.jsonl'), '\n\n');
    expect(await texts(source)).toEqual([]);
    expect((await source.lag())[0]).toMatchObject({ committed: 0, lag: 6 });
    await source.commit(ends([batch!]));
    expect((await source.lag())[0]).toMatchObject({ committed: 6, lag: 0 });
  });
});
