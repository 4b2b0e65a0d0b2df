import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';

interface LogLine {
  readonly time?: string;
  readonly msg?: string;
  readonly to?: string;
  readonly api?: string | null;
  readonly console?: string;
}

/** Seconds of processor time. */
export interface CpuSeconds {
  readonly main: number;
  readonly all: number;
}

/** Ticks a second of /proc, on every Linux. */
const TICKS = 100;

/** The built daemon in a process of its own, with its state in a temporary folder. */
export class Daemon {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #log: LogLine[] = [];
  readonly #ended: Promise<void>;
  #rest = '';
  /** The last line that is no JSON: why it ended. */
  #complaint = '';
  #stdout = '';
  #failure: Error | undefined;
  #over = false;

  private constructor(command: 'run' | 'console', folder: string, args: readonly string[]) {
    this.folder = folder;
    const cli = join(packageRoot(), 'dist', 'sluice.js');
    // With --json the log of a daemon goes to stderr, and stdout has the summary alone. That of the console goes to stdout.
    const json = command === 'run' ? ['--json'] : [];
    this.#child = spawn(
      process.execPath,
      [cli, command, ...json, '--config', join(folder, 'settings.json'), ...args],
      { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (command === 'console') this.#read(text);
      else this.#stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', (code) => {
        if (code !== 0)
          this.#failure = new Error(
            `the daemon ended with ${code}: ${JSON.stringify(this.#log.slice(-3))} ${this.#complaint}${this.#rest}`,
          );
        this.#over = true;
        resolve();
      });
    });
  }

  /** `folder`: of {@link withFolder}. */
  static start(folder: string, ...args: readonly string[]): Daemon {
    return new Daemon('run', folder, args);
  }

  /** The console without a pipeline, in place of the daemon. */
  static console(folder: string): Daemon {
    return new Daemon('console', folder, []);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Epoch milliseconds at which the pipeline entered a state. */
  enteredAt(state: 'running' | 'draining' | 'stopped'): number | undefined {
    return this.#timeOf(({ msg, to }) => msg === 'pipeline state' && to === state);
  }

  /** Address of the API; undefined before the daemon is ready, and where there is none. */
  get api(): string | undefined {
    const ready = this.#log.find(({ msg }) => msg === 'ready');
    return ready?.api ?? ready?.console?.replace(/\/$/, '');
  }

  get readyAt(): number | undefined {
    return this.timeOf('ready');
  }

  /** Epoch milliseconds of the first line of the log with these words. */
  timeOf(words: string): number | undefined {
    return this.#timeOf(({ msg }) => msg === words);
  }

  /** Epoch milliseconds of each line of the log with these words. */
  timesOf(words: string): readonly number[] {
    return this.#log.filter(({ msg }) => msg === words).map(({ time }) => Date.parse(time ?? ''));
  }

  /** What the daemon prints at its end. */
  get summary(): Readonly<Record<string, unknown>> {
    return JSON.parse(this.#stdout) as Readonly<Record<string, unknown>>;
  }

  /** Throws what made the daemon fail. */
  async ended(): Promise<void> {
    await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Throws when it has ended. */
  mustLive(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#over) throw new Error('the daemon ended before it was so far');
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.ended();
  }

  /** Waits for a condition while the daemon lives. */
  async until(condition: () => boolean | Promise<boolean>, seconds: number): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    while (!(await condition())) {
      this.mustLive();
      if (performance.now() > deadline) throw new Error(`the daemon was not so far within ${seconds} s`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** Processor time so far; undefined where the system has no /proc, or the daemon has ended. */
  async cpuSeconds(): Promise<CpuSeconds | undefined> {
    try {
      const seconds = async (task: string) => {
        const stat = await readFile(`/proc/${this.pid}/task/${task}/stat`, 'utf8');
        // Behind the name, which may hold anything: field 14 and 15 are user and system time.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TICKS;
      };
      const tasks = await readdir(`/proc/${this.pid}/task`);
      const all = await Promise.all(tasks.map(seconds));
      return { main: await seconds(String(this.pid)), all: all.reduce((sum, one) => sum + one, 0) };
    } catch {
      return undefined;
    }
  }

  /** Resident memory in bytes. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines)
      if (line.startsWith('{')) this.#log.push(JSON.parse(line) as LogLine);
      else if (line !== '') this.#complaint = line;
  }

  #timeOf(wanted: (line: LogLine) => boolean): number | undefined {
    const time = this.#log.find(wanted)?.time;
    return time === undefined ? undefined : Date.parse(time);
  }
}

/**
 * A temporary folder with settings and an empty inbox, taken away when `use` has ended. Trace is off and nothing listens unless the
 * settings say so.
 */
export async function withFolder<T>(
  settings: Readonly<Record<string, unknown>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'));
  try {
    await mkdir(inboxOf(folder), { recursive: true });
    // Of the levels, debug alone reports the states of the pipeline.
    const http = { api: { enabled: false }, ops: { enabled: false } };
    await writeFile(
      join(folder, 'settings.json'),
      JSON.stringify({ http, log: { level: 'debug' }, trace: 'off', ...settings }),
    );
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function inboxOf(folder: string): string {
  return join(folder, 'data', 'inbox');
}
