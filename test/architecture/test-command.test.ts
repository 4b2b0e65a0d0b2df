import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { suites } from '../suites.mjs';

const root = join(import.meta.dirname, '..', '..');

function testCommand(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/run.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
    // Vitest sets variables for its own children.
    env: { PATH: process.env.PATH },
  });
  return { status, stdout, stderr };
}

describe('npm test', () => {
  it('npm test with a file runs that file only', () => {
    const { status, stdout } = testCommand('test/unit/pipeline/retry.test.ts');
    expect(stdout).toContain('retry.test.ts');
    expect(stdout).toMatch(/Test Files[^\n]*1 passed/);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed\n$/);
    expect(status).toBe(0);
  });

  it.each([
    ['an unknown option', '--only=unit', "Unknown option '--only'"],
    [
      'a file that does not exist',
      'test/unit/none.test.ts',
      'no test file or folder "test/unit/none.test.ts"',
    ],
    ['a file that is no test', 'src/core/errors.ts', 'no test file or folder "src/core/errors.ts"'],
    ['a Python file that is no test', 'native-models/sluice_trainer/folds.py', 'no test file or folder'],
    ['an unknown suite', '--suite=none', 'no suite "none"'],
  ])('npm test refuses %s and runs nothing', (_, argument, message) => {
    const { status, stdout, stderr } = testCommand(argument);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });

  it('npm test with --list names every suite', () => {
    const { status, stdout } = testCommand('--list');
    expect(status).toBe(0);
    for (const { name, about } of suites) expect(stdout).toContain(`${name.padEnd(14)} ${about}`);
  });

  it('npm test has a suite for every folder with test files', () => {
    const folders = readdirSync(join(root, 'test'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    const withTests = folders
      .map(({ name }) => name)
      .filter((name) =>
        readdirSync(join(root, 'test', name), { recursive: true }).some((file) =>
          String(file).endsWith('.test.ts'),
        ),
      );
    const projects = suites
      .filter(
        ({ command, pytest, folder }) =>
          command === undefined && pytest === undefined && folder === undefined,
      )
      .map(({ name }) => name);
    expect(withTests.sort()).toEqual(projects.sort());
  });
});
