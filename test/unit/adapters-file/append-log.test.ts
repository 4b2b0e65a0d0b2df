import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AppendFile, AppendLog } from '../../../src/adapters/file/append-log.ts';
import type { Log } from '../../../src/ports/log.ts';

let folder: string;
let path: string;
let warnings: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-append-'));
  path = join(folder, 'lines.jsonl');
  warnings = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const log: Log = { debug() {}, info() {}, warn: () => void warnings++, error() {}, child: () => log };
const content = () => readFile(path, 'utf8');

/** A file on a disk that holds `capacity` bytes. */
class SmallDisk implements AppendFile {
  capacity: number;
  held = Buffer.alloc(0);
  syncs = 0;
  failSync = false;
  failTruncate = false;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  async write(bytes: Uint8Array, from: number, length: number) {
    const room = Math.min(length, Math.max(0, this.capacity - this.held.length));
    if (room === 0) throw new Error('ENOSPC: no space left on device, write');
    this.held = Buffer.concat([this.held, bytes.subarray(from, from + room)]);
    return { bytesWritten: room };
  }

  async read(into: Uint8Array, at: number) {
    into.set(this.held.subarray(at, at + into.length));
    return { bytesRead: Math.min(into.length, this.held.length - at) };
  }

  async size() {
    return this.held.length;
  }

  async truncate(size: number) {
    if (this.failTruncate) throw new Error('EIO: i/o error, ftruncate');
    this.held = this.held.subarray(0, size);
  }

  async datasync() {
    this.syncs++;
    await new Promise((resolve) => setImmediate(resolve));
    if (this.failSync) throw new Error('EIO: i/o error, fdatasync');
  }

  async close() {}
}

const openOn = (disk: SmallDisk) => AppendLog.open(path, log, async () => disk);

describe('AppendLog', () => {
  it('removes the line that a crash has cut, however long, and nothing else', async () => {
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

  it('warns of a line that was cut, and of nothing else', async () => {
    await (await AppendLog.open(path, log)).close();
    await writeFile(path, 'whole\n');
    await (await AppendLog.open(path, log)).close();
    expect(warnings).toBe(0);
    await writeFile(path, 'whole\ntor');
    await (await AppendLog.open(path, log)).close();
    expect(warnings).toBe(1);
  });

  it('takes back what a full disk has cut, and writes it whole when there is room again', async () => {
    const disk = new SmallDisk(12);
    const lines = await openOn(disk);
    await lines.append('12345678\n');
    await expect(lines.append('abcdefgh\n')).rejects.toMatchObject({ code: 'SINK_FAILED', retriable: true });
    expect(disk.held.toString()).toBe('12345678\n');
    disk.capacity = 1000;
    await lines.append('abcdefgh\n');
    expect(disk.held.toString()).toBe('12345678\nabcdefgh\n');
  });

  it('writes nothing behind a cut line that could not be taken back', async () => {
    const disk = new SmallDisk(12);
    const lines = await openOn(disk);
    await lines.append('12345678\n');
    disk.failTruncate = true;
    await expect(lines.append('abcdefgh\n')).rejects.toMatchObject({ retriable: true });
    disk.capacity = 1000;
    await expect(lines.append('abcdefgh\n')).rejects.toMatchObject({ retriable: true });
    disk.failTruncate = false;
    await lines.append('abcdefgh\n');
    expect(disk.held.toString()).toBe('12345678\nabcdefgh\n');
  });

  it('never trusts the disk again after a sync that failed', async () => {
    const disk = new SmallDisk(1000);
    const lines = await openOn(disk);
    await lines.append('one\n');
    disk.failSync = true;
    await expect(lines.flush()).rejects.toMatchObject({ code: 'SINK_FAILED', retriable: false });
    disk.failSync = false;
    await expect(lines.flush()).rejects.toMatchObject({ retriable: false });
    await expect(lines.append('two\n')).rejects.toMatchObject({ retriable: false });
  });

  it('serves any number of flushes at once with two syncs at most, and a flush of nothing new with none', async () => {
    const disk = new SmallDisk(1000);
    const lines = await openOn(disk);
    await lines.append('one\n');
    const first = lines.flush();
    await lines.append('two\n');
    await Promise.all([first, ...Array.from({ length: 20 }, () => lines.flush())]);
    expect(disk.syncs).toBeLessThanOrEqual(2);
    const before = disk.syncs;
    await lines.flush();
    expect(disk.syncs).toBe(before);
    await lines.append('three\n');
    await lines.flush();
    expect(disk.syncs).toBe(before + 1);
  });

  it('makes durable in a flush all that was appended before it', async () => {
    const disk = new SmallDisk(1000);
    const lines = await openOn(disk);
    let atSync = '';
    disk.datasync = async () => {
      atSync = disk.held.toString();
    };
    for (const appended of ['one\n', 'one\ntwo\n', 'one\ntwo\nthree\n']) {
      void lines.append(appended.split('\n').at(-2)!.concat('\n'));
      await lines.flush();
      expect(atSync).toBe(appended);
    }
  });

  it('goes on at the new end of a file that somebody has emptied', async () => {
    const lines = await AppendLog.open(path, log);
    await lines.append('one\n');
    await truncate(path, 0);
    await lines.append('two\n');
    await lines.close();
    expect(await content()).toBe('two\n');
  });

  it('makes the folders on its way, and says so when it cannot', async () => {
    const deep = join(folder, 'a', 'b', 'c.jsonl');
    await (await AppendLog.open(deep, log)).close();
    await appendFile(deep, '');
    await expect(AppendLog.open(join(deep, 'd.jsonl'), log)).rejects.toMatchObject({ code: 'SINK_FAILED' });
  });
});
