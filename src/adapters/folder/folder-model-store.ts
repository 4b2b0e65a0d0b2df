import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';
import { modelVersionPattern } from '../../core/model-manifest.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';
import { readManifest, verifyModelFolder, verifySizes } from './verify-model-folder.ts';

/** Models in a local folder, one folder a version. What has another name is no model and is left alone. */
export class FolderModelStore implements ModelStore {
  readonly #path: string;

  constructor(path: string) {
    this.#path = resolve(path);
  }

  /** Judged by manifest and lengths; hashes are for {@link fetch}. A folder that is not there has no models. */
  async list(): Promise<readonly string[]> {
    const whole: string[] = [];
    for (const version of (await this.#folders()).filter((name) => modelVersionPattern.test(name))) {
      const folder = join(this.#path, version);
      try {
        await verifySizes(folder, version, await readManifest(folder, version));
        whole.push(version);
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error;
      }
    }
    // Versions begin with their time, so that the order of names is the order of ages.
    return whole.sort().reverse();
  }

  async fetch(version: string): Promise<LocalModel> {
    // Also keeps a version that is a path from leading out of the folder.
    if (!modelVersionPattern.test(version))
      throw new SluiceError(
        'MODEL_MISSING',
        `${JSON.stringify(version)} is no version; list the versions there are`,
      );
    const path = join(this.#path, version);
    await verifyModelFolder(path, version);
    return { version, path };
  }

  async #folders(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#path, { withFileTypes: true }))
        .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
        .map(({ name }) => name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw new SluiceError(
        'MODEL_MISSING',
        `the models in ${this.#path} cannot be listed: ${describeError(error)}; check the folder's rights`,
        {
          cause: error,
        },
      );
    }
  }
}
