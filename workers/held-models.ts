import type { ScoreRequest } from '../src/scoring/score-protocol.ts';
import { type LoadedModel, loadModel } from './loaded-model.ts';

/** The models that a thread holds, by the SHA-256 of their manifests. To be used by one batch at a time. */
export class HeldModels {
  readonly #models = new Map<string, LoadedModel>();

  /** The model of a request. Sessions of models that are no longer in use are released. Rejects as {@link loadModel}. */
  async take({ model, inUse }: Pick<ScoreRequest, 'model' | 'inUse'>): Promise<LoadedModel> {
    for (const [held, { session }] of this.#models) {
      if (inUse.includes(held)) continue;
      this.#models.delete(held);
      await session.release();
    }
    const known = this.#models.get(model.sha256);
    if (known !== undefined) return known;
    const loaded = await loadModel(model);
    this.#models.set(model.sha256, loaded);
    return loaded;
  }
}
