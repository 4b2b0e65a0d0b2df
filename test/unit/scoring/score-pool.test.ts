import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolicyInForce } from '../../../src/scoring/policy-in-force.ts';
import { ScorePool } from '../../../src/scoring/score-pool.ts';

const threadFile = join(import.meta.dirname, 'test-thread.mjs');
const utf8 = (text: string) => new TextEncoder().encode(text);

let path = '';
let lost = 0;
let pools: ScorePool[] = [];

async function start(threads = 2): Promise<ScorePool> {
  const pool = await ScorePool.start({
    model: { version: 'v', path },
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

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'sluice-pool-'));
  lost = 0;
});
afterEach(async () => {
  for (const pool of pools) await pool.close();
  pools = [];
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

  it('refuses a model that its threads cannot load, and leaves no thread behind', async () => {
    writeFileSync(join(path, 'broken'), '');
    await expect(start()).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
  });

  it('comes back when every thread has died and their replacements failed for a while', async () => {
    const pool = await start(1);
    writeFileSync(join(path, 'broken'), '');
    await expect(pool.score([utf8('exit')])).rejects.toMatchObject({ code: 'SCORER_THREAD_LOST' });
    const whileBroken = pool.score([utf8('a')]).then(
      () => 'scored',
      (error: { code: string }) => error.code,
    );
    setTimeout(() => rmSync(join(path, 'broken')), 300);
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
