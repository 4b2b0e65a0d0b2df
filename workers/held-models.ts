import type { ScoreRequest } from '../src/scoring/score-protocol.ts';
import { type LoadedModel, loadModel } from './loaded-model.ts';

/** The models that a thread holds. To be used by one batch at a time. */
export class HeldModels {
  readonly #models = new Map<string, LoadedModel>();

  /** The model of a request. Sessions of models that are no longer in use are released. Rejects as {@link loadModel}. */
  async take({
    model: { version, path },
    inUse,
  }: Pick<ScoreRequest, 'model' | 'inUse'>): Promise<LoadedModel> {
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
