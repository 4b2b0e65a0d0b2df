import { dirname } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import {
  appendAll,
  type FileOperations,
  nodeFileOperations,
  systemCode,
  type WritableFile,
} from './file-operations.ts';
import { makeFolder } from './replace-file.ts';

const NEWLINE = 0x0a;
const TAIL_BYTES = 64 * 1024;
/** Errors of opening a file that last until somebody changes something. */
const lasting: ReadonlySet<string> = new Set([
  ...['EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'ENXIO'],
]);

/**
 * A file that only ever grows by whole lines. What is appended together is written wholly or not at all: a write that a
 * full disk cuts is taken back, and what a crash has cut is removed when the file is opened. One writer a file.
 */
export class AppendLog {
  readonly #path: string;
  readonly #file: WritableFile;
  /** Appends one after the other. */
  #appending: Promise<void> = Promise.resolve();
  #syncing: Promise<void> = Promise.resolve();
  #appended = 0;
  #synced = 0;
  /** The file's length behind the last append, and when it was last on the disk for certain. */
  #size: number;
  #syncedSize: number;
  /** Set while a cut write could not be taken back: the length to go back to before anything else is written. */
  #tornAt: number | undefined;
  /** Set when the disk may have lost what it had accepted; only a restart, which writes it again, can repair that. */
  #lost: SluiceError | undefined;

  private constructor(path: string, file: WritableFile, size: number) {
    this.#path = path;
    this.#file = file;
    this.#size = size;
    this.#syncedSize = size;
  }

  /**
   * Creates folder and file where they are missing. Throws `SINK_FAILED`, retriable unless it is for a path or permission that
   * somebody has to change.
   */
  static async open(path: string, log: Log, files: FileOperations = nodeFileOperations): Promise<AppendLog> {
    let file: WritableFile | undefined;
    try {
      await makeFolder(dirname(path), files);
      file = await files.open(path, 'append');
      await files.syncFolder(dirname(path));
      const size = await file.size();
      const whole = await endOfLastLine(file, size);
      if (whole < size) {
        log.warn(
          { file: path, bytes: size - whole },
          'ended within a line, cut by a crash; that line is removed and comes again',
        );
        await file.truncate(whole);
      }
      // What a process that was killed had written counts as what is on the disk from here on.
      await file.datasync();
      return new AppendLog(path, file, whole);
    } catch (error) {
      await file?.close().catch(() => {});
      const code = systemCode(error);
      throw new SluiceError(
        'SINK_FAILED',
        `${path} cannot be opened for writing (${describeError(error)}); check the path, its permissions and the room on the disk`,
        { retriable: code !== undefined && !lasting.has(code), cause: error },
      );
    }
  }

  /** `lines`: each with its newline. Throws `SINK_FAILED` (retriable); the file is then as it was before. */
  append(lines: string | Uint8Array): Promise<void> {
    const bytes = typeof lines === 'string' ? Buffer.from(lines) : lines;
    const appended = this.#appending.then(() => this.#append(bytes));
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

  /** Flushes, then closes. Throws as {@link flush} does. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      // Where the flush succeeded everything is on the disk, and an error of closing says nothing about it.
      await this.#file.close().catch(() => {});
    }
  }

  async #append(bytes: Uint8Array): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    try {
      if (this.#tornAt !== undefined) await this.#takeBack(this.#tornAt);
      // Asked each time, and not counted along: somebody else may have emptied the file to keep it small.
      const before = await this.#file.size();
      this.#syncedSize = Math.min(this.#syncedSize, before);
      try {
        await appendAll(this.#file, bytes);
      } catch (error) {
        this.#tornAt = before;
        await this.#takeBack(before);
        throw error;
      }
      this.#size = before + bytes.length;
    } catch (error) {
      throw new SluiceError('SINK_FAILED', `${this.#path} could not be written: ${describeError(error)}`, {
        retriable: true,
        cause: error,
      });
    }
    this.#appended++;
  }

  async #takeBack(size: number): Promise<void> {
    if ((await this.#file.size()) > size) await this.#file.truncate(size);
    this.#tornAt = undefined;
  }

  async #syncTo(target: number): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    if (this.#synced >= target) return;
    const covered = this.#appended;
    const size = this.#size;
    try {
      await this.#file.datasync();
    } catch (error) {
      // The system reports such an error once and may drop the data: a second sync would succeed and prove nothing.
      this.#lost = new SluiceError(
        'SINK_FAILED',
        `${this.#path} could not be made durable (${describeError(error)}); check the disk and start again: what is not committed comes again`,
        { cause: error },
      );
      await this.#cutWhatMayBeLost();
      throw this.#lost;
    }
    this.#synced = covered;
    this.#syncedSize = size;
  }

  /** Else programs would go on seeing those lines, and the next process would append behind a hole. */
  async #cutWhatMayBeLost(): Promise<void> {
    await this.#appending;
    await this.#takeBack(this.#syncedSize).catch(() => {});
  }
}

async function endOfLastLine(file: WritableFile, size: number): Promise<number> {
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - TAIL_BYTES);
    const tail = Buffer.alloc(end - start);
    let filled = 0;
    while (filled < tail.length) {
      const bytesRead = await file.read(tail.subarray(filled), start + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const newline = tail.lastIndexOf(NEWLINE);
    if (newline !== -1) return start + newline + 1;
    end = start;
  }
  return 0;
}
