import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  committedOffset,
  DaemonProcess,
  endAllDaemons,
  layFolder,
  linesOf,
  readTrace,
  root,
} from './daemon-process.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-late-'));
  process.env.NODE_OPTIONS = `--require=${join(root, 'test', 'line', 'silent-file.cjs')}`;
  process.env.SILENT_FILE_NAME = 'verdicts.jsonl';
  process.env.SILENT_FILE_SWITCH = join(folder, 'silent');
});
afterEach(async () => {
  for (const name of ['NODE_OPTIONS', 'SILENT_FILE_NAME', 'SILENT_FILE_SWITCH']) delete process.env[name];
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const spam = 'WIN a FREE cash prize now!!! Call 0900 123 4567 to claim, txt STOP to end';

/** Writes a file of the inbox with `count` spam messages; returns its bytes. */
function feed(name: string, count: number): number {
  const lines = Array.from(
    { length: count },
    (_, i) => `${JSON.stringify({ message: spam, message_id: `${name}-${i}` })}\n`,
  ).join('');
  writeFileSync(join(folder, 'data', 'inbox', name), lines);
  return lines.length;
}

function opsOf(daemon: DaemonProcess): string {
  const ready = daemon.log.split('\n').find((line) => line.includes('"msg":"ready"'));
  return (JSON.parse(ready ?? '{}') as { ops: string }).ops;
}

describe('a daemon whose sink never answers', () => {
  it('a daemon whose sink never answers is not ready and reports why, exits with 75 after a drain before it would be killed, and loses nothing', async () => {
    layFolder(folder, 'drain: { deadlineSeconds: 6 }');
    const ops = ['http.ops.enabled=true', 'http.ops.port=0'].flatMap((s) => ['--set', s]);
    const daemon = await DaemonProcess.start(folder, ...ops);
    const first = feed('first.jsonl', 3);
    await daemon.until(() => committedOffset(folder, 'first.jsonl') === first);
    const url = opsOf(daemon);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);

    writeFileSync(join(folder, 'silent'), '');
    feed('second.jsonl', 3);
    await daemon.until(async () => (await fetch(`${url}/readyz`)).status === 503);
    const { reasons } = (await (await fetch(`${url}/readyz`)).json()) as { reasons: readonly string[] };
    expect(reasons.join('; ')).toMatch(/verdicts have not been accepted for \d+ s \(no answer\)/);
    const blocked = async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/sluice_sink_blocked_seconds\{sink="verdicts"\} (\S+)/.exec(text)?.[1]);
    };
    await daemon.until(async () => (await blocked()) > 30);
    expect((await fetch(`${url}/livez`)).status).toBe(200);

    expect(await daemon.kill('SIGTERM')).toEqual({ code: 75, signal: null });
    expect(daemon.log).toContain('DRAIN_TIMEOUT');
    expect(committedOffset(folder, 'first.jsonl')).toBe(first);
    expect(committedOffset(folder, 'second.jsonl')).toBe(0);
    expect(linesOf(join(folder, 'data', 'verdicts.jsonl'))).toHaveLength(3);

    rmSync(join(folder, 'silent'));
    const next = await DaemonProcess.start(folder);
    await next.until(() => readTrace(folder).length === 6);
    expect(await next.kill('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(linesOf(join(folder, 'data', 'verdicts.jsonl'))).toHaveLength(6);
  });
});
