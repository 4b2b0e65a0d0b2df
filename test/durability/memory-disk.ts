import type { FileOperations, WritableFile } from '../../src/adapters/file/file-operations.ts';
import { DiskModel, type ModelFile, type Survivors, systemError } from './disk-model.ts';

export type OperationName =
  | 'open'
  | 'append'
  | 'read'
  | 'size'
  | 'truncate'
  | 'datasync'
  | 'close'
  | 'readFile'
  | 'list'
  | 'makeFolder'
  | 'syncFolder'
  | 'rename'
  | 'unlink';

/** What goes wrong at one operation. */
export interface Fault {
  readonly code: string;
  /** The operation has taken effect, and only its answer is an error. */
  readonly afterwards?: boolean;
  /** Of an append: so many bytes are written before. */
  readonly shortBy?: number;
}

export type FaultPlan = (operation: OperationName, path: string) => Fault | undefined;

const MAY_HAVE_HAPPENED: ReadonlySet<OperationName> = new Set(['rename', 'unlink', 'makeFolder']);

/** A disk in memory that records what is done to it, fails by plan, and can lose its power. */
export class MemoryDisk implements FileOperations {
  readonly #model: DiskModel;
  /** Operations that have succeeded, in the order of their ends: `datasync /a/b`. */
  readonly journal: string[] = [];
  /** Files that are open now. */
  openFiles = 0;
  /** The bytes that all files together may have. */
  room = Number.POSITIVE_INFINITY;
  plan: FaultPlan = () => undefined;
  /** Called after each operation, failed or not. */
  afterEach: () => void = () => {};

  /** `files`: what is on it already, by path. */
  constructor(files: ReadonlyMap<string, Buffer> = new Map()) {
    this.#model = new DiskModel(files);
  }

  /** The files that a power cut would leave now, by path. */
  filesAfterCut(survivors: Survivors): ReadonlyMap<string, Buffer> {
    return this.#model.afterCut(survivors);
  }

  /** Content of a file; undefined where there is none. */
  text(path: string): string | undefined {
    return this.#model.has(path) ? this.#model.file(path).content.toString() : undefined;
  }

  async open(path: string, how: 'append' | 'replace'): Promise<WritableFile> {
    const file = await this.#operate('open', path, () => {
      const opened = this.#model.openFile(path);
      if (how === 'replace' && opened.content.length > 0) opened.truncate(0);
      return opened;
    });
    this.openFiles++;
    return {
      append: (bytes) => this.#append(file, path, Buffer.from(bytes)),
      read: (into, at) =>
        this.#operate('read', path, () => {
          const found = file.content.subarray(at, at + into.length);
          into.set(found);
          return found.length;
        }),
      size: () => this.#operate('size', path, () => file.content.length),
      truncate: (size) =>
        this.#operate('truncate', path, () => {
          // As POSIX has it: a file that is shorter is filled with zeros.
          const missing = size - file.content.length;
          if (missing > 0) file.append(Buffer.alloc(missing));
          else file.truncate(size);
        }),
      datasync: () =>
        this.#sync('datasync', path, file).catch((error: unknown) => {
          file.failSync();
          throw error;
        }),
      close: () =>
        this.#operate('close', path, () => {
          this.openFiles--;
        }),
    };
  }

  readFile(path: string): Promise<Buffer> {
    return this.#operate('readFile', path, () => Buffer.from(this.#model.file(path).content));
  }

  async *readChunks(path: string): AsyncGenerator<Uint8Array> {
    const content = await this.readFile(path);
    // Lines are cut anywhere.
    for (let at = 0; at < content.length; at += 100) yield content.subarray(at, at + 100);
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#operate('list', folder, () => [...this.#model.folder(folder).names.keys()]);
  }

  makeFolder(path: string): Promise<void> {
    return this.#operate('makeFolder', path, () => this.#model.makeFolder(path));
  }

  async syncFolder(path: string): Promise<void> {
    await this.#sync('syncFolder', path, this.#model.folder(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#operate('rename', to, () => this.#model.rename(from, to));
  }

  unlink(path: string): Promise<void> {
    return this.#operate('unlink', path, () => this.#model.unlink(path));
  }

  #append(file: ModelFile, path: string, bytes: Buffer): Promise<number> {
    const fault = this.plan('append', path);
    return this.#operate(
      'append',
      path,
      () => {
        const room = this.room - this.#model.bytes;
        if (room <= 0) throw systemError('ENOSPC', path);
        const most = fault?.shortBy === undefined ? bytes.length : Math.max(1, bytes.length - fault.shortBy);
        const written = bytes.subarray(0, Math.min(room, most));
        file.append(written);
        return written.length;
      },
      fault?.shortBy === undefined ? fault : undefined,
    );
  }

  /** What was done before its beginning is covered, what is done while it runs is not. */
  async #sync(
    name: 'datasync' | 'syncFolder',
    path: string,
    node: { beginSync(): () => void },
  ): Promise<void> {
    const synced = node.beginSync();
    await this.#operate(name, path, synced);
  }

  async #operate<T>(
    name: OperationName,
    path: string,
    action: () => T,
    fault: Fault | undefined = name === 'append' ? undefined : this.plan(name, path),
  ): Promise<T> {
    const operation = `${name} ${path}`;
    // Others get their turn meanwhile, as on a disk.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      if (fault !== undefined) {
        // A file that could not be closed properly is no longer open either.
        if (name === 'close' || (fault.afterwards === true && MAY_HAVE_HAPPENED.has(name))) action();
        throw systemError(fault.code, operation);
      }
      const result = action();
      this.journal.push(operation);
      return result;
    } finally {
      this.afterEach();
    }
  }
}
