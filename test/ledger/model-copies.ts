import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/app/package-root.ts';
import type { ModelManifest } from '../../src/core/model-manifest.ts';

const SECONDS_APART = 10;

/** Versions of one model that score alike, as many as are asked for; each is newer than those before it. */
export class ModelCopies {
  readonly folder: string;
  readonly #original: string;
  #made = 0;

  /** Of the newest model in `models`; of the one that ships where left out. */
  constructor(folder: string, models: string | undefined) {
    const from = models ?? join(packageRoot(), 'native-models', 'default');
    const newest = readdirSync(from)
      .filter((name) => /^\d{8}T\d{6}Z-/.test(name))
      .sort()
      .at(-1);
    if (newest === undefined) throw new Error(`there is no model in ${from}`);
    this.folder = folder;
    this.#original = join(from, newest);
    mkdirSync(folder, { recursive: true });
  }

  /** Of all files of one. */
  get bytes(): number {
    return readdirSync(this.#original).reduce(
      (sum, name) => sum + statSync(join(this.#original, name)).size,
      0,
    );
  }

  /** Lays another into the folder; answers its version. */
  lay(): string {
    const nth = this.#made++;
    const time = new Date(Date.UTC(2026, 0, 1) + nth * SECONDS_APART * 1000).toISOString();
    const path = join(this.folder, `.${nth}`);
    cpSync(this.#original, path, { recursive: true });
    const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as ModelManifest;
    const text = JSON.stringify({ ...manifest, data: { ...manifest.data, seed: nth + 1 } });
    writeFileSync(join(path, 'manifest.json'), text);
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
    const version = `${time.replaceAll(/[-:]|\.\d+/g, '')}-${hash}`;
    renameSync(path, join(this.folder, version));
    return version;
  }

  remove(version: string): void {
    rmSync(join(this.folder, version), { recursive: true, force: true });
  }
}
