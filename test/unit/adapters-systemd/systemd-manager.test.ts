import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemdManager } from '../../../src/adapters/systemd/systemd-manager.ts';
import type { Log } from '../../../src/ports/log.ts';

let folder: string;
let warned: string[];
const log: Log = {
  debug() {},
  info() {},
  warn: (_fields, text) => void warned.push(text),
  error() {},
  child: () => log,
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-systemd-'));
  warned = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Stands in for systemd-notify: one line for each run, its arguments with tabs between, then the socket. */
async function stub(script = 'exit 0'): Promise<{ command: string; runs: () => Promise<string[][]> }> {
  const command = join(folder, 'notify');
  const file = join(folder, 'heard');
  await writeFile(
    command,
    `#!/bin/sh\nfor word in "$@"; do printf '%s\\t' "$word"; done >> ${file}\necho "$NOTIFY_SOCKET" >> ${file}\n${script}\n`,
  );
  await chmod(command, 0o755);
  return {
    command,
    runs: async () =>
      (await readFile(file, 'utf8'))
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')),
  };
}

function manager(command: string, environment: Record<string, string> = {}, deadlineSeconds?: number) {
  return SystemdManager.of({
    environment: { NOTIFY_SOCKET: '/run/notify', PATH: process.env.PATH, ...environment },
    log,
    command,
    ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }),
  })!;
}

describe('SystemdManager', () => {
  it('SystemdManager does nothing if systemd did not start the process', () => {
    expect(SystemdManager.of({ environment: {}, log })).toBeUndefined();
    expect(SystemdManager.of({ environment: { NOTIFY_SOCKET: '' }, log })).toBeUndefined();
  });

  it('SystemdManager sends notifications in order, and newer ones replace waiting ones', async () => {
    const { command, runs } = await stub();
    const systemd = manager(command);
    systemd.ready('scoring');
    systemd.reloading();
    systemd.status('half way');
    systemd.ready('scoring again');
    systemd.alive('one');
    systemd.alive('two\nlines');
    systemd.stopping('stopping');
    await systemd.flushed();
    const heard = await runs();
    expect(heard).toEqual([
      ['READY=1', 'STATUS=scoring', '/run/notify'],
      ['RELOADING=1', expect.stringMatching(/^MONOTONIC_USEC=\d+$/), 'STATUS=half way', '/run/notify'],
      ['READY=1', 'STATUS=stopping', 'WATCHDOG=1', 'STOPPING=1', '/run/notify'],
    ]);
  });

  it('SystemdManager sends each notification at once if none waits, and reduces a status to one line', async () => {
    const { command, runs } = await stub();
    const systemd = manager(command);
    systemd.alive('two\nlines');
    await systemd.flushed();
    systemd.status('more');
    await systemd.flushed();
    expect(await runs()).toEqual([
      ['WATCHDOG=1', 'STATUS=two lines', '/run/notify'],
      ['STATUS=more', '/run/notify'],
    ]);
  });

  it('SystemdManager warns once about a program that is missing, fails or hangs, and continues', async () => {
    for (const command of [
      join(folder, 'missing'),
      (await stub('exit 1')).command,
      // Replaces the shell, so that the deadline ends it and not only its parent.
      (await stub('exec sleep 30')).command,
    ]) {
      warned = [];
      const systemd = manager(command, {}, 0.3);
      systemd.ready('scoring');
      await systemd.flushed();
      systemd.status('more');
      await systemd.flushed();
      expect(warned).toHaveLength(1);
    }
  });

  it('SystemdManager knows the interval of the watchdog, if systemd watches this process', () => {
    const seconds = (environment: Record<string, string>) => manager('true', environment).watchdogSeconds;
    expect(seconds({})).toBeUndefined();
    expect(seconds({ WATCHDOG_USEC: '60000000' })).toBe(60);
    expect(seconds({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: String(process.pid) })).toBe(60);
    expect(seconds({ WATCHDOG_USEC: '60000000', WATCHDOG_PID: '1' })).toBeUndefined();
    expect(seconds({ WATCHDOG_USEC: 'soon' })).toBeUndefined();
  });
});
