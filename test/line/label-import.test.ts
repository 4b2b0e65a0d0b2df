import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from './daemon-process.ts';

const ROWS = 12_000;

let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-label-import-'));
  children = [];
  const rows = Array.from({ length: ROWS }, (_, at) => (at % 5 === 4 ? '""' : `"text\n${at}"`));
  writeFileSync(join(folder, 'dump.csv'), ['body', ...rows, ''].join('\n'));
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const path = () => join(folder, 'sluice.db');

/** Runs `sluice label`, and sends it a signal as soon as a step has committed so many rows. */
async function label(
  args: readonly string[],
  stop?: { readonly signal: NodeJS.Signals; readonly afterRows: number; readonly step?: number },
): Promise<{
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}> {
  const settings = ['--set', `store.libsql.path=${path()}`, '--set', `state.path=${folder}`];
  const child = spawn(process.execPath, [cli, 'label', ...args, ...settings], {
    ...{ cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const watch = setInterval(() => {
    if (stop === undefined || committed(stop.step ?? 1) < stop.afterRows) return;
    clearInterval(watch);
    child.kill(stop.signal);
  }, 2);
  try {
    return await new Promise((resolve, reject) => {
      child.once('close', (code, signal) => resolve({ code, signal, output }));
      child.once('error', reject);
    });
  } finally {
    clearInterval(watch);
  }
}

function ask<T>(statement: string): readonly T[] {
  const client = new Database(path(), { readonly: true });
  try {
    return client.prepare(statement).all() as T[];
  } finally {
    client.close();
  }
}

function committed(step: number): number {
  try {
    return ask<{ rows: number }>(`select changed as rows from label_step where id = ${step}`)[0]!.rows;
  } catch {
    // Not there yet, or busy.
    return -1;
  }
}

/** As if half a minute had passed, in which the step of a killed process is held. */
function forgetHolder(): void {
  const client = new Database(path());
  client.exec('update label_step set held_until = 0');
  client.close();
}

const expected = Array.from({ length: ROWS }, (_, at) => at)
  .filter((at) => at % 5 !== 4)
  .map((at) => `text\n${at}`);
const messages = () =>
  ask<{ message: string }>('select message from training order by id').map(({ message }) => message);
const importing = ['import', 'dump.csv', '--apply'];

describe('sluice label import as a process', () => {
  it('an import that is killed twice is resumed where it stopped: no row is lost, and none is there twice', async () => {
    expect((await label(importing, { signal: 'SIGKILL', afterRows: 1 })).signal).toBe('SIGKILL');
    const first = messages().length;
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(expected.length);
    expect((await label(importing)).output).toMatch(/^STEP_RUNNING: label step 1 /m);
    forgetHolder();
    await label(['resume', '1'], { signal: 'SIGKILL', afterRows: first + 2000 });
    const second = messages().length;
    expect(second).toBeGreaterThanOrEqual(first + 2000);
    expect(second).toBeLessThan(expected.length);
    forgetHolder();
    const { code, output } = await label(['resume', '1']);
    expect(code).toBe(0);
    expect(output).toContain('step 1: added 9,600 rows\n  of 12,000 rows that were read\n');
    expect(messages()).toEqual(expected);
  });

  it('an import that is interrupted is resumed at once, or taken back', async () => {
    const { code, output } = await label(importing, { signal: 'SIGINT', afterRows: 1 });
    expect(code).toBe(130);
    expect(output).toMatch(/interrupted; step 1 has added [\d,]+ rows and is not finished/);
    const first = messages().length;
    expect(first).toBeLessThan(expected.length);
    expect((await label(['resume', '1'], { signal: 'SIGTERM', afterRows: first + 1000 })).code).toBe(143);
    expect(messages().length).toBeGreaterThan(first);
    expect((await label(['undo', '1'])).code).toBe(0);
    expect(messages()).toEqual([]);
  });

  it('a label step that is interrupted is taken back', async () => {
    await label(importing);
    const { code, output } = await label(['rest', '--as', 'ham', '--apply'], {
      signal: 'SIGINT',
      step: 2,
      afterRows: 1,
    });
    expect(code).toBe(130);
    expect(output).toContain('The table is as it was.');
    expect(
      ask<{ rows: number }>('select count(*) as rows from training where labelled_by is not null'),
    ).toEqual([{ rows: 0 }]);
  });
});
