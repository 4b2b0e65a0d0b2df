import type { LocalModel } from '../ports/model-store.ts';

/**
 * Spares a model another admission check that has passed one in the life of this process, so that the way back to the model
 * before is short. It is known by the SHA-256 of its manifest, which lists the hashes of all its files and is checked at each load.
 */
export function admitOnce(admit: (model: LocalModel) => Promise<void>): (model: LocalModel) => Promise<void> {
  const admitted = new Set<string>();
  return async (model) => {
    if (admitted.has(model.sha256)) return;
    await admit(model);
    admitted.add(model.sha256);
  };
}
