import { parentPort, threadId, workerData } from 'node:worker_threads';
import { move, Piscina } from 'piscina';
import type { ScoreRequest, ThreadReply, ThreadStart, ThreadStarted } from '../src/scoring/score-protocol.ts';
import { RequestScorer } from './answer-request.ts';
import { endThread } from './end-thread.ts';
import { UnloadableModel } from './model-cache.ts';

const scorer = new RequestScorer();
const { model } = workerData as ThreadStart;
if (model !== null) await scorer.load(model);
parentPort?.postMessage({ started: threadId } satisfies ThreadStarted);

/** Entry of a scoring thread, which scores one batch at a time. Where that fails it ends the thread and never resolves. */
export default async function scoreBatch(request: ScoreRequest): Promise<ThreadReply> {
  try {
    const answer = await scorer.answer(request);
    // Piscina then moves the answer's body to the main thread instead of copying it.
    const moved = { [Piscina.valueSymbol]: answer, [Piscina.transferableSymbol]: [answer.body.buffer] };
    return move(moved as unknown as ArrayBuffer) as unknown as ThreadReply;
  } catch (error) {
    if (error instanceof UnloadableModel && request.loadOnly)
      return { unloadable: error.message, code: error.code };
    return await endThread(error);
  }
}
