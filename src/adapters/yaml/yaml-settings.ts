import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Clock } from '../../ports/clock.ts';
import type { LiveSettings } from '../../ports/live-settings.ts';

const LOOK_SECONDS = 0.4;

const nodeClock: Pick<Clock, 'sleep'> = {
  // Rejects when aborted, which is no failure here.
  sleep: (seconds, signal) => sleepFor(seconds * 1000, undefined, signal && { signal }).catch(() => {}),
};

export type ReadSettingsFile = (path: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Settings in a YAML file. Its content is looked at again and again: watches of the file system miss what editors do. What
 * two looks in a row have seen counts, since a file may be found while it is being written.
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
    let told: string | undefined;
    let before: string | undefined;
    while (!signal.aborted) {
      const now = await this.#hash();
      if (signal.aborted) return;
      // A file that is away for a moment is being replaced; what comes after it counts.
      if (now !== undefined && now === before && now !== told) {
        told = now;
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
