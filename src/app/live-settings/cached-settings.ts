import { dirname, join } from 'node:path';
import { type FileOperations, nodeFileOperations } from '../../adapters/file/file-operations.ts';
import { makeFolder, replaceFile } from '../../adapters/file/replace-file.ts';

const FILE = 'live-settings.json';

interface CacheFile {
  /** Name of the settings source; `place` is a name of the file's format. */
  readonly place: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The last good settings of a live settings source, on this disk. They may hold secrets, so only their owner can read the file. */
export class CachedSettings {
  readonly #path: string;
  readonly #sourceName: string;
  readonly #files: FileOperations;
  #last = '';
  /** Writes one after the other: two at the same time would mix their bytes in one temporary file. */
  #writing: Promise<void> = Promise.resolve();

  constructor(statePath: string, sourceName: string, files: FileOperations = nodeFileOperations) {
    this.#path = join(statePath, FILE);
    this.#sourceName = sourceName;
    this.#files = files;
  }

  /** Undefined where nothing of this source is cached. */
  async read(): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      const { place, settings } = JSON.parse(
        (await this.#files.readFile(this.#path)).toString(),
      ) as CacheFile;
      return place === this.#sourceName ? settings : undefined;
    } catch {
      return undefined;
    }
  }

  /** On the disk when it resolves. Throws the file system's errors. */
  keep(settings: CacheFile['settings']): Promise<void> {
    const text = JSON.stringify({ place: this.#sourceName, settings } satisfies CacheFile);
    const written = this.#writing.then(async () => {
      if (text === this.#last) return;
      await makeFolder(dirname(this.#path), this.#files);
      await replaceFile(this.#path, text, this.#files);
      this.#last = text;
    });
    this.#writing = written.catch(() => {});
    return written;
  }
}
