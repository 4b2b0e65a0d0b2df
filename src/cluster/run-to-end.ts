import { type ChildProcess, spawn } from 'node:child_process';
import { SluiceError } from '../core/errors.ts';

export interface ToolRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** What to do where the command is missing: one line that installs it. */
  readonly install: string;
  readonly deadlineSeconds: number;
}

const MAX_CHARACTERS = 100_000;

const running = new Set<ChildProcess>();

/** Ends all tools that run, by SIGTERM: those who wait for one see it end badly. */
export function endToolRuns(): void {
  for (const child of running) child.kill('SIGTERM');
}

/**
 * Runs a tool to its end and answers its exit code (null where the deadline ended it) and the end of what it wrote. Throws
 * `SERVICE_FAILED` where it is not installed.
 */
export async function runToEnd(
  run: ToolRun,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(run.command, [...run.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
  });
  let output = '';
  const keep = (text: string) => {
    output = (output + text).slice(-MAX_CHARACTERS);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  running.add(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), run.deadlineSeconds * 1000);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { code, output };
  } catch (error) {
    throw notInstalled(run.command, run.install, error);
  } finally {
    running.delete(child);
    clearTimeout(timer);
  }
}

export function notInstalled(command: string, install: string, cause: unknown): SluiceError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new SluiceError(
    'SERVICE_FAILED',
    missing ? `${command} is not installed; run: ${install}` : `${command} cannot be run; see to its rights`,
    { cause },
  );
}
