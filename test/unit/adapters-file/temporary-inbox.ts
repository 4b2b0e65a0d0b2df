import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSource, type FileSourceOptions } from '../../../src/adapters/file/file-source.ts';
import type { Batch } from '../../../src/core/batch.ts';
import type { TopicPartition } from '../../../src/core/topic-partition.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';

/** Sleeping moves the time on without waiting for it. The wall clock can be stepped by `wallMs` on its own. */
export class JumpingClock implements Clock {
  ms = 1_000_000;
  wallMs = 1_799_999_000_000;
  now = () => this.wallMs + this.ms;
  elapsed = () => this.ms / 1000;
  sleep = async (seconds: number) => {
    await new Promise((resolve) => setImmediate(resolve));
    this.ms += seconds * 1000;
  };
}

export interface Warning {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const quiet = () => {};
export const quietLog: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet, child: () => quietLog };

/** An inbox in a folder of its own, and the sources that were opened on it. */
export class TemporaryInbox {
  readonly folder: string;
  readonly inbox: string;
  readonly stateDir: string;
  readonly clock = new JumpingClock();
  readonly warnings: Warning[] = [];
  readonly revoked: string[] = [];
  readonly #opened: FileSource[] = [];
  readonly #log: Log;

  private constructor(folder: string) {
    this.folder = folder;
    this.inbox = join(folder, 'inbox');
    this.stateDir = join(folder, 'state');
    const warn = (fields: Warning['fields'], text: string) => void this.warnings.push({ fields, text });
    this.#log = { debug: quiet, info: quiet, warn, error: warn, child: () => this.#log };
  }

  static async make(): Promise<TemporaryInbox> {
    const made = new TemporaryInbox(await mkdtemp(join(tmpdir(), 'sluice-inbox-')));
    await mkdir(made.inbox);
    return made;
  }

  path(name: string): string {
    return join(this.inbox, name);
  }

  async open(options: Partial<FileSourceOptions> = {}): Promise<FileSource> {
    const source = new FileSource({
      inbox: this.inbox,
      stateDir: this.stateDir,
      maxMessages: 100,
      maxAgeSeconds: 1,
      maxMessageBytes: 1024,
      startAt: 'earliest',
      once: false,
      log: this.#log,
      clock: this.clock,
      ...options,
    });
    this.#opened.push(source);
    await source.open({ revoked: ({ topic }, epoch) => void this.revoked.push(`${topic} ${epoch}`) });
    return source;
  }

  async dispose(): Promise<void> {
    for (const source of this.#opened) await source.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What comes within some seconds of the clock. */
export async function pullForAWhile(
  source: FileSource,
  clock: JumpingClock,
  seconds = 2,
  skip?: (at: TopicPartition) => boolean,
): Promise<Batch[]> {
  const stop = new AbortController();
  const until = clock.ms + seconds * 1000;
  const sleep = clock.sleep;
  clock.sleep = async (seconds) => {
    await sleep(seconds);
    if (clock.ms >= until) stop.abort();
  };
  const batches: Batch[] = [];
  for (;;) {
    const batch = await source.pull(stop.signal, skip);
    if (batch === undefined) break;
    batches.push(batch);
  }
  clock.sleep = sleep;
  return batches;
}

export function textsOf(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ messages }) => messages.map(({ bytes }) => Buffer.from(bytes).toString()));
}
