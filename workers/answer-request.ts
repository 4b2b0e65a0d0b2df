import type { DecisionPolicy } from '../src/core/decision-policy.ts';
import { AuditSample } from '../src/decide/audit-sample.ts';
import { PackedMessages, type ScoreAnswer, type ScoreRequest } from '../src/scoring/score-protocol.ts';
import { ModelCache } from './model-cache.ts';
import { scorePackedBatch } from './score-packed-batch.ts';

interface ReadPolicy {
  readonly value: DecisionPolicy;
  readonly audit: AuditSample | null;
}

function readPolicy(json: string): ReadPolicy {
  const value = JSON.parse(json) as DecisionPolicy;
  return { value, audit: value.audit === undefined ? null : new AuditSample(value.audit) };
}

/** Answers requests one after the other, with the models that they name. */
export class RequestScorer {
  readonly #models = new ModelCache();
  #policy: (ReadPolicy & { readonly revision: number }) | null = null;

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
        ...readPolicy(request.policy),
      };
    return await scorePackedBatch(model, new PackedMessages(request.packed), {
      policy: this.#policy.value,
      exactScores: request.exactScores,
      every: request.every,
      explain: request.explain,
      sample: request.sample,
      audit: request.audit ? this.#policy.audit : null,
    });
  }
}
