import { parentPort, threadId, workerData } from 'node:worker_threads';
import { move, Piscina } from 'piscina';
import type { DecisionPolicy } from '../src/core/decision-policy.ts';
import {
  PackedMessages,
  type ScoreRequest,
  type ThreadReply,
  type ThreadStart,
  type ThreadStarted,
} from '../src/scoring/score-protocol.ts';
import { endThread } from './end-thread.ts';
import { HeldModels, UnloadableModel } from './held-models.ts';
import { judgeBatch } from './judge-batch.ts';

const models = new HeldModels();
let policy: { readonly revision: number; readonly value: DecisionPolicy } | null = null;

const { model } = workerData as ThreadStart;
if (model !== null) await models.take({ model, inUse: [model.sha256] });
parentPort?.postMessage({ started: threadId } satisfies ThreadStarted);

/** Entry of a scoring thread, which scores one batch at a time. Where that fails it ends the thread and never resolves. */
export default async function scoreBatch(request: ScoreRequest): Promise<ThreadReply> {
  try {
    return await answer(request);
  } catch (error) {
    if (error instanceof UnloadableModel && request.loadOnly)
      return { unloadable: error.message, code: error.code };
    return await endThread(error);
  }
}

async function answer(request: ScoreRequest): Promise<ThreadReply> {
  const loaded = await models.take(request);
  if (policy?.revision !== request.policyRevision)
    policy = { revision: request.policyRevision, value: JSON.parse(request.policy) as DecisionPolicy };
  const judged = await judgeBatch(loaded, new PackedMessages(request.packed), {
    policy: policy.value,
    exactScores: request.exactScores,
    every: request.every,
    explain: request.explain,
  });
  // Piscina then moves the answer's body to the main thread instead of copying it.
  const moved = { [Piscina.valueSymbol]: judged, [Piscina.transferableSymbol]: [judged.body.buffer] };
  return move(moved as unknown as ArrayBuffer) as unknown as ThreadReply;
}
