import { describe, expect, it } from 'vitest';
import type { ScoredBatch } from '../../../src/core/scored-batch.ts';
import type { LocalModel } from '../../../src/ports/model-store.ts';
import { ModelSwitch } from '../../../src/scoring/model-switch.ts';

const model = (version: string): LocalModel => ({
  version,
  path: `/models/${version}`,
  sha256: `hash of ${version}`,
});

/** Remembers which models it was given. */
class StandInPool {
  model: LocalModel | null = null;
  trouble: string | undefined;
  closed = false;
  readonly used: string[] = [];

  async use(given: LocalModel): Promise<void> {
    if (given.version === 'unloadable') throw new Error('not loaded');
    this.used.push(given.version);
    this.model = given;
  }

  async score(): Promise<ScoredBatch> {
    return { model: this.model?.version } as ScoredBatch;
  }

  scoreWith = async ({ version }: LocalModel): Promise<ScoredBatch> => ({ model: version }) as ScoredBatch;
  keep(): void {}

  measure() {
    return { threads: 1, wanted: 1, queued: 0, utilization: 0 };
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function switchOf(admit: (model: LocalModel) => Promise<void> = async () => {}) {
  const pool = new StandInPool();
  return { scorer: new ModelSwitch({ admit, pool }), pool };
}

describe('switching models', () => {
  it('ModelSwitch gives the threads no model that has not passed the admission check', async () => {
    let admitted = () => {};
    const { scorer, pool } = switchOf(
      () =>
        new Promise((resolve) => {
          admitted = resolve;
        }),
    );
    const installed = scorer.install(model('a'));
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(pool.used).toEqual([]);
    admitted();
    await installed;
    expect(pool.used).toEqual(['a']);
  });

  it.each(['refused', 'unloadable'])('ModelSwitch keeps the active model if another is %s', async (bad) => {
    const { scorer } = switchOf(async ({ version }) => {
      if (version === 'refused') throw new Error('refused');
    });
    await scorer.install(model('good'));
    await expect(scorer.install(model(bad))).rejects.toThrow();
    expect((await scorer.score([])).model).toBe('good');
    await scorer.install(model('better'));
    expect((await scorer.score([])).model).toBe('better');
  });

  it('ModelSwitch installs models one after the other, in the order of the calls', async () => {
    const { scorer, pool } = switchOf(async ({ version }) => {
      await new Promise((resolve) => setTimeout(resolve, version === 'a' ? 20 : 1));
    });
    await Promise.all([scorer.install(model('a')), scorer.install(model('b'))]);
    expect(pool.used).toEqual(['a', 'b']);
  });

  it('ModelSwitch does not check a model that is already active', async () => {
    let trials = 0;
    const { scorer } = switchOf(async () => {
      trials++;
    });
    await scorer.install(model('a'));
    await scorer.install(model('a'));
    expect(trials).toBe(1);
  });

  it('ModelSwitch reports the numbers of threads that the pool reports', async () => {
    const { scorer, pool } = switchOf();
    expect([scorer.model, scorer.trouble]).toEqual([null, undefined]);
    await scorer.install(model('a'));
    pool.trouble = 'no thread is left';
    expect([scorer.model, scorer.trouble]).toEqual([model('a'), 'no thread is left']);
    expect(scorer.measure()).toEqual(pool.measure());
  });

  it('ModelSwitch finishes an installation before it closes the threads', async () => {
    const { scorer, pool } = switchOf(() => new Promise((resolve) => setTimeout(resolve, 20)));
    const installing = scorer.install(model('a'));
    await scorer.close();
    await installing;
    expect(pool.used).toEqual(['a']);
    expect(pool.closed).toBe(true);
  });
});
