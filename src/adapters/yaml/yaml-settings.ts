import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import type { LiveSettings } from '../../ports/live-settings.ts';

const LOOK_SECONDS = 0.4;
/** So many looks in a row that find no file mean that it was removed, and is not just being replaced. */
const REMOVED_AFTER_LOOKS = 5;

const nodeClock: Pick<Clock, 'sleep'> = {
  // Rejects when aborted, which is no failure here.
  sleep: (seconds, signal) => sleepFor(seconds * 1000, undefined, signal && { signal }).catch(() => {}),
};

export type ReadSettingsFile = (path: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Settings in a YAML file. Its content is looked at again and again: watches of the file system miss what editors do. What
 * two looks in a row have seen counts, since a file may be found while it is being written. A file that stays missing is
 * a change too: reading it then fails, so the removal is reported.
 */
export class YamlSettings implements LiveSettings {
  readonly #path: string;
  readonly #readFile: ReadSettingsFile;
  readonly #clock: Pick<Clock, 'sleep'>;

  /** `readSettings`: how the file is read at the start, so that a change is read by the same rules. */
  constructor(path: string, readSettings: ReadSettingsFile, clock: Pick<Clock, 'sleep'> = nodeClock) {
    this.#path = path;
    this.#readFile = readSettings;
    this.#clock = clock;
  }

  read(): Promise<Readonly<Record<string, unknown>>> {
    return this.#readFile(this.#path);
  }

  async watch(changed: () => void, signal: AbortSignal): Promise<void> {
    let reported: string | undefined;
    let before: string | undefined;
    let missing = 0;
    while (!signal.aborted) {
      const now = await this.#hash();
      if (signal.aborted) return;
      missing = now === undefined ? missing + 1 : 0;
      if ((now !== undefined && now === before && now !== reported) || missing === REMOVED_AFTER_LOOKS) {
        reported = now;
        changed();
      }
      before = now;
      await this.#clock.sleep(LOOK_SECONDS, signal);
    }
  }

  async #hash(): Promise<string | undefined> {
    try {
      return createHash('sha256')
        .update(await readFile(this.#path))
        .digest('hex');
    } catch {
      return undefined;
    }
  }
}
