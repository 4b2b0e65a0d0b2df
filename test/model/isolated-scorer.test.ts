import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { builtEntry } from '../../src/app/package-root.ts';
import { clearHam, clearSpam, oddMessages } from '../../src/core/known-messages.ts';
import type { LocalModel } from '../../src/ports/model-store.ts';
import { CurrentPolicy } from '../../src/scoring/current-policy.ts';
import { IsolatedScorer } from '../../src/scoring/isolated-scorer.ts';
import { ScorePool } from '../../src/scoring/score-pool.ts';
import { copyModel } from '../line/model-copies.ts';

let folder = '';
let model: LocalModel | null;
let scorer: IsolatedScorer;
const policy = new CurrentPolicy({
  default: { rejectMin: 0.5, rejectMax: 0.7 },
  communities: {},
  exactScores: 'notHam',
  maxMessageBytes: 65_536,
});
const open = (limits: { seconds?: number; bytes?: number } = {}) =>
  new IsolatedScorer({
    policy,
    model: () => model,
    entryFile: join(import.meta.dirname, 'mortal-process.mjs'),
    seconds: 120,
    bytes: 4 * 2 ** 30,
    ...limits,
  });
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-isolated-'));
  model = await new FolderModelStore(folder).fetch(copyModel(folder, '20260101T000000Z'));
  scorer = open();
});
afterEach(async () => {
  delete process.env.TEST_PROCESS_BROKEN;
  await scorer.close();
  rmSync(folder, { recursive: true, force: true });
});

const bytesOf = (message: string, i = 0) =>
  new TextEncoder().encode(JSON.stringify({ message, message_id: `${i}` }));
const [ham, spam] = [clearHam[0]!.message, clearSpam[0]!.message];

describe('a scorer in a process of its own', () => {
  test('a scorer in a child process gives the same answers as the scoring threads, also for unreadable messages', async () => {
    const texts = [...clearHam, ...clearSpam].map(({ message }) => message).concat(oddMessages);
    const batch = [...texts.map(bytesOf), new TextEncoder().encode('{"message":')];
    const pool = new ScorePool({
      policy,
      threads: 1,
      threadFile: builtEntry('score-batch'),
      onThreadLost: () => {},
    });
    await pool.use(model!);
    const [expected, got] = await Promise.all(
      [pool, scorer].map((each) => each.score(batch, { every: true })),
    );
    await pool.close();
    expect(got!.scored).toEqual(expected!.scored);
    expect(got!.unreadable).toEqual(expected!.unreadable);
    expect(got!.model).toBe(model!.version);
  });

  test.each(['crashes', 'eats', 'hangs'])(
    'a scorer in a child process survives a text that %s',
    async (what) => {
      // Neither so little that scoring itself would be ended, nor so much that the test takes long.
      scorer = open({ seconds: what === 'hangs' ? 10 : 120, bytes: 1.5 * 2 ** 30 });
      await expect(scorer.score([bytesOf(ham), bytesOf(`Ω ${what}`)])).rejects.toMatchObject({
        code: 'SCORER_THREAD_LOST',
        retriable: true,
      });
      expect((await scorer.score([bytesOf(spam)])).statistics.spam).toBe(1);
    },
  );

  test('a scorer in a child process scores batches one after the other, also after one is lost', async () => {
    const results = await Promise.allSettled(
      [ham, 'Ω crashes', spam, 'Ω crashes', ham].map((text) => scorer.score([bytesOf(text)])),
    );
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
  });

  test('a scorer in a child process blames no message if its process cannot be started or its model cannot be loaded', async () => {
    process.env.TEST_PROCESS_BROKEN = '1';
    await expect(scorer.score([bytesOf(ham)])).rejects.toMatchObject({
      code: 'SCORER_UNAVAILABLE',
      retriable: true,
    });
    delete process.env.TEST_PROCESS_BROKEN;
    writeFileSync(join(model!.path, 'vocabulary.tsv'), 'changed');
    await expect(scorer.score([bytesOf(ham)])).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      retriable: true,
    });
  });

  test('a scorer in a child process accepts no batch after it was closed, or before it has a model', async () => {
    const idle = open();
    await idle.close();
    await expect(idle.score([bytesOf(ham)])).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
    model = null;
    await expect(scorer.score([bytesOf(ham)])).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
  });
});
