import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';

/** A file of the inbox as the folder shows it. */
export interface InboxEntry {
  readonly name: string;
  /** Where the file itself is: never a link. */
  readonly path: string;
  readonly inode: number;
  readonly size: number;
  /** When content or inode were last changed, in milliseconds of the file system's clock. */
  readonly changedAt: number;
}

/** The time of one look, by both clocks. */
export interface LookTime {
  /** Epoch milliseconds. */
  readonly now: number;
  /** `Clock.elapsed()`. */
  readonly elapsed: number;
}

export interface InboxListing {
  /** In order of name. */
  readonly entries: readonly InboxEntry[];
  /** Names of the entries, and of files that are there and could not be looked at: what is known of those still holds. */
  readonly names: ReadonlySet<string>;
}

/** What was being done when something could not be read: to find out what it is, to compare it with what is known, to read lines. */
type Step = 'find' | 'compare' | 'read';

type Look = { readonly entry?: InboxEntry; readonly isThere: boolean };
const nothing: Look = { isThere: false };

/** The folder whose `*.jsonl` files are messages. Names that begin with a dot are files that somebody is still writing. */
export class Inbox {
  readonly #path: string;
  readonly #ownFiles: readonly string[];
  readonly #log: Log;
  /** What could not be read when it was last tried, and in which steps: one warning each, not one a look. */
  readonly #unreadable = new Map<string, Set<Step>>();
  readonly #refused = new Set<string>();

  /** `ownFiles`: what this process writes. Read as messages, each line of it would cause another one. */
  constructor(path: string, ownFiles: readonly string[], log: Log) {
    this.#path = path;
    this.#ownFiles = ownFiles;
    this.#log = log;
  }

  /** Throws where the folder can't be read. */
  async list(): Promise<InboxListing> {
    const names = (await readdir(this.#path))
      .filter((name) => name.endsWith('.jsonl') && !name.startsWith('.'))
      .sort();
    const own = await this.#ownInodes();
    const looks = await Promise.all(names.map((name) => this.#look(name, own)));
    return {
      entries: looks.flatMap(({ entry }) => entry ?? []),
      names: new Set(names.filter((_, index) => looks[index]!.isThere)),
    };
  }

  /** Logs once that something can't be read, until {@link readable} says that it can. `name`: a file, or '' for the folder. */
  unreadable(name: string, step: Step, error: unknown): void {
    const steps = this.#unreadable.get(name);
    if (steps !== undefined) {
      steps.add(step);
      return;
    }
    this.#unreadable.set(name, new Set([step]));
    this.#log.warn(
      { inbox: this.#path, file: name, error: describeError(error) },
      'cannot be read; check its permissions. It is tried again, and other files are read meanwhile',
    );
  }

  /** It can be read, as far as this step is concerned; without a step, altogether. */
  readable(name: string, step?: Step): void {
    const steps = this.#unreadable.get(name);
    if (steps === undefined) return;
    if (step !== undefined) steps.delete(step);
    if (step === undefined || steps.size === 0) this.#unreadable.delete(name);
  }

  isUnreadable(name: string): boolean {
    return this.#unreadable.has(name);
  }

  /** Files, and '' for the folder, that could not be read when they were last tried. */
  get allUnreadable(): readonly string[] {
    return [...this.#unreadable.keys()];
  }

  async #look(name: string, own: ReadonlySet<string>): Promise<Look> {
    try {
      const look = await this.#lookAt(name, own);
      this.readable(name, 'find');
      return look;
    } catch (error) {
      // Gone between the listing and the look is no failure.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
      this.unreadable(name, 'find', error);
      return { isThere: true };
    }
  }

  async #lookAt(name: string, own: ReadonlySet<string>): Promise<Look> {
    let path = join(this.#path, name);
    let found = await lstat(path);
    if (found.isSymbolicLink()) {
      path = await realpath(path);
      if (!path.startsWith(`${await realpath(this.#path)}${sep}`))
        return this.#refuse(name, 'is a link that leads out of the inbox and is not followed');
      found = await lstat(path);
    }
    if (!found.isFile()) return nothing;
    if (own.has(`${found.dev}:${found.ino}`))
      return this.#refuse(name, 'is a file that Sluice itself writes and is not read');
    this.#refused.delete(name);
    return {
      isThere: true,
      entry: { name, path, inode: found.ino, size: found.size, changedAt: found.ctimeMs },
    };
  }

  #refuse(name: string, why: string): Look {
    if (!this.#refused.has(name)) this.#log.warn({ inbox: this.#path, file: name }, why);
    this.#refused.add(name);
    return nothing;
  }

  /** By inode, so that a link of either kind is known for what it leads to. */
  async #ownInodes(): Promise<ReadonlySet<string>> {
    const found = await Promise.all(
      this.#ownFiles.map(async (path) => {
        try {
          const { dev, ino } = await stat(path);
          return `${dev}:${ino}`;
        } catch {
          // Not written yet.
          return '';
        }
      }),
    );
    return new Set(found);
  }
}
