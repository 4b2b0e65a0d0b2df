// A scoring thread for tests: answers ham for each message, and does what a message's text says.
import { existsSync, unlinkSync } from 'node:fs';

if (existsSync(process.env.TEST_THREADS_BROKEN)) throw new Error('the thread cannot start');

const held = new Set();

export default async function score({ packed, model, inUse }) {
  for (const version of held) if (!inUse.includes(version)) held.delete(version);
  if (existsSync(`${model.path}/broken`)) return { unloadable: 'the model is broken' };
  if (existsSync(`${model.path}/kills`)) process.exit(4);
  if (existsSync(`${model.path}/kills-once`)) {
    unlinkSync(`${model.path}/kills-once`);
    process.exit(5);
  }
  held.add(model.version);
  const count = new Uint32Array(packed, 0, 1)[0];
  const text = new TextDecoder().decode(new Uint8Array(packed, (count + 2) * 4));
  if (text.includes('exit')) process.exit(3);
  if (text.includes('throw')) throw new Error('thrown in the thread');
  if (text.includes('stray'))
    await new Promise(() => {
      setTimeout(() => {
        throw new Error('stray');
      }, 1);
    });
  const scored = text.includes('held') ? [...held] : [];
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
