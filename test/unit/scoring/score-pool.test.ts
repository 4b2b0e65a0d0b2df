import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import { PolicyInForce } from '../../../src/scoring/policy-in-force.ts';
import { ScorePool } from '../../../src/scoring/score-pool.ts';

const threadFile = join(import.meta.dirname, 'test-thread.mjs');
const utf8 = (text: string) => new TextEncoder().encode(text);

let path = '';
let lost = 0;
let pools: ScorePool[] = [];

function makePool(threads: number): ScorePool {
  const pool = new ScorePool({
    policy: new PolicyInForce({
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

/** What the thread that takes the batch holds, which the test thread tells in place of scores. */
async function heldBy(pool: ScorePool): Promise<unknown> {
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

describe('the score pool', () => {
  it.each(['exit', 'throw', 'stray'])(
    'gives a batch back whose thread ends by %s, and goes on',
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

  it('harms no batch in another thread, nor one that waits', async () => {
    const pool = await start();
    const slow = pool.score([utf8('slow')]);
    const dying = pool.score([utf8('exit')]);
    const waiting = pool.score([utf8('a')]);
    await expect(dying).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST' });
    expect((await slow).statistics.ham).toBe(1);
    expect((await waiting).statistics.ham).toBe(1);
  });

  it('scores nothing before there is a model', async () => {
    const pool = makePool(1);
    await expect(pool.score([utf8('a')])).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
  });

  it('refuses a model that its threads cannot load; the one before judges on', async () => {
    const pool = await start();
    writeFileSync(join(model('w').path, 'broken'), '');
    await expect(pool.use(model('w'))).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect(pool.model?.version).toBe('v');
    expect((await pool.score([utf8('a')])).model).toBe('v');
  });

  it('loads a model again where a thread died under it once, and refuses one that kills twice', async () => {
    const pool = await start(1);
    writeFileSync(join(model('w').path, 'kills-once'), '');
    await pool.use(model('w'));
    expect((await pool.score([utf8('a')])).model).toBe('w');
    writeFileSync(join(model('x').path, 'kills'), '');
    await expect(pool.use(model('x'))).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect((await pool.score([utf8('a')])).model).toBe('w');
  });

  it('changes the model without starting a thread; a batch ends in the one that it began with', async () => {
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

  it('holds a model for as long as a batch names it, and no longer', async () => {
    const pool = await start(1);
    const under = pool.score([utf8('slow')]);
    const changed = pool.use(model('w'));
    const meanwhile = heldBy(pool);
    await changed;
    expect((await under).model).toBe('v');
    expect(await meanwhile).toEqual(['v', 'w']);
    expect(await heldBy(pool)).toEqual(['w']);
    writeFileSync(join(model('x').path, 'broken'), '');
    await expect(pool.use(model('x'))).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect(await heldBy(pool)).toEqual(['w']);
  });

  it('tells of a model that can be loaded no more that it may come right, and blames no message', async () => {
    const pool = await start(1);
    writeFileSync(join(model('v').path, 'broken'), '');
    await expect(pool.score([utf8('a')])).rejects.toMatchObject({ code: 'MODEL_REFUSED', retriable: true });
    rmSync(join(model('v').path, 'broken'));
    expect((await pool.score([utf8('a')])).statistics.ham).toBe(1);
  });

  it('comes back when every thread has died and their replacements failed for a while', async () => {
    const pool = await start(1);
    writeFileSync(join(path, 'threads-broken'), '');
    await expect(pool.score([utf8('exit')])).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST' });
    const whileBroken = pool.score([utf8('a')]).then(
      () => 'scored',
      (error: { code: string }) => error.code,
    );
    setTimeout(() => rmSync(join(path, 'threads-broken')), 300);
    expect(['scored', 'SCORER_THREAD_LOST']).toContain(await whileBroken);
    await expect
      .poll(
        () =>
          pool.score([utf8('a')]).then(
            ({ statistics }) => statistics.ham,
            () => 0,
          ),
        { timeout: 10_000 },
      )
      .toBe(1);
  });

  it('finishes what runs before it closes, and takes nothing after', async () => {
    const pool = await start();
    const running = pool.score([utf8('slow')]);
    const closed = pool.close();
    expect((await running).statistics.ham).toBe(1);
    await closed;
    await expect(pool.score([utf8('a')])).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
    expect(lost).toBe(0);
  });
});
