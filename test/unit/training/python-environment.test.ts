import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { preparePython } from '../../../src/training/python-environment.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-python-'));
  await writeFile(join(folder, 'requirements.lock'), 'nothing==1\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A stand-in for Python that notes what it is asked for. `pip` is the shell line that its pip runs. */
async function fakePython(version: string, pip: string): Promise<string> {
  const path = join(folder, 'python');
  const script = `#!/bin/sh
echo "$*" >> "${folder}/calls"
case "$*" in
  -c*) echo ${version} ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  "-m pip "*) ${pip} ;;
esac
`;
  await writeFile(path, script);
  await chmod(path, 0o755);
  return path;
}

const prepare = (basePython: string) =>
  preparePython({ trainerHome: folder, basePython, cacheFolder: join(folder, 'cache') });

describe('the Python environment', () => {
  test('the Python environment is built once and then reused', async () => {
    const python = await fakePython('3.11', 'exit 0');
    const first = await prepare(python);
    const second = await prepare(python);
    expect(second).toEqual(first);
    expect(first.chitchatPath).toContain('python3.11');
    const calls = await readFile(join(folder, 'calls'), 'utf8');
    expect(calls.match(/-m pip/g)).toHaveLength(1);
    expect(await readdir(join(folder, 'cache'))).toEqual([expect.stringMatching(/^venv-[0-9a-f]{16}$/)]);
  });

  test('the Python environment is rebuilt for another lock file or another Python', async () => {
    const first = await prepare(await fakePython('3.11', 'exit 0'));
    const otherPython = await prepare(await fakePython('3.12', 'exit 0'));
    await writeFile(join(folder, 'requirements.lock'), 'nothing==2\n');
    const otherLock = await prepare(await fakePython('3.12', 'exit 0'));
    expect(new Set([first.python, otherPython.python, otherLock.python]).size).toBe(3);
  });

  test('the Python environment is built from another lock file if one is named', async () => {
    const python = await fakePython('3.11', 'exit 0');
    await writeFile(join(folder, 'requirements-dev.lock'), 'tool==1\n');
    const options = { trainerHome: folder, basePython: python, cacheFolder: join(folder, 'cache') };
    const tools = await preparePython({ ...options, lockFile: 'requirements-dev.lock' });
    expect(tools.python).not.toBe((await preparePython(options)).python);
    expect(await readFile(join(folder, 'calls'), 'utf8')).toContain(
      `-r ${join(folder, 'requirements-dev.lock')}`,
    );
    expect(tools.sitePackages).toBe(join(tools.python, '../../lib/python3.11/site-packages'));
  });

  test('preparePython leaves nothing behind when pip fails, and does not print what pip printed', async () => {
    const python = await fakePython('3.11', 'echo secret-index >&2; exit 3');
    const error = await prepare(python).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'TRAINER_FAILED', message: expect.stringContaining('exit code 3') });
    expect(String(error)).not.toContain('secret-index');
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  test('the Python environment needs an installed Python that is new enough', async () => {
    await expect(prepare(join(folder, 'no-such-python'))).rejects.toMatchObject({
      code: 'TRAINER_FAILED',
      message: expect.stringContaining('cannot be started'),
    });
    await expect(prepare(await fakePython('3.9', 'exit 0'))).rejects.toMatchObject({
      code: 'TRAINER_FAILED',
      message: expect.stringContaining('is 3.9'),
    });
  });
});
