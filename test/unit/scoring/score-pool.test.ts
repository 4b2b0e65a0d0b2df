import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import { CurrentPolicy } from '../../../src/scoring/current-policy.ts';
import { ScorePool } from '../../../src/scoring/score-pool.ts';

const threadFile = join(import.meta.dirname, 'test-thread.mjs');
const utf8 = (text: string) => new TextEncoder().encode(text);

let path = '';
let lost = 0;
let pools: ScorePool[] = [];

function makePool(threads: number, restoreModel?: (model: LocalModel) => Promise<void>): ScorePool {
  const pool = new ScorePool({
    policy: new CurrentPolicy({
      default: { rejectMin: 0.5, rejectMax: 0.7 },
      communities: {},
      exactScores: 'notHam',
      maxMessageBytes: 1000,
    }),
    threads,
    threadFile,
    onThreadLost: () => {
      lost++;
    },
    ...(restoreModel === undefined ? {} : { restoreModel }),
  });
  pools.push(pool);
  return pool;
}

async function start(threads = 2): Promise<ScorePool> {
  const pool = makePool(threads);
  await pool.use(model('v'));
  return pool;
}

/** A model of its own folder. */
function model(version: string): LocalModel {
  const folder = join(path, version);
  mkdirSync(folder, { recursive: true });
  return { version, path: folder, sha256: `hash of ${version}` };
}

/** Hashes of the models that the thread holds that takes the batch; the test thread answers them in place of scores. */
async function modelsInThread(pool: ScorePool): Promise<unknown> {
  return (await pool.score([utf8('held')])).scored;
}

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'sluice-pool-'));
  process.env.TEST_THREADS_BROKEN = join(path, 'threads-broken');
  lost = 0;
});
afterEach(async () => {
  for (const pool of pools) await pool.close();
  pools = [];
  delete process.env.TEST_THREADS_BROKEN;
  rmSync(path, { recursive: true, force: true });
});

const ham = (pool: ScorePool, text = 'a') =>
  pool.score([utf8(text)]).then(
    ({ statistics }) => statistics.ham as number | string,
    (error: { code: string }) => error.code,
  );

/** Waits until all threads are there that should be. */
async function untilWhole(pool: ScorePool): Promise<void> {
  const { wanted } = pool.measure();
  await expect.poll(() => pool.measure().threads, { timeout: 60_000 }).toBe(wanted);
}

describe('the score pool', () => {
  it.each(['exit', 'throw', 'stray'])(
    'ScorePool returns a batch whose thread ends by %s, and continues',
    async (end) => {
      const pool = await start();
      await expect(pool.score([utf8(end)])).rejects.toMatchObject({
        code: 'SCORER_THREAD_LOST',
        retriable: true,
      });
      const after = await Promise.all(Array.from({ length: 6 }, () => pool.score([utf8('a'), utf8('b')])));
      expect(after.map((batch) => batch.statistics.ham)).toEqual([2, 2, 2, 2, 2, 2]);
      expect(lost).toBe(end === 'throw' ? 0 : 1);
    },
  );

  it('ScorePool does not affect batches in other threads, or waiting ones, if a thread dies', async () => {
    const pool = await start();
    const slow = pool.score([utf8('slow')]);
    const dying = pool.score([utf8('exit')]);
    const waiting = pool.score([utf8('a')]);
    await expect(dying).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST' });
    expect((await slow).statistics.ham).toBe(1);
    expect((await waiting).statistics.ham).toBe(1);
  });

  it('ScorePool scores nothing before it has a model', async () => {
    const pool = makePool(1);
    await expect(pool.score([utf8('a')])).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
  });

  it('ScorePool refuses a model that its threads cannot load, and the previous one stays active', async () => {
    const pool = await start();
    writeFileSync(join(model('w').path, 'broken'), '');
    await expect(pool.use(model('w'))).rejects.toMatchObject({ code: 'MODEL_CORRUPT', retriable: false });
    expect(pool.model?.version).toBe('v');
    expect((await pool.score([utf8('a')])).model).toBe('v');
    expect(lost).toBe(0);
  });

  it('ScorePool loads a model again if a thread died while loading it once, and refuses one that kills twice', async () => {
    const pool = await start(1);
    writeFileSync(join(model('w').path, 'kills-once'), '');
    await pool.use(model('w'));
    expect((await pool.score([utf8('a')])).model).toBe('w');
    writeFileSync(join(model('x').path, 'kills'), '');
    await expect(pool.use(model('x'))).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect((await pool.score([utf8('a')])).model).toBe('w');
  });

  it('ScorePool changes the model without starting a thread, and a batch is scored by the model that it began with', async () => {
    const pool = await start(1);
    const under = pool.score([utf8('slow')]);
    const waiting = pool.score([utf8('a')]);
    const changed = pool.use(model('w'));
    const meanwhile = pool.score([utf8('a')]);
    await changed;
    expect((await under).model).toBe('v');
    expect((await waiting).model).toBe('v');
    expect((await meanwhile).model).toBe('v');
    expect((await pool.score([utf8('a')])).model).toBe('w');
    expect(pool.measure().threads).toBe(1);
    expect(lost).toBe(0);
  });

  it('ScorePool keeps a model loaded as long as a batch names it, and no longer', async () => {
    const pool = await start(1);
    const [v, w] = [model('v').sha256, model('w').sha256];
    const under = pool.score([utf8('slow')]);
    const changed = pool.use(model('w'));
    const meanwhile = modelsInThread(pool);
    await changed;
    expect((await under).model).toBe('v');
    expect(await meanwhile).toEqual([v, w]);
    expect(await modelsInThread(pool)).toEqual([w]);
    writeFileSync(join(model('x').path, 'broken'), '');
    await expect(pool.use(model('x'))).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    expect(await modelsInThread(pool)).toEqual([w]);
  });

  it('ScorePool keeps the active model loaded while another is loaded, even if no batch names it at the time', async () => {
    const pool = await start(1);
    writeFileSync(join(model('x').path, 'broken'), '');
    await expect(pool.use(model('x'))).rejects.toMatchObject({ code: 'MODEL_CORRUPT' });
    expect((await pool.score([utf8('loads')])).scored).toEqual([{ v: 1 }]);
    const changed = pool.use(model('w'));
    await changed;
    expect((await pool.score([utf8('loads')])).scored).toEqual([{ v: 1, w: 1 }]);
  });

  it('ScorePool finishes running batches before it closes, and accepts none afterwards', async () => {
    const pool = await start();
    const running = pool.score([utf8('slow')]);
    const closed = pool.close();
    expect((await running).statistics.ham).toBe(1);
    await closed;
    await expect(pool.score([utf8('a')])).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
    expect(lost).toBe(0);
  });
});

describe('a score pool whose threads die', () => {
  it('ScorePool reports how many threads there should be and how many there are', async () => {
    const pool = await start(3);
    await untilWhole(pool);
    expect(pool.measure()).toMatchObject({ threads: 3, wanted: 3 });
    writeFileSync(join(path, 'threads-broken'), '');
    expect(await ham(pool, 'exit')).toBe('SCORER_THREAD_LOST');
    await expect.poll(() => pool.measure().threads).toBe(2);
    expect(pool.measure().wanted).toBe(3);
    expect(pool.trouble).toBeUndefined();
    expect(lost).toBe(1);
  });

  it('ScorePool replaces threads that died while none could be started, even if nothing is scored', async () => {
    const pool = await start(4);
    await untilWhole(pool);
    writeFileSync(join(path, 'threads-broken'), '');
    const dying = Array.from({ length: 3 }, () => ham(pool, 'exit'));
    expect(await Promise.all(dying)).toEqual(Array(3).fill('SCORER_THREAD_LOST'));
    await expect.poll(() => pool.measure().threads).toBe(1);
    expect(await ham(pool)).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(pool.measure().threads).toBe(1);
    rmSync(join(path, 'threads-broken'));
    await untilWhole(pool);
    expect(await Promise.all(Array.from({ length: 8 }, () => ham(pool)))).toEqual(Array(8).fill(1));
    expect(lost).toBe(3);
  });

  it('ScorePool recovers after every thread died and none could be started for a while, and reports the cause meanwhile', async () => {
    const pool = await start(2);
    await untilWhole(pool);
    writeFileSync(join(path, 'threads-broken'), '');
    const dying = [ham(pool, 'exit'), ham(pool, 'exit'), ham(pool)];
    expect((await Promise.all(dying)).slice(0, 2)).toEqual(Array(2).fill('SCORER_THREAD_LOST'));
    await expect.poll(() => pool.trouble, { timeout: 60_000 }).toContain('cannot start');
    await expect.poll(() => ham(pool), { timeout: 60_000 }).toBe('SCORER_UNAVAILABLE');
    rmSync(join(path, 'threads-broken'));
    await untilWhole(pool);
    expect(await ham(pool)).toBe(1);
    expect(pool.trouble).toBeUndefined();
  });

  it('ScorePool loads the active model in a replacement thread before that accepts a batch', async () => {
    const pool = await start(1);
    await pool.use(model('w'));
    expect(await ham(pool, 'exit')).toBe('SCORER_THREAD_LOST');
    await untilWhole(pool);
    expect((await pool.score([utf8('loads')])).scored).toEqual([{ w: 1 }]);
  });

  it('ScorePool continues with the other threads if the model can no longer be loaded, and replaces the missing ones when it can', async () => {
    const pool = await start(3);
    await untilWhole(pool);
    writeFileSync(join(model('v').path, 'broken'), '');
    expect(await ham(pool, 'exit')).toBe('SCORER_THREAD_LOST');
    await expect.poll(() => pool.measure().threads).toBe(2);
    for (let batch = 0; batch < 20; batch++) expect(await ham(pool)).toBe(1);
    rmSync(join(model('v').path, 'broken'));
    await untilWhole(pool);
  });

  it('ScorePool restores the files of a model before it starts threads that could not load it', async () => {
    const restored: string[] = [];
    const pool = makePool(1, async ({ version, path: folder }) => {
      restored.push(version);
      rmSync(join(folder, 'broken'));
    });
    await pool.use(model('v'));
    await untilWhole(pool);
    expect(await ham(pool, 'exit')).toBe('SCORER_THREAD_LOST');
    await untilWhole(pool);
    expect(restored).toEqual([]);
    writeFileSync(join(model('v').path, 'broken'), '');
    expect(await ham(pool, 'exit')).toBe('SCORER_THREAD_LOST');
    await expect.poll(() => ham(pool), { timeout: 60_000 }).toBe(1);
    expect(restored).toEqual(['v']);
  });

  it('ScorePool blames no batch for a model that no thread can load, and accepts another model instead', async () => {
    const pool = await start(2);
    await untilWhole(pool);
    writeFileSync(join(model('v').path, 'broken'), '');
    const dying = [ham(pool, 'exit'), ham(pool, 'exit')];
    expect(await Promise.all(dying)).toEqual(Array(2).fill('SCORER_THREAD_LOST'));
    await expect.poll(() => pool.trouble, { timeout: 60_000 }).toContain('the model is broken');
    await expect(pool.score([utf8('a')])).rejects.toMatchObject({ code: 'MODEL_CORRUPT', retriable: true });
    await pool.use(model('w'));
    expect((await pool.score([utf8('a')])).model).toBe('w');
    await untilWhole(pool);
  });

  it('ScorePool ends only a thread that missed a model change and cannot load the new model', async () => {
    const pool = await start(2);
    await untilWhole(pool);
    const busy = ham(pool, 'until released');
    await pool.use(model('w'));
    writeFileSync(join(model('w').path, 'broken'), '');
    writeFileSync(join(model('v').path, 'released'), '');
    expect(await busy).toBe(1);
    const batches = await Promise.all(Array.from({ length: 4 }, () => ham(pool)));
    // The one that the thread ended under, and one more where its replacement had been given one while it started.
    expect(new Set(batches)).toEqual(new Set([1, 'MODEL_CORRUPT']));
    expect(await ham(pool)).toBe(1);
    await expect.poll(() => pool.measure().threads).toBe(1);
  });
});
