import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Of } from '../core/sha256.ts';
import type { LocalModel } from '../ports/model-store.ts';

/**
 * Spares a model another trial that has stood one in the life of this process, so that the way back to the model before is
 * short. It is known by the SHA-256 of its manifest, to which all its files have been held.
 */
export function admitOnce(admit: (model: LocalModel) => Promise<void>): (model: LocalModel) => Promise<void> {
  const admitted = new Set<string>();
  return async (model) => {
    const manifest = sha256Of(await readFile(join(model.path, 'manifest.json')));
    if (admitted.has(manifest)) return;
    await admit(model);
    admitted.add(manifest);
  };
}
