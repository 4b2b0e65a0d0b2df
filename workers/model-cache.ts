import { describeError, SluiceError } from '../src/core/errors.ts';
import { type ScoreRequest, type UnloadableCode, unloadableCodes } from '../src/scoring/score-protocol.ts';
import { type LoadedModel, loadModel } from './loaded-model.ts';

/** A model could not be loaded; no message is to blame. */
export class UnloadableModel extends Error {
  readonly code: UnloadableCode;

  constructor(version: string, cause: unknown) {
    const corrupt = cause instanceof SluiceError;
    super(corrupt ? cause.message : `model ${version} cannot be loaded: ${describeError(cause)}`);
    this.code = unloadableCodes.find((code) => corrupt && code === cause.code) ?? 'MODEL_REFUSED';
  }
}

/** The models that a thread holds, by the SHA-256 of their manifests. To be used by one batch at a time. */
export class ModelCache {
  readonly #models = new Map<string, LoadedModel>();

  /**
   * The model of a request; loaded when it is not held. Sessions of models that are no longer in use are released. Throws
   * {@link UnloadableModel}.
   */
  async take({ model, inUse }: Pick<ScoreRequest, 'model' | 'inUse'>): Promise<LoadedModel> {
    for (const [held, { session }] of this.#models) {
      if (inUse.includes(held)) continue;
      this.#models.delete(held);
      await session.release();
    }
    const known = this.#models.get(model.sha256);
    if (known !== undefined) return known;
    let loaded: LoadedModel;
    try {
      loaded = await loadModel(model);
    } catch (error) {
      throw new UnloadableModel(model.version, error);
    }
    this.#models.set(model.sha256, loaded);
    return loaded;
  }
}
