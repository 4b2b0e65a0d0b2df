import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';

/** A file of the inbox as the folder shows it. */
export interface InboxEntry {
  readonly name: string;
  readonly path: string;
  readonly inode: number;
  readonly size: number;
}

/** The folder whose `*.jsonl` files are messages. Names that begin with a dot are somebody's unfinished business. */
export class Inbox {
  readonly #path: string;
  readonly #log: Log;
  /** What has been warned of and is not well again: one line each, not one a look. */
  readonly #ill = new Set<string>();

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  /** In order of name. Throws where the folder can't be read. */
  async list(): Promise<readonly InboxEntry[]> {
    const names = (await readdir(this.#path))
      .filter((name) => name.endsWith('.jsonl') && !name.startsWith('.'))
      .sort();
    const entries = await Promise.all(names.map((name) => this.#look(name)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** Says once that something can't be read, until {@link isWell} says that it can. `name`: a file, or '' for the folder. */
  warn(name: string, error: unknown): void {
    if (this.#ill.has(name)) return;
    this.#ill.add(name);
    this.#log.warn(
      { inbox: this.#path, file: name, error: describeError(error) },
      'cannot be read; check its rights. It is tried again, and the others go on',
    );
  }

  isWell(name: string): void {
    this.#ill.delete(name);
  }

  isIll(name: string): boolean {
    return this.#ill.has(name);
  }

  async #look(name: string): Promise<InboxEntry | undefined> {
    const path = join(this.#path, name);
    try {
      const found = await stat(path);
      return found.isFile() ? { name, path, inode: found.ino, size: found.size } : undefined;
    } catch (error) {
      // Gone between the listing and the look is no illness.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.warn(name, error);
      return undefined;
    }
  }
}
