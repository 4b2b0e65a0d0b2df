import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cli, layFolder, readTrace } from './daemon-process.ts';

/** ONNX Runtime asked for its collector's address after ten seconds where its telemetry was on. */
const WATCHED_MILLISECONDS = 12_000;

let folder = '';
let home = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-telemetry-'));
  home = join(folder, 'home');
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As on a user's machine: ONNX Runtime's telemetry is off by itself where these say that a build server runs it. */
function userEnvironment(): NodeJS.ProcessEnv {
  const { CI, GITHUB_ACTIONS, TF_BUILD, ORT_DISABLE_TELEMETRY, ...rest } = process.env;
  return { ...rest, HOME: home, NO_COLOR: '1' };
}

/**
 * The words that run a command in a network of its own, whose only name server writes down what it is asked. Only root may
 * make one; for others the command runs as it is, and the files below the home folder are what is looked at.
 */
function withOwnNameServer(queries: string): readonly string[] {
  if (spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0) return [];
  const resolver = join(folder, 'resolv.conf');
  writeFileSync(resolver, 'nameserver 127.0.0.1\n');
  const listener = join(import.meta.dirname, 'dns-listener.cjs');
  const prepare = `ip link set lo up && mount --bind '${resolver}' /etc/resolv.conf && exec "$@"`;
  return [
    ...['unshare', '--net', '--mount', 'sh', '-c', prepare, 'sh'],
    ...[process.execPath, listener, queries],
  ];
}

describe('no telemetry is sent', () => {
  it('a daemon that scores messages resolves no host name and writes nothing below the home folder', async () => {
    layFolder(folder);
    const text = JSON.stringify({ message: 'WIN a FREE prize now', message_id: '1' });
    writeFileSync(join(folder, 'data', 'inbox', 'a.jsonl'), `${text}\n`);
    const queries = join(folder, 'queries');
    const settings = join(folder, 'settings.yaml');
    const [command, ...args] = [
      ...withOwnNameServer(queries),
      ...[process.execPath, cli, 'run', '--config', settings],
    ];
    const child = spawn(command!, args, { cwd: folder, stdio: 'ignore', env: userEnvironment() });
    const ended = once(child, 'close');
    while (readTrace(folder).length === 0 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 50));
    await new Promise((resolve) => setTimeout(resolve, WATCHED_MILLISECONDS));
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(readTrace(folder)).toHaveLength(1);
    expect(existsSync(queries) ? readFileSync(queries, 'utf8') : '').toBe('');
    expect(readdirSync(home)).toEqual([]);
  });

  it('the score command writes nothing below the home folder', () => {
    const { status, stdout } = spawnSync(process.execPath, [cli, 'score', '-'], {
      cwd: folder,
      env: userEnvironment(),
      input: `${JSON.stringify({ message: 'WIN a FREE prize now', message_id: '1' })}\n`,
    });
    expect([status, stdout.toString()]).toEqual([0, expect.stringContaining('"verdict"')]);
    expect(readdirSync(home)).toEqual([]);
  });
});
