import { appendFile, chmod, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendLog } from '../../../src/adapters/file/append-log.ts';
import type { FileOperations } from '../../../src/adapters/file/file-operations.ts';
import type { Log } from '../../../src/ports/log.ts';
import { onlySynced } from '../../durability/disk-model.ts';
import { type FaultPlan, MemoryDisk, type OperationName } from '../../durability/memory-disk.ts';

let folder: string;
let path: string;
let warnings: object[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-append-'));
  path = join(folder, 'lines.jsonl');
  warnings = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log: Log = {
  debug() {},
  info() {},
  warn: (fields) => void warnings.push(fields),
  error() {},
  child: () => log,
};
const content = () => readFile(path, 'utf8');

const openOn = (disk: MemoryDisk) => AppendLog.open('/disk/lines.jsonl', log, disk);
const textOn = (disk: MemoryDisk) => disk.text('/disk/lines.jsonl');
const syncsOf = ({ journal }: MemoryDisk) =>
  journal.filter((operation) => operation.startsWith('datasync')).length;
const failing = (operation: OperationName, code: string): FaultPlan => {
  return (name) => (name === operation ? { code } : undefined);
};

/** A disk on which a read gives few bytes, and on which a file is shorter by the time that it is read. */
function slowDisk(disk: MemoryDisk, { most = 4, shorterBy = 0 }): FileOperations {
  const parts: Partial<FileOperations> = {
    makeFolder: (folder) => disk.makeFolder(folder),
    syncFolder: (folder) => disk.syncFolder(folder),
    open: async (name, how) => {
      const file = await disk.open(name, how);
      return {
        ...file,
        read: (into, at) => file.read(into.subarray(0, most), at),
        size: async () => (await file.size()) + shorterBy,
      };
    },
  };
  return parts as FileOperations;
}

describe('AppendLog', () => {
  it('AppendLog removes the line that a crash has cut off, however long it is, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(200_000), { maxLength: 3 }),
        fc.nat(200_000),
        async (wholeLengths, tornLength) => {
          const whole = wholeLengths.map((length) => `${'w'.repeat(length)}\n`).join('');
          await writeFile(path, whole + 't'.repeat(tornLength));
          const lines = await AppendLog.open(path, log);
          await lines.append('next\n');
          await lines.close();
          expect((await content()) === `${whole}next\n`).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('AppendLog finds the end of the last complete line even if a read returns only a part of the requested bytes', async () => {
    for (const shorterBy of [0, 3]) {
      const disk = new MemoryDisk(
        new Map([['/disk/lines.jsonl', Buffer.from('whole\nanother whole line\ntorn')]]),
      );
      await AppendLog.open('/disk/lines.jsonl', log, slowDisk(disk, { shorterBy }));
      expect(textOn(disk)).toBe('whole\nanother whole line\n');
    }
  });

  it('AppendLog warns about a line that was cut off, and about nothing else', async () => {
    await (await AppendLog.open(path, log)).close();
    await writeFile(path, 'whole\n');
    await (await AppendLog.open(path, log)).close();
    expect(warnings).toEqual([]);
    await writeFile(path, 'whole\ntor');
    await (await AppendLog.open(path, log)).close();
    expect(warnings).toEqual([{ file: path, bytes: 3 }]);
  });

  it('AppendLog removes a line that a full disk has cut off, and writes it completely when there is room again', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    disk.room = 12;
    await lines.append('12345678\n');
    await expect(lines.append('abcdefgh\n')).rejects.toMatchObject({ code: 'SINK_FAILED', retriable: true });
    expect(textOn(disk)).toBe('12345678\n');
    disk.room = 1000;
    await lines.append('abcdefgh\n');
    expect(textOn(disk)).toBe('12345678\nabcdefgh\n');
  });

  it('AppendLog writes nothing after a cut line that could not be removed', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    disk.room = 12;
    await lines.append('12345678\n');
    disk.plan = failing('truncate', 'EIO');
    await expect(lines.append('abcdefgh\n')).rejects.toMatchObject({ retriable: true });
    disk.room = 1000;
    await expect(lines.append('abcdefgh\n')).rejects.toMatchObject({ retriable: true });
    disk.plan = () => undefined;
    await lines.append('abcdefgh\n');
    expect(textOn(disk)).toBe('12345678\nabcdefgh\n');
  });

  it('AppendLog never writes again after a failed sync, and truncates the lines that may be lost', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    await lines.append('synced\n');
    await lines.flush();
    await lines.append('one\n');
    disk.plan = failing('datasync', 'EIO');
    await expect(lines.flush()).rejects.toMatchObject({
      code: 'SINK_FAILED',
      retriable: false,
      cause: { code: 'EIO' },
    });
    disk.plan = () => undefined;
    await expect(lines.flush()).rejects.toMatchObject({ retriable: false });
    await expect(lines.append('two\n')).rejects.toMatchObject({ retriable: false });
    expect(textOn(disk)).toBe('synced\n');
  });

  it('AppendLog truncates lines that a failed sync may have lost, also in a file that somebody has emptied', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    await lines.append('a synced line\n');
    await lines.flush();
    await (await disk.open('/disk/lines.jsonl', 'replace')).close();
    await lines.append('one\n');
    disk.plan = failing('datasync', 'EIO');
    await expect(lines.flush()).rejects.toMatchObject({ retriable: false });
    expect(textOn(disk)).toBe('');
  });

  it('AppendLog does not extend a file that somebody has emptied before a sync failed', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    await lines.append('a synced line\n');
    await lines.flush();
    await lines.append('one\n');
    await (await disk.open('/disk/lines.jsonl', 'replace')).close();
    disk.plan = failing('datasync', 'EIO');
    await expect(lines.flush()).rejects.toMatchObject({ retriable: false });
    expect(textOn(disk)).toBe('');
  });

  it('AppendLog is not opened again if opening failed for a reason that is not an error of the system', async () => {
    const disk = new MemoryDisk();
    const broken = { ...slowDisk(disk, {}), makeFolder: async () => Promise.reject(new TypeError('a bug')) };
    await expect(AppendLog.open('/disk/lines.jsonl', log, broken)).rejects.toMatchObject({
      retriable: false,
    });
  });

  it('AppendLog serves any number of simultaneous flushes with at most two syncs, and a flush without new lines with none', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    const opened = syncsOf(disk);
    await lines.append('one\n');
    const first = lines.flush();
    await lines.append('two\n');
    await Promise.all([first, ...Array.from({ length: 20 }, () => lines.flush())]);
    expect(syncsOf(disk) - opened).toBeLessThanOrEqual(2);
    const before = syncsOf(disk);
    await lines.flush();
    expect(syncsOf(disk)).toBe(before);
    await lines.append('three\n');
    await lines.flush();
    expect(syncsOf(disk)).toBe(before + 1);
  });

  it('AppendLog makes everything durable in a flush that was appended before it, whether or not the append was awaited', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    for (const appended of ['one\n', 'one\ntwo\n', 'one\ntwo\nthree\n']) {
      void lines.append(appended.split('\n').at(-2)!.concat('\n'));
      await lines.flush();
      expect(disk.filesAfterCut(onlySynced).get('/disk/lines.jsonl')?.toString()).toBe(appended);
    }
  });

  it('AppendLog appends bytes as they are', async () => {
    const disk = new MemoryDisk();
    const lines = await openOn(disk);
    await lines.append(Uint8Array.from([0x63, 0xe9, 0x0a]));
    expect([...(await disk.readFile('/disk/lines.jsonl'))]).toEqual([0x63, 0xe9, 0x0a]);
  });

  it.each([
    ['ENOSPC', true],
    ['EMFILE', true],
    ['EIO', true],
    ['EACCES', false],
    ['EPERM', false],
    ['EROFS', false],
    ['EISDIR', false],
    ['ENOTDIR', false],
    ['EEXIST', false],
    ['ELOOP', false],
    ['ENAMETOOLONG', false],
    ['EINVAL', false],
    ['ENXIO', false],
  ])(
    'AppendLog that cannot be opened because of %s: the error is retriable (%s), and no file stays open',
    async (code, retriable) => {
      for (const operation of ['makeFolder', 'open', 'syncFolder', 'size', 'datasync'] as const) {
        if (!retriable && operation === 'syncFolder') continue;
        const disk = new MemoryDisk();
        disk.plan = failing(operation, code);
        await expect(openOn(disk)).rejects.toMatchObject({ code: 'SINK_FAILED', retriable });
        expect(disk.openFiles).toBe(0);
      }
    },
  );

  it('AppendLog creates files that only their owner can read, and leaves the permissions of a file that exists', async () => {
    await (await AppendLog.open(path, log)).close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o640);
    await (await AppendLog.open(path, log)).close();
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  it('AppendLog continues at the new end of a file that somebody has emptied', async () => {
    const lines = await AppendLog.open(path, log);
    await lines.append('one\n');
    await truncate(path, 0);
    await lines.append('two\n');
    await lines.close();
    expect(await content()).toBe('two\n');
  });

  it('AppendLog creates missing folders, and reports a folder that it cannot create', async () => {
    const deep = join(folder, 'a', 'b', 'c.jsonl');
    await (await AppendLog.open(deep, log)).close();
    await appendFile(deep, '');
    await expect(AppendLog.open(join(deep, 'd.jsonl'), log)).rejects.toMatchObject({ code: 'SINK_FAILED' });
  });
});
