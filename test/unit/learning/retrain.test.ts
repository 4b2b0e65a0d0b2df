import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SluiceError } from '../../../src/core/errors.ts';
import { promotionPoints } from '../../../src/learning/finish-promotion.ts';
import {
  type RetrainOrder,
  type RetrainParts,
  type RetrainPoint,
  retrain,
} from '../../../src/learning/retrain.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { ModelRegistry } from '../../../src/ports/model-registry.ts';
import { madeUpModel } from '../../contract/suites/model-store.ts';
import { dataOf, type WorldOptions, worldOf } from './retrain-world.ts';

/** Time stands still unless a test says so. */
class StillClock implements Clock {
  at = 1_800_000_000_000;
  /** Wakes what sleeps now. */
  wake: () => void = () => {};
  now(): number {
    return this.at;
  }
  elapsed(): number {
    return this.at / 1000;
  }
  sleep(_: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      signal?.addEventListener('abort', () => resolve());
    });
  }
}

let folder = '';
let clock: StillClock;
let versions: readonly string[];
const opened: RetrainParts[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-retrain-'));
  clock = new StillClock();
  versions = ['20260101T000000Z', '20260102T000000Z', '20260103T000000Z'].map((time) => {
    const { version, files } = madeUpModel(time, time);
    const path = join(folder, 'made', version);
    mkdirSync(path, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
    return version;
  });
});
afterEach(async () => {
  for (const { runs } of opened.splice(0)) await runs.close();
  rmSync(folder, { recursive: true, force: true });
});

async function world(options: Partial<WorldOptions> = {}): Promise<RetrainParts> {
  const parts = await worldOf({ folder, clock, ...options });
  opened.push(parts);
  return parts;
}

let holders = 0;
const order = (change: Partial<RetrainOrder> = {}): RetrainOrder => ({
  ...{ holder: `p${++holders}`, by: 'ada', gate: 'sound', due: null, anyway: false, resumeOnly: false },
  signal: new AbortController().signal,
  ...change,
});

/** What daemons follow, what people read, and the last runs. */
async function standing({ activation, runs, registry }: RetrainParts) {
  const models = await (registry as ModelRegistry).list();
  return {
    active: (await activation.read())?.active.version ?? null,
    table: models.filter(({ status }) => status === 'active').map(({ version }) => version),
    statuses: Object.fromEntries(models.map(({ version, status }) => [version, status])),
    runs: (await runs.runs(10)).map(({ state }) => state),
  };
}

/** The same object, with other methods. */
function changed<T extends object>(real: T, change: Partial<T>): T {
  return new Proxy(real, {
    get: (target, name) => {
      const own = (change as Record<PropertyKey, unknown>)[name];
      if (own !== undefined) return own;
      const value = (target as Record<PropertyKey, unknown>)[name];
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

const away = (code: 'MODEL_STORE_FAILED' | 'STORE_FAILED') => async (): Promise<never> => {
  throw new SluiceError(code, 'it does not answer', { retriable: true });
};

describe('a retraining', () => {
  it('a first model becomes active at once, and a better one replaces it, with its figures in the table of models', async () => {
    const parts = await world();
    const first = await retrain(order(), parts);
    expect(first).toMatchObject({ resumed: null, run: { state: 'promoted', champion: null } });
    const second = await retrain(order(), parts);
    expect(second.run).toMatchObject({
      ...{ state: 'promoted', champion: versions[0], challenger: versions[1], finishedAt: clock.at },
      report: { promoted: true },
    });
    expect(await standing(parts)).toEqual({
      ...{ active: versions[1], table: [versions[1]], runs: ['promoted', 'promoted'] },
      statuses: { [versions[0]!]: 'inactive', [versions[1]!]: 'active' },
    });
    expect((await parts.activation.read())?.before.map(({ version }) => version)).toEqual([versions[0]]);
  });

  it('a model that the gate refuses is listed as refused with its figures, and the active one stays', async () => {
    await retrain(order(), await world());
    const parts = await world({ promotes: false });
    const { run } = await retrain(order(), parts);
    expect(run).toMatchObject({ state: 'refused', challenger: versions[1], note: 'it is worse' });
    expect(await standing(parts)).toEqual({
      ...{ active: versions[0], table: [versions[0]], runs: ['refused', 'promoted'] },
      statuses: { [versions[0]!]: 'active', [versions[1]!]: 'refused' },
    });
  });

  it('a retraining without new labels trains nothing, unless it is asked to', async () => {
    await retrain(order(), await world());
    const parts = await world({ newLabels: 0 });
    expect((await retrain(order(), parts)).run).toMatchObject({ state: 'nothing', challenger: null });
    expect((await standing(parts)).active).toBe(versions[0]);
    expect((await retrain(order({ anyway: true }), parts)).run).toMatchObject({ state: 'promoted' });
  });

  it.each([
    ['no spam', dataOf(0, 9)],
    ['no ham', dataOf(9, 0)],
    ['no messages', dataOf(0, 0)],
  ])('a retraining with %s to train on fails with what to do, and changes nothing', async (what, data) => {
    const parts = await world({ data });
    await expect(retrain(order(), parts)).rejects.toThrow(`there is ${what} to train on`);
    expect(await standing(parts)).toMatchObject({ active: null, runs: ['failed'] });
    expect((await retrain(order(), await world())).run).toMatchObject({ state: 'promoted' });
  });

  it('a retraining without a held-out message to compare on fails with what to do, and the active model stays', async () => {
    await retrain(order(), await world());
    const parts = await world({ data: dataOf(9, 9, 0) });
    await expect(retrain(order(), parts)).rejects.toMatchObject({ code: 'DATA_INVALID' });
    expect(await standing(parts)).toMatchObject({ active: versions[0], runs: ['failed', 'promoted'] });
  });

  it('a retraining is refused while another one runs, and changes nothing of it', async () => {
    const parts = await world();
    let second: Promise<unknown> | undefined;
    const { run } = await retrain(order(), {
      ...parts,
      assemble: async (...given) => {
        second = retrain(order(), await world()).catch((error: unknown) => error);
        expect(await second).toMatchObject({ code: 'RETRAIN_RUNNING', retriable: true });
        return await parts.assemble(...given);
      },
    });
    expect(run).toMatchObject({ state: 'promoted' });
    expect((await standing(parts)).runs).toEqual(['promoted']);
  });

  it('a retraining that was not heard of in time ends when another process has taken over, and promotes nothing', async () => {
    const parts = await world();
    const slow = retrain(order(), {
      ...parts,
      train: async (run, assembled, signal) => {
        clock.at += 61_000;
        const wake = clock.wake;
        expect((await retrain(order(), await world())).run).toMatchObject({ state: 'promoted' });
        wake();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        return await parts.train(run, assembled, signal);
      },
    });
    await expect(slow).rejects.toMatchObject({ code: 'RETRAIN_RUNNING' });
    expect(await standing(parts)).toMatchObject({ active: versions[0], runs: ['promoted', 'abandoned'] });
  });

  it('a retraining that is interrupted is abandoned, and the next one begins again', async () => {
    const parts = await world();
    const interrupted = new AbortController();
    const order1 = order({ signal: interrupted.signal });
    const train: RetrainParts['train'] = async (...given) => {
      interrupted.abort();
      return await parts.train(...given);
    };
    await expect(retrain(order1, { ...parts, train })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await standing(parts)).toMatchObject({ active: null, runs: ['abandoned'] });
    expect((await retrain(order(), parts)).run).toMatchObject({ state: 'promoted' });
  });

  it('a time of the schedule that another process has run is not run again', async () => {
    const parts = await world();
    await retrain(order({ due: clock.at - 5 }), parts);
    expect(await retrain(order({ due: clock.at - 5 }), parts)).toEqual({ resumed: null, run: null });
    expect((await standing(parts)).runs).toEqual(['promoted']);
  });
});

describe('a promotion that fails', () => {
  /** What a failure leaves behind: nothing, but a run that waits to be finished. */
  const asItWas = () => ({ active: versions[0], table: [versions[0]], runs: ['promoting', 'promoted'] });

  it.each([
    ['the model store does not answer', (): Partial<RetrainParts> => ({ push: away('MODEL_STORE_FAILED') })],
    [
      'the record of the active model cannot be written',
      (parts: RetrainParts): Partial<RetrainParts> => ({
        activation: {
          location: 'x',
          read: () => parts.activation.read(),
          write: away('MODEL_STORE_FAILED'),
        },
      }),
    ],
  ])(
    'a promotion when %s leaves all as it was, and the next retraining finishes it without training',
    async (_, broken) => {
      const parts = await world();
      await retrain(order(), parts);
      await expect(retrain(order(), { ...parts, ...broken(parts) })).rejects.toThrow(
        /it does not answer\. \S+ passed the gate, and its promotion is not finished; "sluice retrain --resume"/,
      );
      expect(await standing(parts)).toMatchObject(asItWas());
      const train = async (): Promise<never> => {
        throw new Error('it was trained again');
      };
      expect(await retrain(order({ resumeOnly: true }), { ...parts, train })).toMatchObject({
        ...{ resumed: { state: 'promoted', challenger: versions[1] }, run: null },
      });
      expect(await standing(parts)).toMatchObject({ active: versions[1], table: [versions[1]] });
    },
  );

  it('a promotion whose database is lost right before the activation changes nothing that daemons follow', async () => {
    const parts = await world();
    await retrain(order(), parts);
    let isLost = false;
    const runs = changed(parts.runs, {
      change: (...given) => (isLost ? away('STORE_FAILED')() : parts.runs.change(...given)),
    });
    const push: RetrainParts['push'] = async (model) => {
      await parts.push(model);
      isLost = true;
    };
    await expect(retrain(order(), { ...parts, runs, push })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await standing(parts)).toMatchObject(asItWas());
  });

  it('a promotion whose database is lost right after the activation is recorded by the next retraining', async () => {
    const parts = await world();
    await retrain(order(), parts);
    const registry = changed(parts.registry, { activated: away('STORE_FAILED') });
    await expect(retrain(order(), { ...parts, registry })).rejects.toMatchObject({ code: 'STORE_FAILED' });
    expect(await standing(parts)).toMatchObject({ active: versions[1], table: [versions[0]] });
    expect(await retrain(order({ resumeOnly: true }), parts)).toMatchObject({
      resumed: { state: 'promoted' },
    });
    expect(await standing(parts)).toMatchObject({ active: versions[1], table: [versions[1]] });
  });

  it('to finish a promotion removes the text of runs that were cut off, also where there was none to finish', async () => {
    const parts = await world();
    let cleared = 0;
    const clearCutOff = async () => void cleared++;
    const outcome = await retrain(order({ resumeOnly: true }), { ...parts, clearCutOff });
    expect([outcome, cleared]).toEqual([{ resumed: null, run: null }, 1]);
  });

  it('a promotion is withdrawn where somebody activated another model since, and nobody overrules that', async () => {
    const parts = await world();
    await retrain(order(), parts);
    const other = versions[2]!;
    await expect(retrain(order(), { ...parts, push: away('MODEL_STORE_FAILED') })).rejects.toThrow();
    await parts.activation.write({ active: { version: other }, before: [] });
    expect(await retrain(order({ resumeOnly: true }), parts)).toMatchObject({
      resumed: { state: 'withdrawn', note: `${other} was activated meanwhile` },
    });
    expect((await parts.activation.read())?.active.version).toBe(other);
  });

  it('a promotion is withdrawn where somebody activates another model while it is pushed', async () => {
    const parts = await world();
    await retrain(order(), parts);
    const other = versions[2]!;
    const push: RetrainParts['push'] = async (model) => {
      await parts.push(model);
      await parts.activation.write({ active: { version: other }, before: [] });
    };
    expect((await retrain(order(), { ...parts, push })).run).toMatchObject({ state: 'withdrawn' });
    expect((await parts.activation.read())?.active.version).toBe(other);
  });

  it('a promotion is withdrawn where the new model is lost, and the next retraining trains again', async () => {
    const parts = await world();
    await retrain(order(), parts);
    await expect(retrain(order(), { ...parts, push: away('MODEL_STORE_FAILED') })).rejects.toThrow();
    rmSync(join(folder, 'made', versions[1]!), { recursive: true });
    expect(await retrain(order(), parts)).toMatchObject({
      ...{ resumed: { state: 'withdrawn' }, run: { state: 'promoted', challenger: versions[2] } },
    });
    expect(await standing(parts)).toMatchObject({ active: versions[2], table: [versions[2]] });
  });

  it('a model that fails its admission check is refused though the gate promoted it', async () => {
    const parts = await world();
    await retrain(order(), parts);
    const admit = async () => {
      throw new SluiceError('MODEL_REFUSED', 'a graph is broken');
    };
    expect((await retrain(order(), { ...parts, admit })).run).toMatchObject({
      ...{ state: 'refused', note: 'a graph is broken' },
    });
    expect(await standing(parts)).toMatchObject({
      ...{ active: versions[0], table: [versions[0]] },
      statuses: { [versions[1]!]: 'refused' },
    });
  });
});

describe('a retraining whose process stands still for ever', () => {
  // Each moment, with real processes: killed-retraining.test.ts.
  const points: readonly RetrainPoint[] = ['trained', 'pushed', 'activated'];

  it.each(points)(
    'a retraining that stands still at "%s" is finished or begun again by the next one',
    async (point) => {
      const parts = await world();
      await retrain(order(), parts);
      await new Promise<void>((resolve) => {
        const reached = async (at: RetrainPoint): Promise<void> => {
          if (at !== point) return;
          resolve();
          await new Promise(() => {});
        };
        void retrain(order(), { ...parts, reached });
      });
      await expect(retrain(order(), await world())).rejects.toMatchObject({ code: 'RETRAIN_RUNNING' });
      clock.at += 61_000;
      const next = await world({ newLabels: 0 });
      await retrain(order(), next);
      const now = await standing(next);
      // What was not decided yet is begun again where labels are new; what was decided is finished.
      const isDecided = promotionPoints.some((each) => each === point);
      expect(now.active).toBe(isDecided ? versions[1] : versions[0]);
      expect(now.table).toEqual([now.active]);
      expect(now.runs.slice(0, 2)).toEqual(['nothing', isDecided ? 'promoted' : 'abandoned']);
    },
  );
});
