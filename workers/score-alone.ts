import { writeFileSync } from 'node:fs';
import type { ScoreRequest, ThreadReply } from '../src/scoring/score-protocol.ts';
import { RequestScorer } from './answer-request.ts';
import { UnloadableModel } from './model-cache.ts';

/**
 * Entry of a process that scores messages under which the daemon crashed: whatever they do, they do it to this process. It takes one
 * request at a time by its channel to the daemon, and ends when that is closed.
 */

// Where memory runs out, the kernel is to end this process and not the daemon.
try {
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Only Linux has it.
}

const scorer = new RequestScorer();

process.on('message', async (request: ScoreRequest) => {
  try {
    process.send!((await scorer.answer(request)) satisfies ThreadReply);
  } catch (error) {
    // As of a thread that threw, nothing of this process is trusted any more.
    if (!(error instanceof UnloadableModel)) process.exit(1);
    process.send!({ unloadable: error.message, code: error.code } satisfies ThreadReply);
  }
});
process.on('disconnect', () => process.exit());
process.send!('started');
