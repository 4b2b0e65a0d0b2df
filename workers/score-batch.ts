import { workerData } from 'node:worker_threads';
import { move, Piscina } from 'piscina';
import type { DecisionPolicy } from '../src/core/decision-policy.ts';
import {
  PackedMessages,
  type ScoreAnswer,
  type ScoreRequest,
  type ThreadSetup,
} from '../src/scoring/score-protocol.ts';
import { judgeBatch } from './judge-batch.ts';
import { loadModel } from './loaded-model.ts';

/**
 * Entry of a scoring thread. The thread is ready when its model is loaded, and judges one batch at a time.
 */
async function initialize(): Promise<(request: ScoreRequest) => Promise<ScoreAnswer>> {
  const { modelPath, modelVersion } = workerData as ThreadSetup;
  const model = await loadModel(modelPath, modelVersion);
  let policy: { readonly revision: number; readonly value: DecisionPolicy } | null = null;

  return async (request) => {
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
    return move(moved as unknown as ArrayBuffer) as unknown as ScoreAnswer;
  };
}

export default initialize();
