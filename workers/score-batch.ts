import { move, Piscina } from 'piscina';
import type { DecisionPolicy } from '../src/core/decision-policy.ts';
import { describeError } from '../src/core/errors.ts';
import { PackedMessages, type ScoreRequest, type ThreadReply } from '../src/scoring/score-protocol.ts';
import { HeldModels } from './held-models.ts';
import { judgeBatch } from './judge-batch.ts';
import type { LoadedModel } from './loaded-model.ts';

const models = new HeldModels();
let policy: { readonly revision: number; readonly value: DecisionPolicy } | null = null;

/** Entry of a scoring thread, which judges one batch at a time. */
export default async function scoreBatch(request: ScoreRequest): Promise<ThreadReply> {
  let model: LoadedModel;
  try {
    model = await models.take(request);
  } catch (error) {
    return { unloadable: describeError(error) };
  }
  if (policy?.revision !== request.policyRevision)
    policy = { revision: request.policyRevision, value: JSON.parse(request.policy) as DecisionPolicy };
  const answer = await judgeBatch(model, new PackedMessages(request.packed), {
    policy: policy.value,
    exactScores: request.exactScores,
    every: request.every,
    explain: request.explain,
  });
  // Tells Piscina that the answer's body moves to the main thread instead of being copied.
  const moved = { [Piscina.valueSymbol]: answer, [Piscina.transferableSymbol]: [answer.body.buffer] };
  return move(moved as unknown as ArrayBuffer) as unknown as ThreadReply;
}
