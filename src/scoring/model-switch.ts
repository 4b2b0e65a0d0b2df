import type { ScoredBatch } from '../core/scored-batch.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import type { PoolMeasure, ScorePool } from './score-pool.ts';

export interface ModelSwitchOptions {
  /** Runs the admission check in a process of its own; throws `MODEL_REFUSED`. */
  readonly admit: (model: LocalModel) => Promise<void>;
  readonly pool: Pick<
    ScorePool,
    'model' | 'trouble' | 'use' | 'score' | 'scoreWith' | 'keep' | 'measure' | 'close'
  >;
}

/** A scorer whose model can be changed under load. No model reaches the scoring threads before it has passed the admission check. */
export class ModelSwitch implements Scorer {
  readonly #options: ModelSwitchOptions;
  #installing: Promise<void> = Promise.resolve();

  constructor(options: ModelSwitchOptions) {
    this.#options = options;
  }

  get model(): LocalModel | null {
    return this.#options.pool.model;
  }

  /** Why nothing can be scored at present, for people; undefined while something can. */
  get trouble(): string | undefined {
    return this.#options.pool.trouble;
  }

  /** Checks the model and makes it active. On failure the one before stays. Calls are served one after the other. */
  install(model: LocalModel): Promise<void> {
    const turn = this.#installing.then(async () => {
      if (this.model?.version === model.version) return;
      await this.#options.admit(model);
      await this.#options.pool.use(model);
    });
    this.#installing = turn.catch(() => {});
    return turn;
  }

  /** Runs the admission check and changes nothing; a model that passes is not checked again. Throws `MODEL_REFUSED`. */
  async check(model: LocalModel): Promise<void> {
    await this.#options.admit(model);
  }

  async score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch> {
    return await this.#options.pool.score(batch, options);
  }

  /** As `ScorePool.scoreWith`; the model must have passed a check before. */
  async scoreWith(
    model: LocalModel,
    batch: readonly Uint8Array[],
    options?: ScoreOptions,
  ): Promise<ScoredBatch> {
    return await this.#options.pool.scoreWith(model, batch, options);
  }

  keep(model: LocalModel | null): void {
    this.#options.pool.keep(model);
  }

  measure(): PoolMeasure {
    return this.#options.pool.measure();
  }

  async close(): Promise<void> {
    await this.#installing;
    await this.#options.pool.close();
  }
}
