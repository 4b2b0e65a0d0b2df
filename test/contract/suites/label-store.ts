import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isByPerson } from '../../../src/core/label-step.ts';
import { group, ham, LabelFixture, type LabelStoreHarness, remove, spam } from './label-fixture.ts';
import { describeLabelProperties } from './label-properties.ts';
import { describeLabelUndo } from './label-undo.ts';

/** Half a minute, in which a process that died still holds its step. */
const HOLD_MS = 30_000;

/** Behavior of every LabelStore. */
export function describeLabelStore(name: string, open: () => Promise<LabelStoreHarness>): void {
  describe(`${name} as a LabelStore`, () => {
    const f = new LabelFixture();
    beforeEach(async () => f.open(await open()));
    afterEach(() => f.close());

    it(`${name} as a LabelStore imports rows as unlabeled, and those that have a label with it`, async () => {
      await f.harness.seed([{ message: 'old', label: 'spam', by: null, at: null, group: 'g' }]);
      const { id } = await f.begin('import');
      await f.store.add(
        id,
        [
          { message: 'one\0 \u{1f600} ¿qué?', community: 'half \ud83d', source: 'random' },
          { message: 'two', community: '', source: 'reported', label: 'spam' },
          { message: 'three', community: '', source: 'reported', label: 'ham' },
        ],
        { line: 3 },
      );
      expect(await f.store.finish(id)).toMatchObject({
        ...{ kind: 'import', state: 'applied', rows: 3, position: { line: 3 }, by: 'anna' },
        ...{ parameters: { kind: 'import' }, started_at: f.now, finished_at: f.now },
      });
      const rows = await f.all();
      expect(rows.map(({ id: _, ...row }) => row)).toEqual([
        {
          ...{ message: 'old', community: 'forum', source: 'before' },
          ...{ label: 'spam', labelled_by: null, near_group: 'g' },
        },
        {
          ...{ message: 'one\0 \u{1f600} ¿qué?', community: 'half \ud83d', source: 'random' },
          ...{ label: null, labelled_by: null, near_group: null },
        },
        {
          ...{ message: 'two', community: '', source: 'reported' },
          ...{ label: 'spam', labelled_by: `step:${id}`, near_group: null },
        },
        {
          ...{ message: 'three', community: '', source: 'reported' },
          ...{ label: 'ham', labelled_by: `step:${id}`, near_group: null },
        },
      ]);
      expect(await f.store.counts()).toMatchObject({ rows: 4 });
      const groups = (await f.store.counts()).groups.map((each) => Object.values(each).join(' '));
      expect(groups.sort()).toEqual(
        ['spam before unknown 1', ' random  1', 'spam reported import 1', 'ham reported import 1'].sort(),
      );
    });

    it(`${name} as a LabelStore returns rows page by page, by label and by import`, async () => {
      const first = await f.import('a', 'b', 'c', 'd');
      const second = await f.import('e', 'f');
      await f.apply('rule', ['b', 'e'], spam);
      await f.apply('similar', ['c'], ham);
      const texts = async (query: Parameters<typeof f.store.rows>[0]) =>
        (await f.store.rows(query)).map(({ message }) => message).join('');
      expect(await texts({ after: 0, limit: 9 })).toBe('abcdef');
      expect(await texts({ after: await f.idOf('b'), limit: 2 })).toBe('cd');
      for (const [label, all, ofFirst] of [
        ['spam', 'be', 'b'],
        ['ham', 'c', 'c'],
        ['unlabeled', 'adf', 'ad'],
      ] as const) {
        expect(await texts({ after: 0, limit: 9, filter: { label } })).toBe(all);
        expect(await texts({ after: 0, limit: 9, filter: { label, import: first } })).toBe(ofFirst);
      }
      expect(await texts({ after: 0, limit: 1, filter: { import: second } })).toBe('e');
      expect(await f.store.rowsOf([await f.idOf('f'), 4711])).toMatchObject([{ message: 'f', label: null }]);
    });

    it(`${name} as a LabelStore edits only rows that are as they were read`, async () => {
      await f.import('a', 'b', 'c');
      const read = await f.all();
      const { id } = await f.begin('rule');
      await f.harness.relabel('ben', 'ham', [await f.idOf('b')], f.now);
      expect(await f.store.edit(id, read.map(spam), { after: 3 })).toBe(2);
      // Once more, as a resumed step does: nothing is left to do.
      expect(await f.store.edit(id, read.map(spam))).toBe(0);
      expect(await f.store.edit(id, (await f.all()).map(spam))).toBe(0);
      expect(await f.store.finish(id)).toMatchObject({ rows: 2, position: { after: 3 } });
      expect(await f.labels()).toEqual({ a: `spam step:${id}`, b: 'ham ben', c: `spam step:${id}` });
      await f.store.undo(id, 'anna');
      expect(await f.labels()).toEqual({ a: 'null null', b: 'ham ben', c: 'null null' });
    });

    it(`${name} as a LabelStore neither labels nor removes what a person labeled, also where it was read so`, async () => {
      await f.harness.seed([{ message: 'a', label: 'spam', by: 'ben', at: 5, group: null }]);
      const { id } = await f.begin('dedupe');
      const [row] = await f.all();
      expect(await f.store.edit(id, [ham(row!), remove(row!)])).toBe(0);
      expect(await f.store.edit(id, [group(row!, id)])).toBe(1);
      expect(await f.harness.stored()).toMatchObject([
        { label: 'spam', by: 'ben', at: 5, group: `${id}:all` },
      ]);
    });

    it(`${name} as a LabelStore changes a row's label, its group, and its place in one call, each if it is as it was read`, async () => {
      await f.import('a', 'b', 'c');
      const { id } = await f.begin('dedupe');
      const [a, b, c] = await f.all();
      const stale = { ...c!, near_group: 'another' };
      expect(await f.store.edit(id, [group(a!, id), spam(a!), remove(b!), group(stale, id)])).toBe(3);
      expect(await f.harness.stored()).toMatchObject([
        { message: 'a', label: 'spam', by: `step:${id}`, group: `${id}:all` },
        { message: 'c', by: null, group: null },
      ]);
      // Labeled by the same call, so that it is not as it was read any more.
      expect(await f.store.edit(id, [spam(c!), remove(c!)])).toBe(1);
      await f.store.finish(id);
      await f.store.undo(id, 'anna');
      expect((await f.harness.stored()).map(({ by, group: of }) => [by, of])).toEqual([
        [null, null],
        [null, null],
        [null, null],
      ]);
    });

    it(`${name} as a LabelStore adds all rows of a call or none, and sets the position with them`, async () => {
      const { id } = await f.begin('import');
      const row = { message: 'a', community: '', source: 'dump' };
      await f.store.add(id, [row], 1);
      await expect(f.store.add(id, [row, { ...row, source: 'x'.repeat(192) }], 2)).rejects.toMatchObject({
        code: 'USAGE',
      });
      expect(await f.store.step(id)).toMatchObject({ rows: 1, position: 1 });
      expect(await f.all()).toHaveLength(1);
    });

    it(`${name} as a LabelStore has one unfinished step at a time, and names it to a process that begins another`, async () => {
      const { id } = await f.begin('rule');
      for (const store of [f.store, f.other])
        await expect(f.begin('dedupe', store)).rejects.toMatchObject({
          code: 'STEP_RUNNING',
          message: expect.stringContaining(`label step ${id} (rule, by anna`),
        });
      await f.store.finish(id);
      const next = await f.begin('dedupe', f.other);
      expect(next.id).toBeGreaterThan(id);
      await expect(f.store.undo(id, 'ben')).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      await expect(f.store.step(999)).rejects.toMatchObject({ code: 'STEP_UNKNOWN' });
      await expect(f.store.undo(999, 'ben')).rejects.toMatchObject({ code: 'STEP_UNKNOWN' });
    });

    it(`${name} as a LabelStore lets another process take a step over half a minute after the last call, and the first one then stops`, async () => {
      await f.import('a', 'b');
      const { id } = await f.begin('rule');
      const [a, b] = await f.all();
      f.now += HOLD_MS - 1;
      await f.store.edit(id, [spam(a!)], 'a');
      f.now += HOLD_MS - 1;
      await expect(f.other.hold(id)).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      await expect(f.other.undo(id, 'ben')).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      await expect(f.other.edit(id, [spam(b!)])).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      f.now += 1;
      expect(await f.other.hold(id)).toMatchObject({ state: 'running', rows: 1, position: 'a' });
      await expect(f.store.edit(id, [spam(b!)])).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      await expect(f.store.finish(id)).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      expect(await f.other.edit(id, [spam(b!)])).toBe(1);
      expect(await f.other.finish(id)).toMatchObject({ state: 'applied', rows: 2 });
      await expect(f.store.hold(id)).rejects.toMatchObject({ code: 'USAGE' });
    });

    it(`${name} as a LabelStore lets another process take an unfinished step at once when the first one closes`, async () => {
      await f.import('a');
      const [row] = await f.all();
      const first = await f.harness.open(() => f.now);
      const { id } = await first.begin({ kind: 'rule', about: '', parameters: null, by: 'anna' });
      await expect(f.other.hold(id)).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      await first.close();
      await f.other.hold(id);
      // One that does not hold it takes it from nobody.
      const third = await f.harness.open(() => f.now);
      await expect(third.hold(id)).rejects.toMatchObject({ code: 'STEP_RUNNING' });
      await third.close();
      expect(await f.other.edit(id, [spam(row!)])).toBe(1);
    });

    it(`${name} as a LabelStore writes one entry to the activity log when a step begins, when it ends, and when it is undone, without its text`, async () => {
      const id = await f.import('a', 'b');
      await f.store.undo(id, 'ben');
      expect(await f.harness.activity()).toEqual([
        { who: 'anna', what: 'label-step', after: { step: id, kind: 'import', state: 'running' } },
        { who: 'anna', what: 'label-step', after: { step: id, kind: 'import', state: 'applied', rows: 2 } },
        { who: 'ben', what: 'label-undo', after: { step: id, kind: 'import', rows: 2, kept: 0 } },
      ]);
    });

    it(`${name} as a LabelStore lists steps newest first, with those that were undone, and gives no number twice`, async () => {
      const first = await f.import('a');
      const second = await f.apply('rest', ['a'], ham);
      await f.store.undo(second, 'ben');
      await expect(f.store.undo(second, 'ben')).rejects.toMatchObject({ code: 'USAGE' });
      await expect(f.store.edit(second, [])).rejects.toMatchObject({ code: 'USAGE' });
      const third = await f.apply('rest', ['a'], ham);
      expect(third).toBeGreaterThan(second);
      const steps = await f.store.steps(9);
      expect(steps.map(({ id, state, undone_by }) => [id, state, undone_by])).toEqual([
        [third, 'applied', null],
        [second, 'undone', 'ben'],
        [first, 'applied', null],
      ]);
      expect((await f.all()).some(({ labelled_by }) => isByPerson(labelled_by))).toBe(false);
    });

    describeLabelUndo(name, f);
  });
  describeLabelProperties(name, open);
}
