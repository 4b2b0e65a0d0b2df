// Loaded by `node --require` into each thread of a daemon under test: one scoring thread dies for each file that is laid
// at the path in LEDGER_THREAD_DEATH. No message can do that, and nothing of it is in Sluice.
const { unlinkSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const path = process.env.LEDGER_THREAD_DEATH;
if (!isMainThread && path !== undefined)
  setInterval(() => {
    try {
      unlinkSync(path);
    } catch {
      return;
    }
    // The file was this thread's to take: of all threads, one can remove it.
    throw new Error('this thread was told to die');
  }, 10).unref();
