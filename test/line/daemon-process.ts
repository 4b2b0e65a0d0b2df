import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const cli = join(root, 'dist', 'sluice.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const alive = new Set<ChildProcess>();

/** To be called after each test: a test that fails must leave no daemon behind. */
export async function endAllDaemons(): Promise<void> {
  for (const child of alive) child.kill('SIGKILL');
  while (alive.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A real daemon in a process of its own, on the embedded default, with its state in `folder`. */
export class DaemonProcess {
  readonly folder: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<Ended>;
  #log = '';

  private constructor(folder: string, args: readonly string[]) {
    this.folder = folder;
    this.#child = spawn(process.execPath, [cli, 'run', '--config', join(folder, 'settings.yaml'), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#log += chunk.toString();
    });
    alive.add(this.#child);
    this.#ended = new Promise((resolve) =>
      this.#child.once('close', (code, signal) => {
        alive.delete(this.#child);
        resolve({ code, signal });
      }),
    );
  }

  static spawn(folder: string, ...args: readonly string[]): DaemonProcess {
    return new DaemonProcess(folder, args);
  }

  /** Resolves once it scores; throws with its log when it ends before that. */
  static async start(folder: string, ...args: readonly string[]): Promise<DaemonProcess> {
    const daemon = new DaemonProcess(folder, args);
    await daemon.until(() => daemon.#log.includes('"msg":"ready"'), 120);
    return daemon;
  }

  get log(): string {
    return this.#log;
  }

  get pid(): number {
    return this.#child.pid!;
  }

  get ended(): Promise<Ended> {
    return this.#ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return await this.#ended;
  }

  /** Waits for a condition while the daemon lives. */
  async until(condition: () => boolean | Promise<boolean>, seconds = 120): Promise<void> {
    const deadline = performance.now() + seconds * 1000;
    while (!(await condition())) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`the daemon ended early:\n${this.#log}`);
      if (performance.now() > deadline) throw new Error(`not within ${seconds} s:\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Writes the daemon's settings and makes its inbox. */
export function layFolder(folder: string, settings = ''): void {
  mkdirSync(join(folder, 'data', 'inbox'), { recursive: true });
  writeFileSync(
    join(folder, 'settings.yaml'),
    `trace: all\nhttp: { api: { enabled: false }, ops: { enabled: false } }\npool: { threads: 2 }\ncommit: { intervalSeconds: 0.1 }\n${settings}`,
  );
}

export function linesOf(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

export interface TraceLine {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly community: string | null;
  readonly message_id: string | null;
  readonly outcome: string;
  readonly model: string;
}

/** Whole lines only: the last may be cut while the daemon writes. */
export function readTrace(folder: string): TraceLine[] {
  const file = join(folder, 'data', 'trace.jsonl');
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TraceLine);
}

/** The committed offset of a file of the inbox; 0 where there is none. */
export function committedOffset(folder: string, name: string): number {
  const file = join(folder, 'data', 'offsets.json');
  if (!existsSync(file)) return 0;
  const { files } = JSON.parse(readFileSync(file, 'utf8')) as { files: Record<string, { offset: number }> };
  return files[name]?.offset ?? 0;
}
