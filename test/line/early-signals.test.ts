import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli } from './daemon-process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-early-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the command as the first process of a PID namespace, as a container does, and signals it again and again from then on. */
async function signalledWhileStarting(signal: NodeJS.Signals, args: readonly string[], afterMs = 0) {
  const namespace = ['--pid', '--fork', '--mount-proc', process.execPath, cli, ...args];
  const unshare = spawn('unshare', namespace, { cwd: folder, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve, reject) => {
    unshare.once('exit', resolve);
    unshare.once('error', reject);
  });
  const begin = performance.now() + afterMs;
  const timer = setInterval(() => {
    if (performance.now() < begin) return;
    const child = firstChildOf(unshare.pid!);
    if (child !== undefined) process.kill(child, signal);
  }, 20);
  try {
    return await ended;
  } finally {
    clearInterval(timer);
  }
}

function firstChildOf(pid: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children.split(' ')[0]);
  } catch {
    return undefined;
  }
}

describe('the first process of a container', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)(
    'the first process of a container ends at a %s that it receives during startup',
    async (signal, code) => {
      writeFileSync(join(folder, 'settings.yaml'), `state: {path: ${join(folder, 'data')}}\n`);
      expect(await signalledWhileStarting(signal, ['run', '--config', 'settings.yaml'])).toBe(code);
    },
  );

  it('the first process of a container ends at a SIGTERM that it receives while it waits for ZooKeeper', async () => {
    // A port without a listener: the client tries again until its time is up.
    const settings = "zookeeper: {hosts: '127.0.0.1:1'}\n";
    writeFileSync(join(folder, 'settings.yaml'), settings);
    expect(await signalledWhileStarting('SIGTERM', ['run', '--config', 'settings.yaml'], 1_500)).toBe(143);
  });
});
