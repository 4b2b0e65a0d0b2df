import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { syncFolder } from './replace-file.ts';

/** What an append log needs of an open file; a test puts a full disk behind it. Every write goes to the file's end. */
export interface AppendFile {
  write(bytes: Uint8Array, from: number, length: number): Promise<{ readonly bytesWritten: number }>;
  read(into: Uint8Array, at: number): Promise<{ readonly bytesRead: number }>;
  size(): Promise<number>;
  truncate(size: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

export type OpenAppendFile = (path: string) => Promise<AppendFile>;

const NEWLINE = 0x0a;
const TAIL_BYTES = 64 * 1024;

/**
 * A file that only ever grows by whole lines. What is appended together stands there wholly or not at all: a write that a
 * full disk cuts is taken back, and what a crash has cut is removed when the file is opened. One writer a file.
 */
export class AppendLog {
  readonly #path: string;
  readonly #file: AppendFile;
  /** Appends one after the other. */
  #appending: Promise<void> = Promise.resolve();
  #syncing: Promise<void> = Promise.resolve();
  #appended = 0;
  #synced = 0;
  /** Set while a cut write could not be taken back: the length to go back to before anything else is written. */
  #tornAt: number | undefined;
  /** Set when the disk may have lost what it had taken; only a restart, which writes it again, can mend that. */
  #lost: SluiceError | undefined;

  private constructor(path: string, file: AppendFile) {
    this.#path = path;
    this.#file = file;
  }

  /** Makes folder and file where they are missing. Throws `SINK_FAILED`. */
  static async open(path: string, log: Log, openFile: OpenAppendFile = openOnDisk): Promise<AppendLog> {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await openFile(path);
      await syncFolder(dirname(path));
      const size = await file.size();
      const whole = await endOfLastLine(file, size);
      if (whole < size) {
        log.warn(
          { file: path, bytes: size - whole },
          'ended within a line, cut by a crash; that line is removed and comes again',
        );
        await file.truncate(whole);
      }
      return new AppendLog(path, file);
    } catch (error) {
      throw new SluiceError(
        'SINK_FAILED',
        `${path} cannot be opened for writing (${describeError(error)}); check its rights`,
        {
          cause: error,
        },
      );
    }
  }

  /** `lines`: each with its newline. Throws `SINK_FAILED` (retriable); the file is then as it was before. */
  append(lines: string): Promise<void> {
    const appended = this.#appending.then(() => this.#append(Buffer.from(lines)));
    this.#appending = appended.catch(() => {});
    return appended;
  }

  /** Resolves when all that was appended before is on the disk. Throws `SINK_FAILED`, not retriable. */
  async flush(): Promise<void> {
    await this.#appending;
    const target = this.#appended;
    // Behind the sync that runs there is at most one more to be run: it covers all who wait.
    const synced = this.#syncing.then(() => this.#syncTo(target));
    this.#syncing = synced.catch(() => {});
    return synced;
  }

  /** Flushes, then closes. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    try {
      if (this.#tornAt !== undefined) await this.#takeBack(this.#tornAt);
      // Asked each time, and not counted along: somebody else may have emptied the file to keep it small.
      const before = await this.#file.size();
      try {
        await this.#writeAll(bytes);
      } catch (error) {
        this.#tornAt = before;
        await this.#takeBack(before);
        throw error;
      }
    } catch (error) {
      throw new SluiceError('SINK_FAILED', `${this.#path} could not be written: ${describeError(error)}`, {
        retriable: true,
        cause: error,
      });
    }
    this.#appended++;
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, from, bytes.length - from);
      if (bytesWritten === 0) throw new Error('the file system takes no more');
      from += bytesWritten;
    }
  }

  async #takeBack(size: number): Promise<void> {
    if ((await this.#file.size()) > size) await this.#file.truncate(size);
    this.#tornAt = undefined;
  }

  async #syncTo(target: number): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#synced >= target) return;
    const covered = this.#appended;
    try {
      await this.#file.datasync();
    } catch (error) {
      // The system reports such an error once and may drop the data: a second sync would succeed and prove nothing.
      this.#lost = new SluiceError(
        'SINK_FAILED',
        `${this.#path} could not be made durable (${describeError(error)}); check the disk and start again: what is not committed comes again`,
        { cause: error },
      );
      throw this.#lost;
    }
    this.#synced = covered;
  }
}

async function endOfLastLine(file: AppendFile, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - TAIL_BYTES);
    const tail = Buffer.alloc(end - start);
    let filled = 0;
    while (filled < tail.length) {
      const { bytesRead } = await file.read(tail.subarray(filled), start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const newline = tail.lastIndexOf(NEWLINE);
    if (newline !== -1) return start + newline + 1;
    end = start;
  }
  return 0;
}

async function openOnDisk(path: string): Promise<AppendFile> {
  const handle = await open(path, 'a+');
  return {
    write: (bytes, from, length) => handle.write(bytes, from, length),
    read: (into, at) => handle.read(into, 0, into.length, at),
    size: async () => (await handle.stat()).size,
    truncate: (size) => handle.truncate(size),
    datasync: () => handle.datasync(),
    close: () => handle.close(),
  };
}
