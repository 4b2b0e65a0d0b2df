import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FolderModelStore } from '../../src/adapters/folder/folder-model-store.ts';
import { clearHam, clearSpam } from '../../src/core/known-messages.ts';
import type { LocalModel } from '../../src/ports/model-store.ts';
import { CurrentPolicy } from '../../src/scoring/current-policy.ts';
import { ScorePool } from '../../src/scoring/score-pool.ts';
import { copyModel } from '../line/model-copies.ts';

let folder = '';
let model: LocalModel;
let pool: ScorePool;
let lost: number;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-threads-'));
  lost = 0;
  model = await new FolderModelStore(folder).fetch(copyModel(folder, '20260101T000000Z'));
});
afterEach(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(threads: number): Promise<void> {
  pool = new ScorePool({
    policy: new CurrentPolicy({
      default: { rejectMin: 0.5, rejectMax: 0.7 },
      communities: {},
      exactScores: 'all',
      maxMessageBytes: 65_536,
    }),
    threads,
    threadFile: join(import.meta.dirname, 'mortal-thread.mjs'),
    onThreadLost: () => {
      lost++;
    },
  });
  await pool.use(model);
  await expect.poll(() => pool.measure().threads, { timeout: 60_000 }).toBe(threads);
}

const bytesOf = (text: string) =>
  new TextEncoder().encode(JSON.stringify({ message: text, message_id: '1' }));
const probabilities = async (texts: readonly string[]) =>
  (await pool.score(texts.map(bytesOf), { every: true })).scored.map(({ probability }) => probability);
const [ham, spam] = [clearHam[0]!.message, clearSpam[0]!.message];

describe('a scoring thread', () => {
  test('a scoring thread ends after it threw, and no message of a later batch gets the score of an earlier one', async () => {
    await start(1);
    const expected = (await probabilities([ham]))[0];
    const dirty = [...Array<string>(6).fill(spam), 'Ω throws'];
    await expect(pool.score(dirty.map(bytesOf))).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST' });
    expect(await probabilities(Array<string>(8).fill(ham))).toEqual(Array(8).fill(expected));
    expect(lost).toBe(1);
  });

  test('a scoring thread that threw reports the location in the code, and nothing of the text of the message', async () => {
    await start(1);
    const error = await pool.score([bytesOf('Ω throws')]).catch((thrown: Error) => thrown);
    expect(String(error)).toMatch(/TypeError thrown in \S*markedToString/);
    expect(String(error)).not.toContain('SECRET');
  });

  test('a replacement scoring thread refuses a model whose files have changed, and the other threads score on with their loaded model', async () => {
    await start(2);
    const expected = await probabilities([spam, ham]);
    const vocabulary = join(model.path, 'vocabulary.tsv');
    const whole = readFileSync(vocabulary);
    writeFileSync(vocabulary, Buffer.concat([whole.subarray(0, -3), Buffer.from('9\n')]));
    await expect(pool.score([bytesOf('Ω ends')])).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST' });
    for (let batch = 0; batch < 10; batch++) expect(await probabilities([spam, ham])).toEqual(expected);
    expect(pool.measure()).toMatchObject({ threads: 1, wanted: 2 });
    await expect(pool.score([bytesOf('Ω ends')])).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST' });
    await expect.poll(() => pool.trouble, { timeout: 60_000 }).toContain('vocabulary.tsv has');
    await expect(pool.score([bytesOf(ham)])).rejects.toMatchObject({
      code: 'MODEL_CORRUPT',
      retriable: true,
    });
    writeFileSync(vocabulary, whole);
    await expect.poll(() => pool.measure().threads, { timeout: 60_000 }).toBe(2);
    expect(await probabilities([spam, ham])).toEqual(expected);
  });

  test('a scoring thread keeps its model if another cannot be loaded', async () => {
    await start(1);
    const expected = await probabilities([spam, ham]);
    const other = await new FolderModelStore(folder).fetch(
      copyModel(folder, '20260102T000000Z', (manifest) => {
        manifest.data.seed++;
      }),
    );
    writeFileSync(join(other.path, 'manifest.json'), readFileSync(join(model.path, 'manifest.json')));
    await expect(pool.use(other)).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    // Were it gone, it would have to be loaded again, which is no longer possible.
    rmSync(model.path, { recursive: true });
    expect(await probabilities([spam, ham])).toEqual(expected);
    expect(lost).toBe(0);
  });
});
