import { chmod, chown, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { ProposedSettings, SettingChange, SettingsWriter } from '../../ports/settings-writer.ts';
import { editedYaml } from './edited-yaml.ts';

export type ParseSettings = (text: string, path: string) => Readonly<Record<string, unknown>>;

/** A settings file in YAML, to write. It keeps its comments, owner and mode; a link to it stays a link. */
export class YamlSettingsWriter implements SettingsWriter {
  readonly #path: string;
  readonly #parse: ParseSettings;

  /** `parse`: how the file is read at the start, so that what is written is read by the same rules. */
  constructor(path: string, parse: ParseSettings) {
    this.#path = path;
    this.#parse = parse;
  }

  get location(): string {
    return this.#path;
  }

  async propose(changes: readonly SettingChange[]): Promise<ProposedSettings> {
    const path = await this.#known(() => realpath(this.#path));
    const before = await this.#known(() => readFile(path, 'utf8'));
    const expected = withChanges(this.#parse(before, this.#path), changes);
    let after: string;
    try {
      after = editedYaml(before, changes);
      if (!isDeepStrictEqual(this.#parse(after, this.#path), expected))
        throw new Error('other settings would change too');
    } catch (cause) {
      throw this.#failed(`cannot be changed without changing its structure: ${describeError(cause)}`, cause);
    }
    return {
      nested: expected,
      write: () => this.#known(() => this.#replace(path, before, after)),
    };
  }

  /** Written aside and renamed: a reader sees the old or the new settings, also after a power cut. */
  async #replace(path: string, before: string, after: string): Promise<void> {
    const { mode, uid, gid } = await stat(path);
    const aside = `${path}.${process.pid}.new`;
    const file = await open(aside, 'wx', 0o600);
    try {
      try {
        await file.writeFile(after);
        await file.sync();
      } finally {
        await file.close();
      }
      const own = await stat(aside);
      if (own.uid !== uid || own.gid !== gid) await chown(aside, uid, gid);
      await chmod(aside, mode & 0o7777);
      if ((await readFile(path, 'utf8')) !== before)
        throw new Error('somebody changed it at the same time; try again');
      await rename(aside, path);
    } catch (error) {
      await unlink(aside).catch(() => {});
      throw error;
    }
    const folder = await open(dirname(path), 'r');
    // A file system that does not sync folders has the file nevertheless.
    await folder.sync().catch(() => {});
    await folder.close();
  }

  async #known<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      throw cause instanceof SluiceError
        ? cause
        : this.#failed(`cannot be changed: ${describeError(cause)}`, cause);
    }
  }

  #failed(what: string, cause: unknown): SluiceError {
    return new SluiceError(
      'SETTINGS_UNREADABLE',
      `${this.#path} ${what}. Nothing was changed; change it by hand, or as the user who owns the file and its folder.`,
      { cause },
    );
  }
}

/** A copy of nested settings with some of them changed. */
function withChanges(
  nested: Readonly<Record<string, unknown>>,
  changes: readonly SettingChange[],
): Readonly<Record<string, unknown>> {
  const copy = structuredClone(nested) as Record<string, unknown>;
  for (const { path, value } of changes) {
    let at = copy;
    for (const key of path.slice(0, -1)) {
      if (typeof at[key] !== 'object' || at[key] === null) at[key] = {};
      at = at[key] as Record<string, unknown>;
    }
    at[path.at(-1)!] = value;
  }
  return copy;
}
