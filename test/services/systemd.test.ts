import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runToEnd } from '../../src/cluster/run-to-end.ts';
import { DaemonProcess, endAllDaemons, layFolder, root } from '../line/daemon-process.ts';
import { NotifyReceiver } from './notify-receiver.ts';

let folder: string;
let receiver: NotifyReceiver;
const names = ['NOTIFY_SOCKET', 'WATCHDOG_USEC'] as const;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-notify-'));
  const socket = join(folder, 'notify');
  receiver = await NotifyReceiver.bind(socket);
  // The daemon inherits them.
  process.env.NOTIFY_SOCKET = socket;
  process.env.WATCHDOG_USEC = '1500000';
});
afterEach(async () => {
  for (const name of names) delete process.env[name];
  await endAllDaemons();
  receiver.close();
  await rm(folder, { recursive: true, force: true });
});

const heard = (name: string) => receiver.heard.filter((words) => name in words);
const until = (name: string, times: number) =>
  expect.poll(() => heard(name).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(times);

it('a daemon notifies systemd that it is ready, alive, reloading and stopping', async () => {
  layFolder(folder, 'decide: { rejectMin: 0.5, rejectMax: 0.7 }\n');
  const daemon = await DaemonProcess.start(folder);
  await until('READY', 1);
  expect(receiver.heard[0]).toMatchObject({ READY: '1', STATUS: expect.stringMatching(/^running, model 2/) });
  await until('WATCHDOG', 3);

  await appendFile(join(folder, 'data', 'inbox', 'a.jsonl'), '{"message": "hello", "message_id": "1"}\n');
  await expect
    .poll(() => receiver.heard.at(-1)?.STATUS, { timeout: 30_000 })
    .toMatch(/^running, model \S+: 1 read/);

  layFolder(folder, 'decide: { rejectMin: 0.4, rejectMax: 0.7 }\n');
  await until('RELOADING', 1);
  await until('READY', 2);
  expect(Number(heard('RELOADING')[0]?.MONOTONIC_USEC)).toBeGreaterThan(0);

  expect(await daemon.kill('SIGTERM')).toEqual({ code: 0, signal: null });
  const stopping = receiver.heard.findIndex((words) => 'STOPPING' in words);
  expect(stopping).toBeGreaterThan(0);
  expect(receiver.heard.findIndex((words) => 'READY' in words)).toBeLessThan(stopping);
  expect(daemon.log).not.toContain('systemd-notify failed');
}, 120_000);

it('a daemon that cannot start never reports that it is ready', async () => {
  layFolder(folder, 'model: { version: 20200101T000000Z-00000000 }\n');
  const { code } = await DaemonProcess.spawn(folder).ended;
  expect(code).toBe(78);
  expect(receiver.heard).toEqual([]);
}, 60_000);

it('systemd accepts the unit of the daemon', async () => {
  const unit = readFileSync(join(root, 'config', 'systemd', 'sluice.service'), 'utf8');
  const file = join(folder, 'sluice.service');
  // The programs of the unit must be there to be looked at.
  await writeFile(file, unit.replaceAll('/opt/sluice', root));
  const { code, output } = await runToEnd({
    command: 'systemd-analyze',
    args: ['verify', file],
    install: 'apt-get install -y --no-install-recommends systemd',
    deadlineSeconds: 60,
  });
  expect(`${code} ${output}`).toBe('0 ');
}, 90_000);
