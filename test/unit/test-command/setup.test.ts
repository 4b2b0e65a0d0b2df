import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-setup-'));
  for (const name of ['setup.mjs', 'package.json', 'package-lock.json'])
    copyFileSync(join(root, name), join(folder, name));
  mkdirSync(join(folder, 'node_modules'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the setup with a program in the place of npm. */
function setUp(npm: string) {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
  chmodSync(join(bin, 'npm'), 0o755);
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'setup.mjs')], {
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/bin:/bin` },
  });
  return { status, stderr, isMarked: existsSync(join(folder, 'node_modules', '.sluice-setup')) };
}

describe('the setup of a checkout', () => {
  it('the setup of a checkout fails if npm exits with 0 and has installed nothing, and names what is missing', () => {
    const { status, stderr, isMarked } = setUp('exit 0');
    expect([status, isMarked]).toEqual([70, false]);
    const [dependency] = Object.keys(
      JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).dependencies as object,
    );
    expect(stderr).toContain(dependency);
    // The next run installs again.
    expect(setUp('echo asked again >&2').stderr).toContain('asked again');
  });

  it('the setup of a checkout fails if npm fails', () => {
    expect(setUp('exit 1')).toMatchObject({ status: 70, isMarked: false });
  });
});
