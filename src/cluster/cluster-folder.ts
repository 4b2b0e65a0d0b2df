import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import type { LockFile } from '../ports/file-lock.ts';
import { claimFile, filesOfClaim } from './claim-file.ts';
import type { ProcessRecord } from './end-processes.ts';

const RECORD = 'cluster.json';
const CLAIMED_FILE = 'cluster.lock';

/** The record of a cluster on this machine. The caller defines the type of `places`, a name of the file's format. */
export interface ClusterRecord<Endpoints> {
  /** Whether its start came to its end. */
  readonly whole: boolean;
  /** In the order in which they were started. Some may have ended. */
  readonly processes: readonly ProcessRecord[];
  readonly places: Endpoints;
}

/** The folder of a cluster: its record, a lock for the process that changes it, and a data folder for each service. */
export class ClusterFolder<Endpoints> {
  readonly path: string;
  /** Names below `path` that are the cluster's own; nothing else is ever removed. */
  readonly #parts: readonly string[];
  readonly #lockFile: LockFile;

  constructor(path: string, parts: readonly string[], lockFile: LockFile) {
    this.path = path;
    this.#parts = parts;
    this.#lockFile = lockFile;
  }

  /** Undefined where no cluster was ever started here. Throws `SERVICE_FAILED` where that can't be known. */
  read(): ClusterRecord<Endpoints> | undefined {
    let text: string;
    try {
      text = readFileSync(join(this.path, RECORD), 'utf8');
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw this.#unreadable(error);
    }
    try {
      return JSON.parse(text) as ClusterRecord<Endpoints>;
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  /** Whole or not at all, and before the call returns: the next moment may be the last of this process. Holds a password. */
  write(record: ClusterRecord<Endpoints>): void {
    const file = join(this.path, RECORD);
    writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  /**
   * Makes the folder, where it is missing, this process's to change, and answers how to give it back. Throws
   * `SERVICE_FAILED` (retriable) while another changes it, `USAGE` for a folder with something else in it, and `STORE_FAILED`
   * where it cannot be locked.
   */
  async claim(): Promise<() => void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const claim = claimFile(join(this.path, CLAIMED_FILE), this.#lockFile);
    if ('holder' in claim)
      throw new SluiceError(
        'SERVICE_FAILED',
        `another "sluice cluster" (${claim.holder}) is at work in ${this.path}; wait for its end, or end it by Ctrl-C`,
        { retriable: true },
      );
    const { release } = claim;
    const others = (await readdir(this.path)).filter((name) => !filesOfClaim(CLAIMED_FILE).includes(name));
    if (others.length > 0 && this.read() === undefined) {
      // It was not there before, and the folder is none of ours.
      await this.#removeClaim();
      release();
      throw new SluiceError(
        'USAGE',
        `${this.path} holds something that is no cluster; name another folder with --dir, a new or an empty one`,
      );
    }
    return release;
  }

  /** Returns the folder of one of the parts, and creates it if it is missing. */
  part(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** Removes the cluster's own, and the folder where nothing else is left in it. */
  async wipe(): Promise<void> {
    for (const part of [...this.#parts, `${RECORD}.new`, RECORD])
      await rm(join(this.path, part), { recursive: true, force: true });
    await this.#removeClaim();
    await rmdir(this.path).catch(() => {});
  }

  /** By its holder only, who holds it on. */
  async #removeClaim(): Promise<void> {
    for (const name of filesOfClaim(CLAIMED_FILE)) await rm(join(this.path, name), { force: true });
  }

  #unreadable(cause: unknown): SluiceError {
    return new SluiceError(
      'SERVICE_FAILED',
      `${join(this.path, RECORD)}, which lists the running processes, cannot be read; stop them by hand and remove the folder`,
      { cause },
    );
  }
}
