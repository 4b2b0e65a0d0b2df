import type { CommunityPolicy, DecisionPolicy, Thresholds } from '../core/decision-policy.ts';
import type { VerdictName } from '../core/verdict.ts';

/**
 * The reject option (Chow 1970; Bartlett & Wegkamp 2008): between two limits the decision is handed to a human.
 * Ham for p ≤ rejectMin, review for rejectMin < p ≤ rejectMax, spam above.
 */
export function bandOf(probability: number, thresholds: Thresholds): VerdictName {
  if (probability <= thresholds.rejectMin) return 'ham';
  return probability <= thresholds.rejectMax ? 'review' : 'spam';
}

/** The limits and language that hold for one community. */
export function policyFor(policy: DecisionPolicy, community: string): CommunityPolicy {
  return Object.hasOwn(policy.communities, community) ? policy.communities[community]! : policy.default;
}
