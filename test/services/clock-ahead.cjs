// Loaded by `node --require` into a daemon under test: its monotonic clock goes ahead by the seconds that the file at the path
// in CLOCK_AHEAD_FILE states, once it does, so that what takes half a minute can be seen without waiting for it.
const { readFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const path = process.env.CLOCK_AHEAD_FILE;
if (isMainThread && path !== undefined) {
  const { now } = performance;
  let aheadMilliseconds = 0;
  performance.now = () => now.call(performance) + aheadMilliseconds;
  setInterval(() => {
    try {
      aheadMilliseconds = Number(readFileSync(path, 'utf8')) * 1000;
    } catch {
      // Not yet.
    }
  }, 20).unref();
}
