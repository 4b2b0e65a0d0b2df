import { dirname, join } from 'node:path';
import { type FileOperations, nodeFileOperations, systemCode } from '../../adapters/file/file-operations.ts';
import { makeFolder, replaceFile } from '../../adapters/file/replace-file.ts';
import { type DriftMemory, driftMemorySchema } from '../../drift/drift-monitor.ts';

const FILE = 'drift.json';

/** What is usual, and the sums that watch for a change, on this disk. It holds counts and no text. */
export class DriftMemoryFile {
  readonly path: string;
  readonly #files: FileOperations;
  /** Writes one after the other: two at the same time would mix their bytes in one temporary file. */
  #writing: Promise<void> = Promise.resolve();

  constructor(statePath: string, files: FileOperations = nodeFileOperations) {
    this.path = join(statePath, FILE);
    this.#files = files;
  }

  /** Undefined where there is none. Throws where it cannot be read, or is not as it should be. */
  async read(): Promise<DriftMemory | undefined> {
    let content: string;
    try {
      content = (await this.#files.readFile(this.path)).toString();
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    return driftMemorySchema.parse(JSON.parse(content));
  }

  /** On the disk when it resolves. Throws the file system's errors. */
  write(memory: DriftMemory): Promise<void> {
    const text = JSON.stringify(memory);
    const written = this.#writing.then(async () => {
      await makeFolder(dirname(this.path), this.#files);
      await replaceFile(this.path, text, this.#files);
    });
    this.#writing = written.catch(() => {});
    return written;
  }
}
