import { beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { type ErasureReport, subjectOf } from '../../../src/core/erasure.ts';
import type { Eraser } from '../../../src/ports/eraser.ts';
import { appOf, TestTerminal } from './test-terminal.ts';

const report: ErasureReport = {
  ...{ subject_sha256: 'ab', dry_run: false, complete: true, texts: 2, too_short: 1 },
  stores: [
    { store: 'database', location: '/data/sluice.db', removed: 3, bytes: 4096, found: 0 },
    { store: 'inbox', location: '/data/inbox', removed: 1, bytes: 10, found: 0, note: 'as it is' },
  ],
  unreachable: [{ what: 'backups', retention: 'as configured' }],
};

let terminal: TestTerminal;
let calls: unknown[];
let answer: ErasureReport;
beforeEach(() => {
  terminal = new TestTerminal();
  calls = [];
  answer = report;
});
const app = {
  createLog: async () => ({}),
  eraserOf: async (): Promise<Eraser> => ({
    erase: async (subject, request) => {
      calls.push([subject, request]);
      return answer;
    },
    expire: async () => ({ decided_rows: 4, dead_letters: null }),
  }),
};
const run = (...argv: string[]) => runProgram(['erase', ...argv], terminal, appOf(app));

describe('sluice erase', () => {
  it('sluice erase prints the proof of each store, what it does not reach, and exits with 0 where nothing remains', async () => {
    expect(await run('--sender', '47', '--yes')).toBe(0);
    expect(calls).toEqual([
      [
        { kind: 'sender', sender: '47' },
        { dryRun: false, who: 'sluice erase' },
      ],
    ]);
    expect(terminal.output).toContain('database (/data/sluice.db): 3 erased, 4096 bytes scanned, found 0\n');
    expect(terminal.output).toContain('complete: none of 2 texts was found again');
    expect(terminal.output).toContain('1 texts are too short');
    expect(terminal.output).toContain('  backups: as configured\n');
  });

  it('sluice erase exits with 1 where something remains, and with --json prints one document', async () => {
    answer = { ...report, complete: false };
    expect(await run('--message', 'forum/a/b', '--yes', '--json')).toBe(1);
    expect(calls).toEqual([
      [
        { kind: 'message', community: 'forum', message_id: 'a/b' },
        { dryRun: false, who: 'sluice erase' },
      ],
    ]);
    expect(terminal.lines).toEqual([answer]);
  });

  it('sluice erase changes nothing without --yes, without a subject, or with two', async () => {
    expect(await run('--sender', '47')).toBe(2);
    expect(await run('--yes')).toBe(2);
    expect(await run('--sender', '47', '--message', 'a/b', '--yes')).toBe(2);
    expect(await run('--message', 'no-slash', '--yes')).toBe(2);
    expect(await run('--expired', '--dry-run')).toBe(2);
    expect(calls).toEqual([]);
    answer = { ...report, dry_run: true };
    expect(await run('--sender', '47', '--dry-run')).toBe(0);
    expect(calls).toMatchObject([[{}, { dryRun: true }]]);
    expect(terminal.output).toContain('3 would be erased\n');
  });

  it('sluice erase --expired prints what was past its age, and what is kept', async () => {
    expect(await run('--expired', '--yes')).toBe(0);
    expect(terminal.output).toBe('decided review rows: 4 erased\ndead letters: kept, no age is configured\n');
  });
});

describe('the subject of an erasure', () => {
  it('the subject of an erasure is divided at the first slash, unless the community is given', () => {
    expect(subjectOf('message', '/5')).toEqual({ kind: 'message', community: '', message_id: '5' });
    expect(subjectOf('message', 'a/b', 'x/y')).toEqual({
      ...{ kind: 'message', community: 'x/y', message_id: 'a/b' },
    });
    expect(() => subjectOf('message', 'forum/')).toThrow('empty');
    expect(() => subjectOf('sender', '')).toThrow('empty');
  });
});
