import { describe, expect, it } from 'vitest';
import type { ScoredBatch } from '../../../src/core/scored-batch.ts';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import { ModelSwitch } from '../../../src/scoring/model-switch.ts';
import type { ScorePool } from '../../../src/scoring/score-pool.ts';

const model = (version: string): LocalModel => ({ version, path: `/models/${version}` });

/** A pool whose batches end when the test says so. */
class StandInPool {
  readonly model: LocalModel;
  closed = false;
  readonly #running: (() => void)[] = [];

  constructor(from: LocalModel) {
    this.model = from;
  }

  async score(): Promise<ScoredBatch> {
    if (this.closed) throw new Error('scored after it was closed');
    await new Promise<void>((resolve) => this.#running.push(resolve));
    return { model: this.model.version } as ScoredBatch;
  }

  finish(): void {
    for (const done of this.#running.splice(0)) done();
  }

  async close(): Promise<void> {
    while (this.#running.length > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    this.closed = true;
  }
}

function switchOf(admit: (model: LocalModel) => Promise<void> = async () => {}) {
  const pools: StandInPool[] = [];
  const scorer = new ModelSwitch({
    admit,
    start: async (from) => {
      const pool = new StandInPool(from);
      pools.push(pool);
      return pool as unknown as ScorePool;
    },
  });
  return { scorer, pools };
}

describe('switching models', () => {
  it('lets a batch end in the model that it began with, and gives the next one to the new model', async () => {
    const { scorer, pools } = switchOf();
    await scorer.install(model('a'));
    const before = scorer.score([]);
    await scorer.install(model('b'));
    const after = scorer.score([]);
    expect(pools[0]!.closed).toBe(false);
    for (const pool of pools) pool.finish();
    expect((await before).model).toBe('a');
    expect((await after).model).toBe('b');
    await scorer.close();
    expect(pools.map((pool) => pool.closed)).toEqual([true, true]);
  });

  it('keeps the model in force when another is refused', async () => {
    const { scorer } = switchOf(async ({ version }) => {
      if (version === 'bad') throw new Error('refused');
    });
    await scorer.install(model('good'));
    await expect(scorer.install(model('bad'))).rejects.toThrow('refused');
    expect(scorer.model?.version).toBe('good');
    await scorer.install(model('better'));
    expect(scorer.model?.version).toBe('better');
  });

  it('installs one after the other, in the order of the calls', async () => {
    const { scorer, pools } = switchOf(async ({ version }) => {
      await new Promise((resolve) => setTimeout(resolve, version === 'a' ? 20 : 1));
    });
    await Promise.all([scorer.install(model('a')), scorer.install(model('b'))]);
    expect(scorer.model?.version).toBe('b');
    expect(pools.map((pool) => pool.model.version)).toEqual(['a', 'b']);
    await scorer.close();
  });

  it('starts no threads for the model that is already in force', async () => {
    const { scorer, pools } = switchOf();
    await scorer.install(model('a'));
    await scorer.install(model('a'));
    expect(pools).toHaveLength(1);
  });

  it('scores nothing before there is a model', async () => {
    await expect(switchOf().scorer.score([])).rejects.toMatchObject({ code: 'SCORER_CLOSED' });
  });
});
