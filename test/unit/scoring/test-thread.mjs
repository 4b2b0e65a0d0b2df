// A scoring thread for tests: answers ham for each message, and does what a message's text says. Files beside a model say what is
// wrong with it; the file at TEST_THREADS_BROKEN keeps every thread from starting.
import { existsSync, unlinkSync } from 'node:fs';
import { parentPort, threadId, workerData } from 'node:worker_threads';

if (existsSync(process.env.TEST_THREADS_BROKEN)) throw new Error('the thread cannot start');

const held = new Set();
const loads = {};

function load(model) {
  if (held.has(model.sha256)) return;
  if (existsSync(`${model.path}/broken`))
    throw Object.assign(new Error('the model is broken'), { code: 'MODEL_CORRUPT' });
  loads[model.version] = (loads[model.version] ?? 0) + 1;
  held.add(model.sha256);
}

if (workerData.model !== null) load(workerData.model);
parentPort.postMessage({ started: threadId });

/** As an error does that nobody catches. */
function die(error) {
  return new Promise(() => {
    setTimeout(() => {
      throw error;
    }, 1);
  });
}

export default async function score({ packed, model, inUse, loadOnly }) {
  for (const hash of held) if (!inUse.includes(hash)) held.delete(hash);
  if (existsSync(`${model.path}/kills`)) process.exit(4);
  if (existsSync(`${model.path}/kills-once`)) {
    unlinkSync(`${model.path}/kills-once`);
    process.exit(5);
  }
  try {
    load(model);
  } catch (error) {
    if (loadOnly) return { unloadable: error.message, code: error.code };
    await die(error);
  }
  const count = new Uint32Array(packed, 0, 1)[0];
  const text = new TextDecoder().decode(new Uint8Array(packed, (count + 2) * 4));
  if (text.includes('exit')) process.exit(3);
  if (text.includes('throw')) throw new Error('thrown in the thread');
  if (text.includes('stray')) await die(new Error('stray'));
  const scored = text.includes('held') ? [...held] : text.includes('loads') ? [loads] : [];
  while (text.includes('until released') && !existsSync(`${model.path}/released`))
    await new Promise((resolve) => setTimeout(resolve, 5));
  if (text.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 200));
  return {
    model: model.version,
    body: new TextEncoder().encode(JSON.stringify({ scored, unreadable: [] })),
    statistics: {
      ham: count,
      review: 0,
      spam: 0,
      unreadable: 0,
      decodeSeconds: 0,
      featurizeSeconds: 0,
      inferSeconds: 0,
      endedAtStage: [],
      treesEvaluated: 0,
      treesInAll: 0,
    },
  };
}
