import { type ChildProcess, spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packageRoot } from '../../src/app/package-root.ts';
import type { EventLog } from './event-log.ts';
import { isRestarted, RESTART_SECONDS } from './service-manager.ts';
import { pause, SETTLE_SECONDS, until } from './until.ts';

export interface LedgerDaemonOptions {
  /** The line of its log that says that it reads from what is committed. */
  readonly readsFrom?: 'joined the group' | 'ready';
  /** In a container it is process 1 of a PID namespace of its own; only root can make one. */
  readonly container?: boolean;
}

/** A PID namespace as a container has it; what runs in it ends with it. */
const CONTAINER = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'];

/** The end of a daemon's log that explains how it ended: number of lines, and characters of each. */
const LAST_LINES = 6;
const LONGEST_LINE = 400;

/**
 * A daemon's folder, its settings, and its runs there, one after the other. After a run that ends because a service is
 * unavailable, the next one is started, as a service manager does it.
 */
export class LedgerDaemon {
  readonly name: string;
  /** Of its settings, its log and its state. */
  readonly folder: string;
  readonly #events: EventLog;
  readonly #options: LedgerDaemonOptions;
  #child: ChildProcess | undefined;
  /** From the first start to an end that no restart follows. */
  #living: Promise<void> | undefined;
  #stop = new AbortController();
  #wanted: 'SIGKILL' | 'SIGTERM' | 'refusal' | null = null;
  #ready = false;
  #ops: string | undefined;
  readonly #seen = new Map<string, number>();

  constructor(
    folder: string,
    name: string,
    settings: string,
    events: EventLog,
    options: LedgerDaemonOptions = {},
  ) {
    this.#options = options;
    this.name = name;
    this.folder = join(folder, name);
    this.#events = events;
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'settings.yaml'), settings, { mode: 0o600 });
  }

  /** Of the process that runs now; undefined where none does. */
  get pid(): number | undefined {
    const pid = this.#child?.pid;
    if (pid === undefined || !this.#options.container) return pid;
    // What makes the container waits for the daemon, its only child.
    try {
      const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
      return child === '' ? undefined : Number(child);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /** Whether it runs, or is about to run again. */
  get alive(): boolean {
    return this.#living !== undefined;
  }

  /** Whether it scores. */
  get ready(): boolean {
    return this.#child !== undefined && this.#ready;
  }

  /** Resolves once it scores. */
  async start(): Promise<void> {
    this.#wanted = null;
    this.#stop = new AbortController();
    this.#ready = false;
    const living = this.#live().finally(() => {
      this.#living = undefined;
    });
    this.#living = living;
    await until(() => this.ready || !this.alive, SETTLE_SECONDS, `${this.name} is ready`);
    if (!this.alive) throw new Error(`${this.name} ended as it started; see ${this.folder}/daemon.log`);
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    this.#wanted = signal;
    this.#stop.abort();
    this.signal(signal);
    await this.#living;
  }

  /** Sends a signal to the daemon itself, also where it is in a container. */
  signal(signal: NodeJS.Signals): void {
    const pid = this.pid ?? this.#child?.pid;
    // Numbers below 2 mean whole groups of processes.
    if (pid === undefined || !(pid > 1)) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  /**
   * Starts it where another daemon holds the state folder. Answers whether it ended by itself; where it becomes ready, it runs
   * on beside the other for so many seconds.
   */
  async isRefused(seconds: number): Promise<boolean> {
    this.#wanted = 'refusal';
    const run = this.#runOnce();
    await until(() => this.#ready || this.#child === undefined, SETTLE_SECONDS, `${this.name} is refused`);
    const refused = this.#child === undefined;
    if (!refused) {
      await pause(seconds);
      this.signal('SIGKILL');
    }
    await run;
    return refused;
  }

  /** Where its probes and metrics listen; undefined where they do not. */
  get ops(): string | undefined {
    return this.#ops;
  }

  /** Runs it until it ends for good. */
  async #live(): Promise<void> {
    while (this.#wanted === null) {
      const code = await this.#runOnce();
      if (!isRestarted(code)) return;
      await pause(RESTART_SECONDS, this.#stop.signal);
    }
  }

  /** Resolves with its exit code; null where a signal ended it. */
  #runOnce(): Promise<number | null> {
    const root = packageRoot();
    this.#ready = false;
    // The order may have been for the run before.
    rmSync(this.#deathFile, { force: true });
    const [command, ...words] = [
      ...(this.#options.container ? CONTAINER : []),
      ...[process.execPath, '--require', join(root, 'test', 'ledger', 'thread-death.cjs')],
      ...[join(root, 'dist', 'sluice.js'), 'run', '--config', join(this.folder, 'settings.yaml')],
    ];
    const child = spawn(command!, words, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', LEDGER_THREAD_DEATH: this.#deathFile },
    });
    this.#child = child;
    const lastLines: string[] = [];
    const log = createWriteStream(join(this.folder, 'daemon.log'), { flags: 'a' });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream! }).on('line', (line) => {
        log.write(`${line}\n`);
        lastLines.push(line.slice(0, LONGEST_LINE));
        if (lastLines.length > LAST_LINES) lastLines.shift();
        this.#look(line);
      });
    // A test that ends must leave no daemon behind.
    const killed = () => child.kill('SIGKILL');
    process.once('exit', killed);
    this.#events.add({ kind: 'started', daemon: this.name });
    return new Promise((resolve) =>
      child.once('close', (code, signal) => {
        process.off('exit', killed);
        this.#child = undefined;
        const end = { code, signal, wanted: this.#wanted, ready: this.#ready, lastLines };
        this.#events.add({ kind: 'exited', daemon: this.name, ...end });
        log.end();
        resolve(code);
      }),
    );
  }

  /** How often it has written this, over all its runs. */
  count(message: string): number {
    return this.#seen.get(message) ?? 0;
  }

  /** One of its scoring threads takes the order and dies. */
  orderThreadDeath(): void {
    writeFileSync(this.#deathFile, '');
  }

  /** Whether rows wait on its disk for the database. */
  get spools(): boolean {
    const folder = join(this.folder, 'data', 'review-spool');
    if (!existsSync(folder)) return false;
    return readdirSync(folder).some((name) => {
      try {
        return name.endsWith('.jsonl') && readFileSync(join(folder, name)).length > 0;
      } catch {
        // Written and removed between the two looks.
        return true;
      }
    });
  }

  get #deathFile(): string {
    return join(this.folder, 'a-thread-dies');
  }

  #look(line: string): void {
    if (!line.startsWith('{')) return;
    let entry: { readonly msg?: string; readonly time?: string; readonly ops?: string };
    try {
      entry = JSON.parse(line) as typeof entry;
    } catch {
      return;
    }
    const { msg = '', time, ops } = entry;
    this.#seen.set(msg, (this.#seen.get(msg) ?? 0) + 1);
    if (msg === 'ready') {
      this.#ready = true;
      this.#ops = ops;
    }
    const { readsFrom = 'joined the group' } = this.#options;
    if (msg === readsFrom && this.#wanted !== 'refusal')
      this.#events.add(
        { kind: 'joined', daemon: this.name },
        time === undefined ? Date.now() : Date.parse(time),
      );
  }
}

/** Whether a process has ended between two looks at it. */
function isGone(error: unknown): boolean {
  return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
}
