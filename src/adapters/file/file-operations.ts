import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';

/** A file that is open for writing. */
export interface WritableFile {
  /** Writes at the file's end and returns how many bytes were written, which may be fewer than were given. */
  append(bytes: Uint8Array): Promise<number>;
  /** Fills `into` from the offset `at` and returns how many bytes there were. */
  read(into: Uint8Array, at: number): Promise<number>;
  size(): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Content and length survive a power cut once this has resolved. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * The file operations that decide whether data survives a crash. All of them throw the file system's own errors. Tests put
 * another implementation here, to record the order of operations, to make them fail, and to simulate a power cut.
 */
export interface FileOperations {
  /** Opens a file for appending, or empties it first. A new file can be read and written by its owner only. */
  open(path: string, how: 'append' | 'replace'): Promise<WritableFile>;
  readFile(path: string): Promise<Buffer>;
  /** The content of a file that may be large, piece by piece. */
  readChunks(path: string): AsyncIterable<Uint8Array>;
  /** Names in a folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Creates a folder, and those above it, where they are missing. */
  makeFolder(path: string): Promise<void>;
  /** Names that were created, moved or removed in the folder survive a power cut once this has resolved. */
  syncFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

/** The daemon's files hold people's messages. */
const OWNER_ONLY = 0o600;

export const nodeFileOperations: FileOperations = {
  open: async (path, how) => new NodeFile(await open(path, how === 'append' ? 'a+' : 'w', OWNER_ONLY)),
  readFile: (path) => readFile(path),
  readChunks: (path) => createReadStream(path),
  list: (folder) => readdir(folder),
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true });
  },
  syncFolder: async (path) => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  rename,
  unlink,
};

class NodeFile implements WritableFile {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async append(bytes: Uint8Array): Promise<number> {
    return (await this.#handle.write(bytes)).bytesWritten;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    return (await this.#handle.read(into, 0, into.length, at)).bytesRead;
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  truncate(size: number): Promise<void> {
    return this.#handle.truncate(size);
  }

  datasync(): Promise<void> {
    return this.#handle.datasync();
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/** Appends all of `bytes`; where it throws, a part of them may have been written. */
export async function appendAll(file: WritableFile, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const written = await file.append(bytes.subarray(from));
    if (written === 0) throw new Error('the file system accepts no more bytes');
    from += written;
  }
}

/** The system's code of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}
