import type { ScoredBatch, ScoredMessage } from '../../core/scored-batch.ts';
import type { ScoreOptions, Scorer } from '../../ports/scorer.ts';

/** A message with the verdict of the active model. */
export interface SampledMessage {
  /** The version that gave it. */
  readonly active: string;
  readonly scored: ScoredMessage;
}

/** A scorer that hands the messages of a sample on, with their verdicts, and waits for nobody. */
export class ShadowedScorer implements Scorer {
  readonly #scorer: Scorer;
  readonly #share: () => number;
  readonly #onSampled: (messages: readonly SampledMessage[]) => void;

  /** `share`: 0 … 1, asked for each batch. */
  constructor(scorer: Scorer, share: () => number, onSampled: (messages: readonly SampledMessage[]) => void) {
    this.#scorer = scorer;
    this.#share = share;
    this.#onSampled = onSampled;
  }

  async score(batch: readonly Uint8Array[], options: ScoreOptions = {}): Promise<ScoredBatch> {
    const sample = this.#share();
    if (sample === 0) return await this.#scorer.score(batch, options);
    const result = await this.#scorer.score(batch, { ...options, sample });
    const sampled = new Set(result.sampled);
    if (sampled.size > 0)
      this.#onSampled(
        result.scored
          .filter(({ index }) => sampled.has(index))
          .map((scored) => ({ active: result.model, scored })),
      );
    return result;
  }
}
