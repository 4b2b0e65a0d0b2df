import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  linesOf,
  readTrace,
} from './daemon-process.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-inbox-'));
  layFolder(folder);
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const inbox = (name: string) => join(folder, 'data', 'inbox', name);
const good = (id: string, message = 'see you tomorrow') => `${JSON.stringify({ message, message_id: id })}\n`;
const ids = () => readTrace(folder).map((line) => line.message_id);

describe('an inbox that somebody uses to attack the daemon', () => {
  it('a hostile inbox cannot block other files by an endless line, or make the daemon read files outside it or files of its own', async () => {
    writeFileSync(join(folder, 'passwd'), 'root:x:0:0\n');
    symlinkSync(join(folder, 'passwd'), inbox('a-link.jsonl'));
    const letters = join(folder, 'data', 'dead-letters.jsonl');
    writeFileSync(letters, '');
    symlinkSync(letters, inbox('b-own.jsonl'));
    linkSync(letters, inbox('c-own.jsonl'));
    // Sparse: it takes no room on the disk.
    writeFileSync(inbox('d-endless.jsonl'), '');
    truncateSync(inbox('d-endless.jsonl'), 30 * 1024 ** 3);
    writeFileSync(inbox('z.jsonl'), `nonsense\n${good('first')}`);
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => ids().includes('first'));
    for (const id of ['second', 'third']) {
      appendFileSync(inbox('z.jsonl'), good(id));
      await daemon.until(() => ids().includes(id));
    }
    expect(linesOf(letters).map((line) => JSON.parse(line).topic)).toEqual(['z.jsonl']);
    const warnings = daemon.log
      .split('\n')
      .filter((line) => line.includes('is not followed') || line.includes('is not read'));
    expect(warnings).toHaveLength(3);
    expect(daemon.log).not.toContain('root:x');
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('things in the inbox that are no files to read', () => {
  it('symbolic links out of the inbox are skipped, and only its user can read files of the daemon', async () => {
    const umask = process.umask(0);
    onTestFinished(() => void process.umask(umask));
    execFileSync('mkfifo', [inbox('a-fifo.jsonl')]);
    mkdirSync(inbox('b-folder.jsonl'));
    symlinkSync('/dev/zero', inbox('c-device.jsonl'));
    symlinkSync('/proc/self/environ', inbox('d-proc.jsonl'));
    symlinkSync(inbox('e-loop.jsonl'), inbox('e-loop.jsonl'));
    symlinkSync(join(folder, 'nowhere'), inbox('f-dangling.jsonl'));
    writeFileSync(inbox('z.jsonl'), `nonsense\n${good('first')}`);
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => ids().includes('first'));
    appendFileSync(inbox('z.jsonl'), good('second', 'WIN a FREE prize now, click http://free-prize.example'));
    await daemon.until(() => ids().includes('second'));
    const letters = linesOf(join(folder, 'data', 'dead-letters.jsonl'));
    expect(letters.map((line) => JSON.parse(line).topic)).toEqual(['z.jsonl']);
    const data = join(folder, 'data');
    const open = readdirSync(data)
      .filter((name) => statSync(join(data, name)).isFile())
      .filter((name) => (statSync(join(data, name)).mode & 0o077) !== 0);
    expect(open).toEqual([]);
    expect(readdirSync(data)).toEqual(
      expect.arrayContaining(['dead-letters.jsonl', 'sluice.db', 'trace.jsonl']),
    );
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('files of the inbox that are rotated', () => {
  it('rotated files of the inbox are read to their end, including an incomplete last line, and then the next file of that name', async () => {
    writeFileSync(inbox('rot.jsonl'), `${good('one')}{"message":"half`);
    const daemon = await DaemonProcess.start(folder);
    await daemon.until(() => ids().includes('one'));
    renameSync(inbox('rot.jsonl'), join(folder, 'rotated'));
    writeFileSync(inbox('rot.jsonl'), good('two') + good('three'));
    // The writer finishes the line that it had begun.
    appendFileSync(join(folder, 'rotated'), ' a line","message_id":"late"}\n');
    await daemon.until(() => ids().includes('three'));
    expect(ids()).toEqual(['one', 'late', 'two', 'three']);
    const size = good('two').length + good('three').length;
    await daemon.until(() => committedOffset(folder, 'rot.jsonl') === size);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
