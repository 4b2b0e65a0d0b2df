import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** A link that took the name is not followed, and a pipe that took it does not block. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** The name leads to another file by now, or to none. Not a failure: the next look at the folder deals with it. */
export class NameLost extends Error {
  override readonly name = 'NameLost';
}

export interface FileStatus {
  readonly size: number;
  /** When content or inode were last changed, in milliseconds of the file system's clock. */
  readonly changedAt: number;
  /** No name is left of it. */
  readonly isRemoved: boolean;
}

/**
 * A file of the inbox that is opened when it is first needed, and again after it was closed. It stays the same file whatever
 * happens to its name: where the name leads to another file by then, opening throws {@link NameLost}.
 */
export class InboxHandle {
  readonly #path: string;
  readonly #inode: number;
  #handle: FileHandle | undefined;
  #isSuspect = false;

  constructor(path: string, inode: number) {
    this.#path = path;
    this.#inode = inode;
  }

  get isOpen(): boolean {
    return this.#handle !== undefined;
  }

  /** Opens the file where it is not open. Returns whether it was opened now. Throws the file system's errors. */
  async open(): Promise<boolean> {
    if (this.#handle !== undefined && !this.#isSuspect) return false;
    const before = this.#handle;
    try {
      this.#handle = await this.#openName();
    } catch (error) {
      // What is open may work again, and a file that lost its name can't be opened a second time.
      if (before === undefined) throw error;
      return false;
    } finally {
      this.#isSuspect = false;
    }
    await closeQuietly(before);
    return true;
  }

  /** Fills `target` with the bytes at `at`, as far as there are any. Returns how many there were. The file must be open. */
  async read(target: Buffer, at: number): Promise<number> {
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await this.#opened().read(target, filled, target.length - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  /** What the file system knows of it. The file must be open. */
  async status(): Promise<FileStatus> {
    const { size, ctimeMs, nlink } = await this.#opened().stat();
    return { size, changedAt: ctimeMs, isRemoved: nlink === 0 };
  }

  /** After an error: it is opened again before the next use, as far as its name still leads to it. */
  suspect(): void {
    this.#isSuspect = true;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await closeQuietly(handle);
  }

  #opened(): FileHandle {
    if (this.#handle === undefined) throw new TypeError('the file is not open');
    return this.#handle;
  }

  async #openName(): Promise<FileHandle> {
    const handle = await open(this.#path, FLAGS).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? new NameLost(error.message) : error;
    });
    try {
      const found = await handle.stat();
      if (!found.isFile() || found.ino !== this.#inode)
        throw new NameLost('another file has taken the name of the one that was read');
      return handle;
    } catch (error) {
      await closeQuietly(handle);
      throw error;
    }
  }
}

/** Nothing was written, so nothing can be lost by a close that fails. */
async function closeQuietly(handle: FileHandle | undefined): Promise<void> {
  await handle?.close().catch(() => {});
}
