import type { DecisionPolicy } from '../../core/decision-policy.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Explainer } from '../../http/explainer.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { ExplainerThread } from './explainer-thread.ts';

/** Explains by the model and the policy that are active when it is asked. */
export function activeExplainer(
  thread: Pick<ExplainerThread, 'explain'>,
  active: { readonly model: () => LocalModel | null; readonly policy: () => DecisionPolicy },
): Explainer {
  return {
    explain: async ({ message, community }) => {
      const model = active.model();
      if (model === null)
        throw new SluiceError('SCORER_UNAVAILABLE', 'no model is installed', { retriable: true });
      const { communities, default: ofAll } = active.policy();
      const policy = Object.hasOwn(communities, community) ? communities[community]! : ofAll;
      const explanation = await thread.explain(model, message, policy);
      const { rejectMin, rejectMax } = policy;
      return explanation === null ? null : { explanation, thresholds: { rejectMin, rejectMax } };
    },
  };
}
