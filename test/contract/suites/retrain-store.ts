import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelFacts, ModelRegistry } from '../../../src/ports/model-registry.ts';
import type { RetrainStore } from '../../../src/ports/retrain-store.ts';
import { reportOf } from './gate-report-of.ts';

export interface RetrainStoreHarness {
  /** On the same, at first empty, database each time; `now` is its clock. */
  open(now: () => number): Promise<RetrainStore>;
  /** The models of the same database. */
  registry(now: () => number): ModelRegistry;
  dispose(): Promise<void>;
}

const LOCK_MS = 60_000;
const byHand = { by: 'ada@here', gate: 'sound', due: null } as const;
const version = (day: string) => `202601${day}T000000Z-0123abcd`;
const modelOf = (day: string): ModelFacts => ({
  ...{ version: version(day), sha256: day.repeat(32), path: `/models/${day}`, figures: {} },
  ...{ truePositiveRate: null, falsePositiveRate: null },
});
/** What every adapter behind the port `RetrainStore` promises. */
export function describeRetrainStore(name: string, makeHarness: () => Promise<RetrainStoreHarness>): void {
  describe(`${name} as a RetrainStore`, () => {
    let harness: RetrainStoreHarness;
    let now: number;
    let store: RetrainStore;
    const opened: RetrainStore[] = [];
    const open = async () => {
      const one = await harness.open(() => now);
      opened.push(one);
      return one;
    };
    beforeEach(async () => {
      harness = await makeHarness();
      now = 1_800_000_000_000;
      store = await open();
    });
    afterEach(async () => {
      for (const one of opened.splice(0)) await one.close();
      await harness.dispose();
    });

    it(`${name} as a RetrainStore gives the lock to one process at a time, and to another once it is released or was not renewed in time`, async () => {
      const other = await open();
      expect(await store.hold('a', LOCK_MS)).toBeUndefined();
      now += LOCK_MS - 1;
      expect(await other.hold('b', LOCK_MS)).toEqual({ holder: 'a', until: 1_800_000_000_000 + LOCK_MS });
      await store.renew('a', LOCK_MS);
      await expect(other.renew('b', LOCK_MS)).rejects.toMatchObject({ code: 'RETRAIN_RUNNING' });
      now += LOCK_MS - 1;
      expect(await other.hold('b', LOCK_MS)).toMatchObject({ holder: 'a' });
      await other.release('b');
      expect(await other.hold('b', LOCK_MS)).toMatchObject({ holder: 'a' });
      await store.release('a');
      expect(await other.hold('b', LOCK_MS)).toBeUndefined();
      await other.release('b');
      // One that has lost it does not take it back unseen.
      await expect(store.renew('a', LOCK_MS)).rejects.toMatchObject({ code: 'RETRAIN_RUNNING' });
      expect(await other.hold('b', LOCK_MS)).toBeUndefined();
      now += LOCK_MS;
      await other.renew('b', LOCK_MS);
      now += LOCK_MS;
      expect(await store.hold('a', LOCK_MS)).toBeUndefined();
      expect(await other.hold('b', LOCK_MS)).toMatchObject({ holder: 'a' });
    });

    it(`${name} as a RetrainStore gives the lock to one of many that ask at once`, async () => {
      const stores = await Promise.all(Array.from({ length: 4 }, open));
      const answers = await Promise.all(stores.map((one, i) => one.hold(`p${i}`, LOCK_MS)));
      expect(answers.filter((answer) => answer === undefined)).toHaveLength(1);
    });

    it(`${name} as a RetrainStore does not wait for a lock that was taken before the clock was set back by hours`, async () => {
      await store.hold('a', LOCK_MS);
      now -= 7_200_000;
      expect(await store.hold('b', LOCK_MS)).toBeUndefined();
    });

    it(`${name} as a RetrainStore keeps what is known of a run, and when it ended`, async () => {
      await store.hold('a', LOCK_MS);
      const due = now - 5;
      const begun = await store.begin('a', { ...byHand, due });
      expect(begun).toEqual({
        ...{ id: begun.id, ...byHand, due, state: 'running', step: null, champion: null, challenger: null },
        ...{ intended: null, report: null, note: null, startedAt: now, finishedAt: null },
      });
      const report = reportOf(version('02'));
      const intended = { version: version('02'), sha256: '2'.repeat(64), path: '/größe', activated: null };
      await store.change('a', begun.id, { step: 'compare', champion: version('01') });
      const changed = { state: 'promoting', challenger: version('02'), report, intended } as const;
      await store.change('a', begun.id, changed);
      expect(await (await open()).promoting()).toMatchObject({ ...changed, finishedAt: null });
      now += 1000;
      await store.change('a', begun.id, { state: 'promoted', step: 'record', note: 'ß😀' });
      expect(await store.promoting()).toBeUndefined();
      const [run] = await (await open()).runs(10);
      expect(run).toEqual({
        ...{ ...begun, ...changed, state: 'promoted', step: 'record', champion: version('01') },
        ...{ note: 'ß😀', finishedAt: now },
      });
      expect(await store.run(begun.id)).toEqual(run);
      expect(await store.run(begun.id + 1)).toBeUndefined();
    });

    it(`${name} as a RetrainStore abandons the run of a process that was not heard of, lets it write nothing more, and keeps a promotion to be finished`, async () => {
      await store.hold('a', LOCK_MS);
      const cut = await store.begin('a', byHand);
      now += LOCK_MS + 1;
      // Nobody has taken it over: the process was only slow.
      await store.change('a', cut.id, { step: 'train' });
      expect(await store.hold('b', LOCK_MS)).toBeUndefined();
      expect(await store.run(cut.id)).toMatchObject({ state: 'abandoned', step: 'train', finishedAt: now });
      for (const write of [
        () => store.change('a', cut.id, { state: 'promoting' }),
        () => store.begin('a', byHand),
      ])
        await expect(write()).rejects.toMatchObject({ code: 'RETRAIN_RUNNING' });
      const second = await store.begin('b', byHand);
      await store.change('b', second.id, { state: 'promoting', challenger: version('02') });
      now += LOCK_MS + 1;
      expect(await store.hold('c', LOCK_MS)).toBeUndefined();
      expect(await store.promoting()).toMatchObject({ id: second.id, state: 'promoting' });
      await expect(store.change('b', second.id, { step: 'activate' })).rejects.toMatchObject({
        code: 'RETRAIN_RUNNING',
      });
      await store.change('c', second.id, { state: 'promoted' });
      expect((await store.runs(10)).map(({ state }) => state)).toEqual(['promoted', 'abandoned']);
    });

    it(`${name} as a RetrainStore withdraws a promotion when another model is activated, and not when its own is`, async () => {
      const registry = harness.registry(() => now);
      await registry.activated(modelOf('01'), { who: 'ada', how: 'activated' });
      await store.hold('a', LOCK_MS);
      const { id } = await store.begin('a', byHand);
      await store.change('a', id, { state: 'promoting', challenger: version('02') });
      await registry.activated(modelOf('02'), { who: 'ada', how: 'promoted' });
      expect(await store.run(id)).toMatchObject({ state: 'promoting' });
      await registry.activated(modelOf('01'), { who: 'eve', how: 'rolled back to', reason: 'too strict' });
      expect(await store.run(id)).toMatchObject({
        ...{ state: 'withdrawn', finishedAt: now },
        note: `${version('01')} was rolled back to by eve: too strict`,
      });
      // What the process was about to write does not bring it back.
      expect(await store.change('a', id, { step: 'activate' })).toMatchObject({ state: 'withdrawn' });
    });

    it(`${name} as a RetrainStore withdraws a promotion also when the model that is active already is activated again`, async () => {
      const registry = harness.registry(() => now);
      await registry.activated(modelOf('01'), { who: 'ada', how: 'activated' });
      await store.hold('a', LOCK_MS);
      const { id } = await store.begin('a', byHand);
      await store.change('a', id, { state: 'promoting', challenger: version('02') });
      await registry.activated(modelOf('01'), { who: 'eve', how: 'activated' });
      expect(await store.run(id)).toMatchObject({ state: 'withdrawn' });
    });

    it(`${name} as a RetrainStore lists the runs of a span of the schedule, newest first`, async () => {
      await store.scheduled(1000, byHand);
      await store.hold('a', LOCK_MS);
      for (const due of [2000, null, 3000, 2000]) {
        const { id } = await store.begin('a', { ...byHand, due });
        await store.change('a', id, { state: 'nothing' });
      }
      const dues = async (from: number, until: number) =>
        (await store.dueBetween(from, until)).map(({ due, state }) => [due, state]);
      expect(await dues(0, 2500)).toEqual([
        [2000, 'nothing'],
        [2000, 'nothing'],
        [1000, 'scheduled'],
      ]);
      expect(await dues(2001, 9000)).toEqual([[3000, 'nothing']]);
      expect((await store.runs(2)).map(({ due }) => due)).toEqual([2000, 3000]);
    });
  });
}
