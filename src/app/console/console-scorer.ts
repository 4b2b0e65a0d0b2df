import { SluiceError } from '../../core/errors.ts';
import type { ScoredBatch } from '../../core/scored-batch.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../../ports/scorer.ts';
import type { ModelSwitch } from '../../scoring/model-switch.ts';

export interface ConsoleScorerParts {
  /** The active model; null while there is none. */
  readonly model: () => LocalModel | null;
  /** Starts the scoring threads. */
  readonly open: () => Pick<ModelSwitch, 'install' | 'score' | 'close'>;
}

/** Scores what people try, with the model that is active then. Its threads are started by the first message. */
export class ConsoleScorer implements Scorer {
  readonly #parts: ConsoleScorerParts;
  #opened: ReturnType<ConsoleScorerParts['open']> | undefined;

  constructor(parts: ConsoleScorerParts) {
    this.#parts = parts;
  }

  /** Throws `SCORER_UNAVAILABLE` (retriable) without a model, and as the admission check does. */
  async score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch> {
    const model = this.#parts.model();
    if (model === null)
      throw new SluiceError('SCORER_UNAVAILABLE', 'no model is installed', { retriable: true });
    // The bytes are the caller's again at the first await; the slice of a Buffer would be the same bytes.
    const own = batch.map((bytes) => new Uint8Array(bytes));
    this.#opened ??= this.#parts.open();
    await this.#opened.install(model);
    return await this.#opened.score(own, options);
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }
}
