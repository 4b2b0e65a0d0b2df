import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Scratch, ScratchFile } from '../../ports/scratch.ts';

/**
 * Temporary files in a folder, which is made if it is missing. A file loses its name as soon as it is open, so that nobody else can read
 * it and nothing is left behind when the process is killed.
 */
export class FolderScratch implements Scratch {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  open(): ScratchFile {
    const path = join(this.#folder, `.scratch-${randomUUID()}`);
    return this.#tried(() => {
      mkdirSync(this.#folder, { recursive: true });
      const file = openSync(path, 'wx+', 0o600);
      try {
        unlinkSync(path);
      } catch (error) {
        closeSync(file);
        throw error;
      }
      return this.#fileOf(file);
    });
  }

  #fileOf(file: number): ScratchFile {
    let size = 0;
    return {
      append: (bytes) =>
        this.#tried(() => {
          const position = size;
          for (let done = 0; done < bytes.length; )
            done += writeSync(file, bytes, done, bytes.length - done, position + done);
          size += bytes.length;
          return position;
        }),
      read: (position, into) =>
        this.#tried(() => {
          for (let done = 0; done < into.length; ) {
            const read = readSync(file, into, done, into.length - done, position + done);
            if (read === 0) throw new Error('the file ends before what is read of it');
            done += read;
          }
        }),
      close: () => closeSync(file),
    };
  }

  #tried<T>(use: () => T): T {
    try {
      return use();
    } catch (cause) {
      throw new SluiceError(
        'STORE_FAILED',
        `a temporary file in ${this.#folder} could not be used: ${describeError(cause)}; make room there or name another folder`,
        { cause },
      );
    }
  }
}
