import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { LocalModel, ModelStore } from '../../ports/model-store.ts';

/**
 * Fetches the active model again, after a scoring thread found its files on this disk changed or missing: a store that is elsewhere
 * lays another copy; a folder can only be looked at again. Rejects where that did not help.
 */
export function restoreModel(
  store: Pick<ModelStore, 'fetch'>,
  log: Log,
): (model: LocalModel) => Promise<void> {
  return async ({ version, sha256 }) => {
    try {
      await store.fetch(version, sha256);
      log.warn({ model: version }, 'a scoring thread could not load the model; its files are whole again');
    } catch (error) {
      log.error(
        { model: version, error: describeError(error) },
        'a scoring thread cannot load the model that is active; threads that hold it go on, and it is tried again',
      );
      throw error;
    }
  };
}
