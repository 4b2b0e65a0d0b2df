import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { LineCounter, parseDocument } from 'yaml';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LiveSettings } from '../../ports/live-settings.ts';

const LOOK_SECONDS = 1;

const nodeClock: Pick<Clock, 'sleep'> = {
  // Rejects when aborted, which is no failure here.
  sleep: (seconds, signal) => sleepFor(seconds * 1000, undefined, signal && { signal }).catch(() => {}),
};

/** Settings in a YAML file. Its content is looked at each second: watches of the file system miss what editors do. */
export class YamlSettings implements LiveSettings {
  readonly #path: string;
  readonly #clock: Pick<Clock, 'sleep'>;

  constructor(path: string, clock: Pick<Clock, 'sleep'> = nodeClock) {
    this.#path = path;
    this.#clock = clock;
  }

  async read(): Promise<Readonly<Record<string, unknown>>> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      throw unreadable(this.#path, describeError(error), error);
    }
    return parseSettings(text, this.#path);
  }

  async watch(changed: () => void, signal: AbortSignal): Promise<void> {
    let seen = await this.#hash();
    while (!signal.aborted) {
      await this.#clock.sleep(LOOK_SECONDS, signal);
      if (signal.aborted) return;
      const now = await this.#hash();
      // A file that is away for a moment is being replaced; what comes after it counts.
      if (now === undefined || now === seen) continue;
      seen = now;
      changed();
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

/** Throws `SETTINGS_UNREADABLE` with the line; an empty text has no settings. The text itself is never repeated. */
export function parseSettings(text: string, path: string): Readonly<Record<string, unknown>> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter });
  const error = document.errors[0];
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw unreadable(
      path,
      `line ${line}, column ${col}: ${error.code.toLowerCase().replaceAll('_', ' ')}`,
      undefined,
    );
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch {
    // The library's text names the alias, which may be a password that begins with an asterisk: it goes nowhere.
    throw unreadable(
      path,
      'an alias leads nowhere, or to too much; quote a value that begins with an asterisk',
      undefined,
    );
  }
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw unreadable(path, 'it should hold settings as "name: value"', undefined);
  return value as Record<string, unknown>;
}

function unreadable(path: string, why: string, cause: unknown): SluiceError {
  return new SluiceError('SETTINGS_UNREADABLE', `the settings in ${path} cannot be read: ${why}`, { cause });
}
