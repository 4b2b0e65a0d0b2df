import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verdictSchema } from '../../src/core/verdict.ts';
import { cli, DaemonProcess, endAllDaemons, layFolder, linesOf, root } from './daemon-process.ts';

const run = promisify(execFile);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-embedded-'));
});
afterEach(async () => {
  await endAllDaemons();
  rmSync(folder, { recursive: true, force: true });
});

const spam = 'WIN a FREE cash prize now!!! Call 0900 123 4567 to claim, txt STOP to end';
const ham = 'are we still on for dinner tonight? I can bring the wine';

describe('the embedded default', () => {
  it('the embedded default scores the demonstration, and its summary states the true figures', async () => {
    const settings = ['state.path=data', 'http.api.enabled=false', 'http.ops.enabled=false'];
    const { stdout } = await run(
      process.execPath,
      [
        cli,
        'run',
        '--config',
        join(root, 'config', 'embedded.yaml'),
        '--once',
        '--json',
        ...settings.flatMap((s) => ['--set', s]),
      ],
      { cwd: folder, maxBuffer: 1e7 },
    );
    const summary = JSON.parse(stdout) as {
      read: number;
      spam: number;
      review: number;
      dead_letters: number;
      labels: { messages: number; precision: number; recall: number };
    };
    expect(summary.read).toBe(summary.labels.messages);
    expect(summary.read).toBeGreaterThan(1000);
    expect(summary.dead_letters).toBe(0);
    expect(summary.labels.precision).toBeGreaterThan(0.9);
    expect(summary.labels.recall).toBeGreaterThan(0.8);
    const verdicts = linesOf(join(folder, 'data', 'verdicts.jsonl')).map((line) =>
      verdictSchema.parse(JSON.parse(line)),
    );
    expect(verdicts).toHaveLength(summary.spam);
    expect(verdicts.every((verdict) => verdict.verdict === 'spam' && verdict.probability !== null)).toBe(
      true,
    );
  });

  it('the embedded default answers over HTTP while it scores, and its metrics count what it scored', async () => {
    layFolder(folder, '');
    const daemon = await DaemonProcess.start(
      folder,
      ...['http.api.enabled=true', 'http.ops.enabled=true', 'http.api.port=0', 'http.ops.port=0'].flatMap(
        (s) => ['--set', s],
      ),
    );
    const { api, ops } = JSON.parse(
      daemon.log.split('\n').find((line) => line.includes('"ready"')) ?? '{}',
    ) as { api: string; ops: string };
    const findSpam = async (text: string) =>
      (await fetch(`${api}/api/find_spam`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text }),
      }).then((response) => response.json())) as unknown;
    expect(await findSpam(spam)).toEqual({ success: true, is_spam: true });
    expect(await findSpam(ham)).toEqual({ success: true, is_spam: false });
    expect((await fetch(`${ops}/readyz`)).status).toBe(200);
    writeFileSync(
      join(folder, 'data', 'inbox', 'a.jsonl'),
      [spam, ham].map((message, i) => `${JSON.stringify({ message, message_id: `${i}` })}\n`).join(''),
    );
    await daemon.until(() => linesOf(join(folder, 'data', 'verdicts.jsonl')).length === 1);
    const metrics = await (await fetch(`${ops}/metrics`)).text();
    expect(metrics).toMatch(/sluice_messages_total\{verdict="spam",model="[^"]+"\} 1\n/);
    expect(metrics).toMatch(/sluice_messages_total\{verdict="ham",model="[^"]+"\} 1\n/);
    expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('the embedded default refuses to start a second daemon on the same state folder', async () => {
    layFolder(folder);
    await DaemonProcess.start(folder);
    const second = DaemonProcess.spawn(folder);
    expect((await second.ended).code).toBe(78);
    expect(second.log).toContain('state.path');
  });

  it('the embedded default scores a stream of lines in order, including unreadable ones', async () => {
    const lines = Array.from({ length: 3000 }, (_, i) =>
      i % 100 === 7
        ? '{"message":'
        : JSON.stringify({ message: i % 10 === 0 ? spam : ham, message_id: `${i}` }),
    );
    const child = spawn(process.execPath, [cli, 'score', '-'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end(`${lines.join('\n')}\n`);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    const answers = output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { message_id?: string; verdict?: string; error?: { code: string } });
    expect(answers).toHaveLength(lines.length);
    for (const [i, answer] of answers.entries()) {
      if (i % 100 === 7) expect(answer.error?.code).toBe('not-json');
      else expect(answer).toMatchObject({ message_id: `${i}`, verdict: i % 10 === 0 ? 'spam' : 'ham' });
    }
    expect(code).toBe(65);
  });
});
