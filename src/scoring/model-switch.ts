import { SluiceError } from '../core/errors.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import type { PoolMeasure, ScorePool } from './score-pool.ts';

export interface ModelSwitchOptions {
  /** Judges the model in a throw-away process; throws `MODEL_REFUSED`. */
  readonly admit: (model: LocalModel) => Promise<void>;
  /** Starts the threads of an admitted model. */
  readonly start: (model: LocalModel) => Promise<ScorePool>;
}

/**
 * The scorer whose model can be changed under load. A new model gets threads of its own; batches go to them from the
 * moment they are ready, and the old threads end when their last batch is done. A batch is always judged by one model.
 */
export class ModelSwitch implements Scorer {
  readonly #options: ModelSwitchOptions;
  #active: ScorePool | null = null;
  #retiring = new Set<Promise<void>>();
  #installing: Promise<void> = Promise.resolve();

  constructor(options: ModelSwitchOptions) {
    this.#options = options;
  }

  get model(): LocalModel | null {
    return this.#active?.model ?? null;
  }

  /** Admits, starts and switches to the model. On failure the one before stays. Calls are served one after the other. */
  install(model: LocalModel): Promise<void> {
    const turn = this.#installing.then(() => this.#install(model));
    this.#installing = turn.catch(() => {});
    return turn;
  }

  async score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch> {
    if (this.#active === null)
      throw new SluiceError('SCORER_CLOSED', 'no model is installed; see the daemon’s log for why');
    return await this.#active.score(batch, options);
  }

  measure(): PoolMeasure {
    return this.#active?.measure() ?? { threads: 0, queued: 0, utilization: 0 };
  }

  async close(): Promise<void> {
    await this.#installing;
    const last = this.#active;
    this.#active = null;
    await last?.close();
    await Promise.all(this.#retiring);
  }

  async #install(model: LocalModel): Promise<void> {
    if (this.#active?.model.version === model.version) return;
    await this.#options.admit(model);
    const started = await this.#options.start(model);
    const previous = this.#active;
    this.#active = started;
    if (previous === null) return;
    const retired = previous.close().finally(() => this.#retiring.delete(retired));
    this.#retiring.add(retired);
  }
}
