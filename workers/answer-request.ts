import type { DecisionPolicy } from '../src/core/decision-policy.ts';
import { PackedMessages, type ScoreAnswer, type ScoreRequest } from '../src/scoring/score-protocol.ts';
import { ModelCache } from './model-cache.ts';
import { scorePackedBatch } from './score-packed-batch.ts';

/** Answers requests one after the other, with the models that they name. */
export class RequestScorer {
  readonly #models = new ModelCache();
  #policy: { readonly revision: number; readonly value: DecisionPolicy } | null = null;

  /** Throws `UnloadableModel`. */
  async load(model: ScoreRequest['model']): Promise<void> {
    await this.#models.take({ model, inUse: [model.sha256] });
  }

  /** Throws `UnloadableModel`; anything else that it throws is a defect, or a lack of memory, and leaves nothing to be trusted. */
  async answer(request: ScoreRequest): Promise<ScoreAnswer> {
    const model = await this.#models.take(request);
    // Parsed once for each policy.
    if (this.#policy?.revision !== request.policyRevision)
      this.#policy = {
        revision: request.policyRevision,
        value: JSON.parse(request.policy) as DecisionPolicy,
      };
    return await scorePackedBatch(model, new PackedMessages(request.packed), {
      policy: this.#policy.value,
      exactScores: request.exactScores,
      every: request.every,
      explain: request.explain,
      sample: request.sample,
    });
  }
}
