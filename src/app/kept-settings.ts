import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'live-settings.json';

interface Kept {
  readonly place: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The last good word of a place of live settings, on this disk. May hold what is secret there, so only its owner reads it. */
export class KeptSettings {
  readonly #path: string;
  readonly #place: string;
  #last = '';

  constructor(statePath: string, place: string) {
    this.#path = join(statePath, FILE);
    this.#place = place;
  }

  /** Undefined where nothing is kept of this place. */
  async read(): Promise<Readonly<Record<string, unknown>> | undefined> {
    try {
      const { place, settings } = JSON.parse(await readFile(this.#path, 'utf8')) as Kept;
      return place === this.#place ? settings : undefined;
    } catch {
      return undefined;
    }
  }

  async keep(settings: Kept['settings']): Promise<void> {
    const text = JSON.stringify({ place: this.#place, settings } satisfies Kept);
    if (text === this.#last) return;
    await mkdir(join(this.#path, '..'), { recursive: true });
    const beside = `${this.#path}.new`;
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
    this.#last = text;
  }
}
