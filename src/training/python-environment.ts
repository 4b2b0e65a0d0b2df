import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';

export interface PythonEnvironment {
  /** Path of the environment's interpreter. */
  readonly python: string;
  /** Folder of its packages. */
  readonly sitePackages: string;
  /** The chitchat data set that the environment brings along. */
  readonly chitchatPath: string;
}

export interface PythonEnvironmentOptions {
  /** Folder with `requirements.lock` and the package `sluice_trainer`. */
  readonly trainerHome: string;
  /** Name of the file of locked requirements; `requirements.lock` by default. */
  readonly lockFile?: string;
  /** The interpreter to build with; `python3` where left out. */
  readonly basePython?: string;
  /** Where environments are kept; the user's cache folder where left out. */
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  /** Called before the slow part, when there is no environment yet. */
  readonly building?: () => void;
}

const OLDEST_PYTHON = [3, 11] as const;

/**
 * The virtual environment of locked requirements (the trainer's, or a bench's), made on first use and then reused. Its name holds a hash
 * of them and the interpreter's version, so that another lock makes another environment. It is built beside and renamed when whole; of
 * two that are built at once one stays. Throws `TRAINER_FAILED`.
 */
export async function preparePython(options: PythonEnvironmentOptions): Promise<PythonEnvironment> {
  const base = options.basePython ?? 'python3';
  const version = await pythonVersion(base, options.signal);
  const lock = join(options.trainerHome, options.lockFile ?? 'requirements.lock');
  const hash = createHash('sha256')
    .update(await readFile(lock))
    .update(version)
    .digest('hex')
    .slice(0, 16);
  const cache = options.cacheFolder ?? userCacheFolder();
  const folder = join(cache, `venv-${hash}`);
  if (!(await exists(folder))) {
    options.building?.();
    await build(base, lock, cache, folder, options.signal);
  }
  const sitePackages = join(folder, 'lib', `python${version}`, 'site-packages');
  return {
    python: join(folder, 'bin', 'python'),
    sitePackages,
    chitchatPath: join(sitePackages, 'chitchat_dataset', 'dataset.json'),
  };
}

function userCacheFolder(): string {
  const cache = process.env.XDG_CACHE_HOME;
  return join(cache?.startsWith('/') ? cache : join(homedir(), '.cache'), 'sluice');
}

async function pythonVersion(base: string, signal: AbortSignal | undefined): Promise<string> {
  const wanted = `Python ${OLDEST_PYTHON.join('.')} or later is needed to train`;
  const answer = await runQuietly(base, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], signal);
  if (answer.code === null)
    throw failed(`${wanted}, and "${base}" cannot be started. Install it, with its venv module.`);
  const [major = 0, minor = 0] = answer.output.trim().split('.').map(Number);
  if (answer.code !== 0 || major !== OLDEST_PYTHON[0] || minor < OLDEST_PYTHON[1])
    throw failed(`${wanted}; "${base}" is ${answer.output.trim() || 'not a Python'}. Install a later one.`);
  return `${major}.${minor}`;
}

async function build(
  base: string,
  lock: string,
  cache: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const beside = `${folder}.building-${process.pid}`;
  try {
    await mkdir(cache, { recursive: true });
    const made = await runQuietly(base, ['-m', 'venv', beside], signal);
    if (made.code !== 0)
      throw failed(`"${base} -m venv" failed. Install Python's venv module, then try again.`);
    // The lock names everything that is needed, so nothing has to be resolved. pip's own words are dropped: they can name the
    // place that packages come from, which is nobody's business but the machine's.
    const pip = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-input',
      '--disable-pip-version-check',
      '--no-deps',
      '--require-hashes',
      '-r',
      lock,
    ];
    const installed = await runQuietly(join(beside, 'bin', 'python'), pip, signal);
    if (installed.code !== 0)
      throw failed(
        `pip could not install the locked requirements (exit code ${installed.code}). Check that a package index can be reached, or run: ${base} -m pip download --no-deps -r ${lock}`,
      );
    await rename(beside, folder).catch(async (error: unknown) => {
      // Another process was faster; its environment is as good.
      if (!(await exists(folder))) throw error;
    });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

/** Standard error is dropped; `code` is null when the program cannot be started. */
function runQuietly(
  command: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      ...(signal ? { signal } : {}),
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 4096) output += text;
    });
    child.once('error', (error) => {
      if (signal?.aborted === true) reject(signal.reason);
      else if ('code' in error) resolve({ code: null, output: '' });
      else reject(error);
    });
    child.once('close', (code, killedBy) => {
      if (signal?.aborted === true) reject(signal.reason);
      else resolve({ code: code ?? (killedBy === null ? 1 : 128), output });
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function failed(message: string): SluiceError {
  return new SluiceError('TRAINER_FAILED', message);
}
