import type { ScoredBatch } from '../../core/scored-batch.ts';
import type { WatchedModel, WatchRule } from '../../decide/watched-model.ts';
import type { ScoreOptions, Scorer } from '../../ports/scorer.ts';

export interface GuardedScorerParts {
  readonly scorer: Scorer;
  /** The model that scores now; undefined where there is none, or the guard does not know it. */
  readonly active: () => WatchedModel | undefined;
  /** Undefined for a version that the guard does not know. */
  readonly watched: (version: string) => WatchedModel | undefined;
  /** Scores with the model before; undefined where that is not there. */
  readonly before: () => ((batch: readonly Uint8Array[]) => Promise<ScoredBatch>) | undefined;
  readonly rule: WatchRule;
  readonly onHeld: (messages: number) => void;
  /** The model before could not score a batch. */
  readonly onFailure: (error: unknown) => void;
}

/** A scorer whose spam passes the guard of the model that found it. The model before scores at the same time, not afterwards. */
export class GuardedScorer implements Scorer {
  readonly #parts: GuardedScorerParts;

  constructor(parts: GuardedScorerParts) {
    this.#parts = parts;
  }

  async score(batch: readonly Uint8Array[], options?: ScoreOptions): Promise<ScoredBatch> {
    const { scorer, active, watched, before, rule, onHeld, onFailure } = this.#parts;
    const scoreBefore = active()?.state === 'watching' ? before() : undefined;
    // Both are asked before anything is awaited: the bytes are the caller's afterwards.
    const scoredBefore = scoreBefore?.(batch).catch((error: unknown) => {
      onFailure(error);
      return null;
    });
    const scored = await scorer.score(batch, options);
    const model = watched(scored.model);
    if (model === undefined || model.state === 'passed' || model.state === 'confirmed') return scored;
    const guarded = model.guard(scored, (await scoredBefore) ?? null, rule);
    if (guarded.held > 0) onHeld(guarded.held);
    return guarded.batch;
  }
}
