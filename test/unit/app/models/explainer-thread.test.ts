import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeExplainer } from '../../../../src/app/models/active-explainer.ts';
import { ExplainerThread } from '../../../../src/app/models/explainer-thread.ts';

const model = { version: 'v', path: '/models/v', sha256: 'a'.repeat(64) };
const policy = { rejectMin: 0.4, rejectMax: 0.8 };

let folder = '';
let thread: ExplainerThread;
let started = 0;
let entry = () => '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-explainer-'));
  started = 0;
  const entryFile = join(folder, 'entry.cjs');
  // Answers with what it was asked, or does what the message says.
  writeFileSync(
    entryFile,
    `const { parentPort } = require('node:worker_threads');
    parentPort.on('message', ({ id, message, model }) => {
      if (message === 'exit') process.exit(3);
      if (message === 'throw') throw new Error('planted');
      if (message === 'hang') return;
      if (message === 'fail') return parentPort.postMessage({ id, error: 'a file is missing' });
      parentPort.postMessage({ id, explanation: message === 'none' ? null : { model: model.version, message } });
    });`,
  );
  entry = () => {
    started++;
    return entryFile;
  };
  thread = new ExplainerThread({ entryFile: entry });
});
afterEach(async () => {
  await thread.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('ExplainerThread', () => {
  it('ExplainerThread starts its thread with the first message, and answers each one', async () => {
    expect(started).toBe(0);
    const answers = await Promise.all(['a', 'b', 'none'].map((text) => thread.explain(model, text, policy)));
    expect(answers).toEqual([{ model: 'v', message: 'a' }, { model: 'v', message: 'b' }, null]);
    expect(started).toBe(1);
  });

  it.each(['exit', 'throw', 'fail'])(
    'ExplainerThread answers the next message after one whose text makes it %s',
    async (text) => {
      await expect(thread.explain(model, text, policy)).rejects.toMatchObject({
        ...{ code: 'SCORER_UNAVAILABLE', retriable: true },
      });
      expect(await thread.explain(model, 'a', policy)).toMatchObject({ message: 'a' });
    },
  );

  it('ExplainerThread ends a thread that does not answer in time', async () => {
    const impatient = new ExplainerThread({ entryFile: entry, deadlineSeconds: 0.1 });
    await expect(impatient.explain(model, 'hang', policy)).rejects.toMatchObject({
      ...{ code: 'SCORER_UNAVAILABLE', retriable: true },
    });
    await impatient.close();
  });

  it('ExplainerThread lets no more than 32 messages wait', async () => {
    const waiting = Array.from({ length: 32 }, () => thread.explain(model, 'hang', policy));
    const ended = Promise.allSettled(waiting);
    await expect(thread.explain(model, 'a', policy)).rejects.toMatchObject({ code: 'SCORER_UNAVAILABLE' });
    await thread.close();
    for (const { status } of await ended) expect(status).toBe('rejected');
    await expect(thread.explain(model, 'a', policy)).rejects.toMatchObject({ code: 'SCORER_UNAVAILABLE' });
  });
});

describe('activeExplainer', () => {
  it('activeExplainer uses what is active for the community of the message when it is asked', async () => {
    let active: typeof model | null = null;
    const forum = { rejectMin: 0.1, rejectMax: 0.9 };
    const explainer = activeExplainer(thread, {
      model: () => active,
      policy: () => ({
        ...{ default: policy, communities: { forum }, exactScores: 'all', maxMessageBytes: 1 },
      }),
    });
    const explain = (community: string) => explainer.explain({ message: 'a', community });
    await expect(explain('')).rejects.toMatchObject({ code: 'SCORER_UNAVAILABLE', retriable: true });
    active = model;
    expect((await explain('forum'))?.thresholds).toEqual(forum);
    expect((await explain('constructor'))?.thresholds).toEqual(policy);
  });
});
