import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = Buffer.alloc(64 * 1024);

/** A disk of its own for a folder, so small that it can be filled: of memory, so root alone can have one. */
export class SmallDisk {
  readonly #folder: string;
  readonly #onExit = () => {
    spawnSync('umount', ['--lazy', this.#folder]);
  };

  private constructor(folder: string) {
    this.#folder = folder;
    process.once('exit', this.#onExit);
  }

  static mount(folder: string, mebibytes: number): SmallDisk {
    mkdirSync(folder, { recursive: true });
    const { status, stderr } = spawnSync('mount', [
      ...['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`],
      ...['tmpfs', folder],
    ]);
    if (status !== 0)
      throw new Error(
        `a disk that can be filled needs root and the right to mount: ${String(stderr).trim()}`,
      );
    return new SmallDisk(folder);
  }

  /** Not a byte is left after it. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (;;) writeSync(file, PIECE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  unmount(): void {
    process.off('exit', this.#onExit);
    this.#onExit();
  }

  get #ballast(): string {
    return join(this.#folder, 'ballast');
  }
}
