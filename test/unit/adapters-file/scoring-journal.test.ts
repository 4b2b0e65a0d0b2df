import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileScoringJournal } from '../../../src/adapters/file/scoring-journal.ts';
import { batchOf, RecordingLog } from '../pipeline/fakes.ts';

let folder = '';
let log: RecordingLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-journal-'));
  log = new RecordingLog();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = () => join(folder, 'scoring.journal');
/** As the next process opens it, after one that did not close it. */
const open = () => FileScoringJournal.open(folder, log);
const batch = (start: number, length: number, partition = 0) =>
  batchOf(Array<string>(length).fill('ham'), { start, partition });
/** Offsets up to 30 that are suspects. */
function suspectsOf(journal: FileScoringJournal, partition = 0): number[] {
  const isSuspect = journal.suspectsIn({ topic: 'chat', partition }) ?? (() => false);
  return Array.from({ length: 30 }, (_, offset) => offset).filter(isSuspect);
}

describe('the journal of what is being scored', () => {
  it('the scoring journal suspects messages that were being scored at two crashes in a row, and none after one crash', () => {
    open().begin(batch(0, 5));
    const second = open();
    expect(second.suspectsIn({ topic: 'chat', partition: 0 })).toBeUndefined();
    second.begin(batch(3, 5));
    const third = open();
    expect(suspectsOf(third)).toEqual([3, 4]);
    expect(suspectsOf(third, 1)).toEqual([]);
    expect(log.lines.map(({ level, fields }) => [level, fields])).toEqual([
      ['warn', { topic: 'chat', partition: 0, from: 3, to: 5, crashes: 2 }],
    ]);
  });

  it('the scoring journal suspects no message that had been scored before the crash', () => {
    for (let crash = 0; crash < 3; crash++) {
      const journal = open();
      const done = journal.begin(batch(0, 5));
      journal.begin(batch(5, 2));
      done();
    }
    expect(suspectsOf(open())).toEqual([5, 6]);
  });

  it('the scoring journal removes its file at an orderly end, and suspects nothing that was being scored then', async () => {
    const journal = open();
    journal.begin(batch(0, 5))();
    journal.begin(batch(5, 5));
    await journal.close();
    await journal.close();
    expect(existsSync(file())).toBe(false);
    open().begin(batch(0, 10));
    expect(suspectsOf(open())).toEqual([]);
  });

  it('the scoring journal remembers suspects that have not come again after an orderly end, such as a failed start', async () => {
    open().begin(batch(0, 5));
    open().begin(batch(0, 5));
    await open().close();
    const journal = open();
    expect(suspectsOf(journal)).toEqual([0, 1, 2, 3, 4]);
    journal.begin(batch(0, 5))();
    await journal.close();
    expect(existsSync(file())).toBe(false);
  });

  it('the scoring journal keeps its suspects until they have been scored, even if the process is killed before they come again', () => {
    open().begin(batch(0, 5));
    open().begin(batch(0, 5));
    open();
    open().begin(batch(20, 2));
    const later = open();
    expect(suspectsOf(later)).toEqual([0, 1, 2, 3, 4]);
    later.begin(batch(0, 3))();
    expect(suspectsOf(later)).toEqual([3, 4]);
    expect(suspectsOf(open())).toEqual([3, 4]);
  });

  it('the scoring journal distinguishes the partitions of a topic', () => {
    for (let crash = 0; crash < 2; crash++) {
      const journal = open();
      journal.begin(batch(0, 2, crash));
      journal.begin(batch(10, 2, 1));
    }
    expect(suspectsOf(open(), 1)).toEqual([10, 11]);
    expect(suspectsOf(open(), 0)).toEqual([]);
  });

  it('the scoring journal reads the complete lines of a file that was cut anywhere or contains invalid lines', () => {
    open().begin(batch(0, 5));
    const journal = open();
    journal.begin(batch(0, 5))();
    journal.begin(batch(5, 5));
    const whole = readFileSync(file());
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(file(), whole.subarray(0, length));
      // Of a line that is cut nothing is believed, so that at no length is more suspected than there ever was.
      expect(suspectsOf(open()).every((offset) => offset < 5)).toBe(true);
    }
    writeFileSync(file(), whole);
    appendFileSync(
      file(),
      '\n["begin",7\u0000\u0000\n["begin","x","chat",0,0,9]\n["begin",8,"chat",0,0]\n[]\nnull\n{}\n["end",99]\n["begin",9,"chat",0,5,7]',
    );
    expect(suspectsOf(open())).toEqual([]);
    expect(suspectsOf(open())).toEqual([]);
  });

  it('the scoring journal does not lose the line after one that a full disk has cut off', () => {
    for (let crash = 0; crash < 2; crash++) {
      const journal = open();
      journal.begin(batch(0, 2));
      truncateSync(file(), statSync(file()).size - 3);
      journal.begin(batch(10, 2));
    }
    expect(suspectsOf(open())).toEqual([10, 11]);
  });

  it('the scoring journal stays short, however many batches there are, and contains no message text', () => {
    const journal = open();
    const open20 = journal.begin(batchOf(['SECRET text'], { start: 20 }));
    for (let i = 0; i < 20_000; i++) journal.begin(batch(i, 1))();
    expect(statSync(file()).size).toBeLessThan(300_000);
    expect(readFileSync(file(), 'utf8')).not.toContain('SECRET');
    open20();
    journal.begin(batch(21, 1));
    open().begin(batch(20, 2));
    expect(suspectsOf(open())).toEqual([21]);
  });

  it('the scoring journal warns once if it cannot be written, and does not block scoring', () => {
    writeFileSync(join(folder, 'file'), '');
    const journal = FileScoringJournal.open(join(folder, 'file', 'state'), log);
    journal.begin(batch(0, 1))();
    journal.begin(batch(1, 1))();
    expect(log.lines.map(({ level }) => level)).toEqual(['warn']);
  });
});
