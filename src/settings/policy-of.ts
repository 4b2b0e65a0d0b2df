import type { CommunityPolicy, DecisionPolicy } from '../core/decision-policy.ts';
import type { Settings } from './settings-schema.ts';

/** What the settings say about turning scores into verdicts; what a community does not say, it inherits. */
export function policyOf({ decide, messages }: Settings): DecisionPolicy {
  const inherited = { rejectMin: decide.rejectMin, rejectMax: decide.rejectMax };
  const communities = Object.entries(decide.communities).map(([name, own]): [string, CommunityPolicy] => [
    name,
    {
      rejectMin: own.rejectMin ?? inherited.rejectMin,
      rejectMax: own.rejectMax ?? inherited.rejectMax,
      ...(own.language === undefined ? {} : { language: own.language }),
      ...(own.bias === undefined ? {} : { bias: own.bias }),
    },
  ]);
  return {
    default: inherited,
    communities: Object.fromEntries(communities),
    exactScores: decide.exactScores,
    unknownMessage: decide.unknownMessage,
    maxMessageBytes: messages.maxBytes,
  };
}
