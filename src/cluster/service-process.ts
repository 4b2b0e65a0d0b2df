import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { describeError, SluiceError } from '../core/errors.ts';
import { notInstalled } from './run-to-end.ts';

export interface ServiceProcessOptions {
  /** For messages: "Kafka". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to this process's own; what is undefined is taken away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What it writes is appended to this file, so that it can go on when this process ends. */
  readonly outputFile: string;
  /** The line that the service itself writes when it serves, or a question that it alone can answer with yes. */
  readonly ready: RegExp | (() => Promise<boolean>);
  readonly readySeconds: number;
  /** Ends a start that is not through: the process is killed, and the signal's reason thrown. */
  readonly signal?: AbortSignal;
  /** How long it may take to end by SIGTERM. */
  readonly stopSeconds: number;
  /** What to do where the command is missing: one line that installs it. */
  readonly install: string;
}

const LOOK_MILLISECONDS = 50;
const LAST_LINES = 15;
const TAIL_BYTES = 16 * 1024;

/** Processes that end when this one does, unless they were released. */
const mine = new Set<ChildProcess>();
let watchesExit = false;

/** One run of a service on this machine, from its start to its end. In a process group of its own: Ctrl-C is not for it. */
export class ServiceProcess {
  /** Called for each process when it has started, so that a record of running processes is complete even after a kill. */
  static spawned: ((service: ServiceProcess) => void) | undefined;
  readonly #options: ServiceProcessOptions;
  readonly #child: ChildProcess;
  /** Resolves when it has ended, however that came about. */
  readonly ended: Promise<void>;
  #hasEnded = false;
  #frozen = false;

  private constructor(options: ServiceProcessOptions, child: ChildProcess) {
    this.#options = options;
    this.#child = child;
    mine.add(child);
    this.ended = new Promise((resolve) => {
      child.once('exit', () => {
        this.#hasEnded = true;
        mine.delete(child);
        resolve();
      });
    });
    if (watchesExit) return;
    watchesExit = true;
    process.once('exit', () => {
      for (const each of mine) each.kill('SIGKILL');
    });
  }

  /** Resolves when the service is ready. Throws `SERVICE_FAILED` with its last lines when it ends before or takes too long. */
  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    const output = openSync(options.outputFile, 'a');
    const from = statSync(options.outputFile).size;
    const child = spawn(options.command, [...options.args], {
      stdio: ['ignore', output, output],
      detached: true,
      env: { ...process.env, ...options.environment },
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    closeSync(output);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(notInstalled(options.command, options.install, error)));
    });
    const service = new ServiceProcess(options, child);
    try {
      ServiceProcess.spawned?.(service);
      await service.#untilReady(from);
    } catch (error) {
      await service.kill();
      throw error;
    }
    return service;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get name(): string {
    return this.#options.name;
  }

  get outputFile(): string {
    return this.#options.outputFile;
  }

  get stopSeconds(): number {
    return this.#options.stopSeconds;
  }

  get running(): boolean {
    return !this.#hasEnded;
  }

  /** The end of what it has written. */
  get lastLines(): string {
    return readFrom(this.#options.outputFile, 0).trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  }

  /** SIGTERM, and SIGKILL where that does not end it in time. Idempotent. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    this.unfreeze();
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#options.stopSeconds * 1000);
    await this.ended;
    clearTimeout(timer);
  }

  /** SIGKILL: no chance to tidy up. */
  async kill(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** It stops dead, its connections staying open. */
  freeze(): void {
    this.#frozen = true;
    this.#child.kill('SIGSTOP');
  }

  unfreeze(): void {
    if (!this.#frozen) return;
    this.#frozen = false;
    this.#child.kill('SIGCONT');
  }

  /** It goes on when this process ends. */
  release(): void {
    mine.delete(this.#child);
    this.#child.unref();
  }

  async #untilReady(from: number): Promise<void> {
    const { name, ready, readySeconds, outputFile } = this.#options;
    const deadline = performance.now() + readySeconds * 1000;
    let problem = '';
    const isReady = async (): Promise<boolean> => {
      if (ready instanceof RegExp) return ready.test(readFrom(this.#options.outputFile, from));
      try {
        return await ready();
      } catch (error) {
        problem = ` (${describeError(error)})`;
        return false;
      }
    };
    while (!(await isReady())) {
      this.#options.signal?.throwIfAborted();
      if (this.#hasEnded)
        throw new SluiceError(
          'SERVICE_FAILED',
          `${name} ended while it started; its last lines, of ${outputFile}:\n${this.lastLines}`,
        );
      if (performance.now() > deadline)
        throw new SluiceError(
          'SERVICE_FAILED',
          `${name} was not ready after ${readySeconds} s${problem}; its last lines, of ${outputFile}:\n${this.lastLines}`,
        );
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
    }
    // A probe may have been answered by somebody else on that port.
    if (this.#hasEnded)
      throw new SluiceError(
        'SERVICE_FAILED',
        `${name} ended as it started; its last lines, of ${outputFile}:\n${this.lastLines}`,
      );
  }
}

/** Returns the content of the file after a position, at most the last few KiB of it. */
function readFrom(path: string, from: number): string {
  const file = openSync(path, 'r');
  try {
    const size = statSync(path).size;
    const start = Math.max(from, size - TAIL_BYTES);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}
