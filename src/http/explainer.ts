import type { Thresholds } from '../core/decision-policy.ts';
import type { Explanation } from '../core/explanation.ts';

/** Says why the active model gives a message its score. */
export interface Explainer {
  /**
   * With the thresholds of the community; null for a message that the model gives no score. Throws `SCORER_UNAVAILABLE`
   * (retriable) where there is no model, or too many wait.
   */
  explain(message: { readonly message: string; readonly community: string }): Promise<{
    readonly explanation: Explanation;
    readonly thresholds: Thresholds;
  } | null>;
}
