import type { LocalModel } from '../src/ports/model-store.ts';
import { type LoadedModel, loadModel } from './loaded-model.ts';

/** The models that a thread holds. To be used by one batch at a time. */
export class HeldModels {
  readonly #models = new Map<string, LoadedModel>();

  /** `inUse`: versions that stay; the sessions of all others are released. Rejects as {@link loadModel}; then nothing more is held. */
  async take({ version, path }: LocalModel, inUse: readonly string[]): Promise<LoadedModel> {
    for (const [held, model] of this.#models) {
      if (inUse.includes(held)) continue;
      this.#models.delete(held);
      await model.session.release();
    }
    const known = this.#models.get(version);
    if (known !== undefined) return known;
    const model = await loadModel(path, version);
    this.#models.set(version, model);
    return model;
  }
}
