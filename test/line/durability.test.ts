import { appendFileSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/verdict.ts';
import { onlySynced } from '../durability/disk-model.ts';
import { RecordedDisk } from '../durability/recorded-disk.ts';
import {
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  root,
  type TraceLine,
} from './daemon-process.ts';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-durability-')));
});
afterEach(async () => {
  for (const name of ['NODE_OPTIONS', 'RECORDED_FOLDER', 'FILE_RECORD']) delete process.env[name];
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const spam = 'WIN a FREE cash prize now!!! Call 0900 123 4567 to claim, txt STOP to end';
const ham = 'are we still on for dinner tonight? I can bring the wine';
const ROUNDS = 6;
const LINES_A_ROUND = 40;

/** What a daemon is fed: spam, ham, and lines that cannot be read. */
function lineOf(i: number): string {
  if (i % 10 === 7) return `{"message": ${i}`;
  return JSON.stringify({ message: i % 2 === 0 ? spam : ham, message_id: `${i}` });
}

const linesOf = <Line>(content: Buffer | undefined): Line[] =>
  (content ?? Buffer.alloc(0))
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

/** The offset that a content of `offsets.json` commits. */
const offsetIn = (content: Buffer | undefined) =>
  content === undefined
    ? 0
    : (JSON.parse(content.toString()) as { files: Record<string, { offset: number }> }).files['a.jsonl']!
        .offset;

interface Fed {
  readonly id: string;
  readonly offset: number;
  readonly readable: boolean;
}

/** What came of each message before `committed` is on the disk of a machine that lost its power. */
function expectOutcomes(files: ReadonlyMap<string, Buffer>, fed: readonly Fed[], committed: number): void {
  const data = (name: string) => files.get(join(folder, 'data', name));
  const traced = new Map(linesOf<TraceLine>(data('trace.jsonl')).map((line) => [line.offset, line.outcome]));
  const verdicts = new Set(linesOf<Verdict>(data('verdicts.jsonl')).map(({ message_id }) => message_id));
  const letters = new Set(
    linesOf<{ offset: number }>(data('dead-letters.jsonl')).map(({ offset }) => offset),
  );
  for (const { id, offset, readable } of fed.filter((message) => message.offset < committed)) {
    expect({ offset, outcome: traced.get(offset) }).toEqual({ offset, outcome: expect.any(String) });
    if (!readable) expect([...letters]).toContain(offset);
    if (traced.get(offset) === 'spam') expect([...verdicts]).toContain(id);
  }
}

describe('a daemon whose machine may lose its power at any moment', () => {
  it('a daemon commits an offset only when the outcomes of all messages before it would survive a power cut', async () => {
    layFolder(folder);
    const record = join(folder, 'record.jsonl');
    const preload = join(root, 'test', 'durability', 'record-files.mjs');
    Object.assign(process.env, {
      NODE_OPTIONS: `--import ${preload}`,
      RECORDED_FOLDER: join(folder, 'data'),
      FILE_RECORD: record,
    });
    const daemon = await DaemonProcess.start(folder);
    const fed: Fed[] = [];
    let bytes = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = round * LINES_A_ROUND; i < (round + 1) * LINES_A_ROUND; i++) {
        fed.push({ id: `${i}`, offset: bytes, readable: i % 10 !== 7 });
        appendFileSync(join(folder, 'data', 'inbox', 'a.jsonl'), `${lineOf(i)}\n`);
        bytes += lineOf(i).length + 1;
      }
      await daemon.until(() => committedOffset(folder, 'a.jsonl') === bytes);
    }
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });

    const disk = new RecordedDisk(join(folder, 'data'));
    const path = join(folder, 'data', 'offsets.json');
    let commits = 0;
    for (const operation of RecordedDisk.read(record)) {
      if (operation.operation === 'rename' && operation.to === path) {
        commits++;
        // From here on the new offsets may be what a power cut leaves.
        const offsets = disk.model.file(operation.from).content;
        const files = disk.model.afterCut(onlySynced);
        expectOutcomes(files, fed, offsetIn(offsets));
        expect(disk.model.file(operation.from).afterCut(onlySynced)).toEqual(offsets);
      }
      disk.apply(operation);
    }
    expect(commits).toBeGreaterThanOrEqual(ROUNDS);
    expect(offsetIn(disk.model.afterCut(onlySynced).get(path))).toBe(bytes);
  });
});
