import { expect, it } from 'vitest';
import { group, ham, type LabelFixture, remove, spam } from './label-fixture.ts';

/** Half a minute, in which a process that died still holds its step. */
const HOLD_MS = 30_000;

/** Undo of steps, in any order, beside decisions. */
export function describeLabelUndo(name: string, f: LabelFixture): void {
  it.each([
    ['first to last', [0, 1, 2]],
    ['last to first', [2, 1, 0]],
    ['middle first', [1, 0, 2]],
    ['middle last', [0, 2, 1]],
  ])(
    `${name} as a LabelStore restores label, person, time and group when steps on one row are undone %s`,
    async (_, order) => {
      await f.harness.seed([{ message: 'a', label: 'spam', by: null, at: 17, group: 'own' }]);
      const before = await f.harness.stored();
      const steps = [
        await f.apply('rule', ['a'], ham),
        await f.apply('similar', ['a'], spam),
        await f.apply('predict', ['a'], ham),
      ];
      const groups = [await f.apply('dedupe', ['a'], group), await f.apply('dedupe', ['a'], group)];
      for (const index of order) {
        expect((await f.store.undo(steps[index]!, 'ben')).rows).toBe(1);
        const left = steps.filter((__, at) => !order.slice(0, order.indexOf(index) + 1).includes(at));
        expect((await f.harness.stored())[0]!.by).toBe(left.length === 0 ? null : `step:${left.at(-1)}`);
      }
      for (const id of groups) await f.store.undo(id, 'ben');
      expect(await f.harness.stored()).toEqual(before);
    },
  );

  it(`${name} as a LabelStore restores removed rows with all they had, also where the step that labeled them is undone first`, async () => {
    await f.import('a', 'b');
    await f.harness.seed([{ message: 'c', label: 'spam', by: null, at: 3, group: 'own' }]);
    const before = await f.harness.stored();
    const labeled = await f.apply('rule', ['a', 'c'], ham);
    const grouped = await f.apply('dedupe', ['a', 'c'], group);
    const removed = await f.apply('dedupe', ['a', 'c'], remove);
    expect((await f.harness.stored()).map(({ message }) => message)).toEqual(['b']);
    expect((await f.store.undo(labeled, 'ben')).rows).toBe(2);
    await f.store.undo(grouped, 'ben');
    expect((await f.store.undo(removed, 'ben')).rows).toBe(2);
    expect(await f.harness.stored()).toEqual(before);
  });

  it(`${name} as a LabelStore leaves what a person decided since, and the undo of that decision leads to what was before the step`, async () => {
    await f.import('a', 'b');
    const first = await f.apply('rule', ['a', 'b'], spam);
    const second = await f.apply('similar', ['a'], spam);
    const ids = [await f.idOf('a'), await f.idOf('b')];
    const decision = await f.harness.relabel('ben', 'spam', ids, f.now);
    expect(decision).toBeDefined();
    expect((await f.store.undo(second, 'anna')).rows).toBe(1);
    expect(await f.labels()).toEqual({ a: 'spam ben', b: 'spam ben' });
    await f.store.undo(first, 'anna');
    expect(await f.labels()).toEqual({ a: 'spam ben', b: 'spam ben' });
    expect(await f.harness.undoDecision(decision!, f.now)).toBe(true);
    expect(await f.labels()).toEqual({ a: 'null null', b: 'null null' });
  });

  it(`${name} as a LabelStore gives a decision that is undone between two undos the label of the step that is left`, async () => {
    await f.import('a');
    const first = await f.apply('rule', ['a'], spam);
    const second = await f.apply('similar', ['a'], ham);
    const decision = await f.harness.relabel('ben', 'spam', [await f.idOf('a')], f.now);
    await f.store.undo(second, 'anna');
    await f.harness.undoDecision(decision!, f.now);
    expect(await f.labels()).toEqual({ a: `spam step:${first}` });
    await f.store.undo(first, 'anna');
    expect(await f.labels()).toEqual({ a: 'null null' });
  });

  it(`${name} as a LabelStore takes an import back with what others did to its rows, and keeps what people decided`, async () => {
    await f.harness.seed([{ message: 'old', label: 'ham', by: null, at: null, group: null }]);
    const before = await f.harness.stored();
    const added = await f.import('a', 'b', 'c', 'd');
    const labeled = await f.apply('rule', ['a', 'c', 'd', 'old'], spam);
    const removed = await f.apply('dedupe', ['d'], remove);
    await f.harness.relabel('ben', 'spam', [await f.idOf('c')], f.now);
    const kept = (await f.harness.stored()).find(({ message }) => message === 'c');
    expect(await f.store.undo(added, 'anna')).toMatchObject({ rows: 3, kept: 1, step: { state: 'undone' } });
    expect((await f.store.undo(removed, 'anna')).rows).toBe(0);
    expect((await f.store.undo(labeled, 'anna')).rows).toBe(1);
    expect(await f.harness.stored()).toEqual([...before, kept]);
  });

  it(`${name} as a LabelStore removes a kept row of an undone import when its decision is undone`, async () => {
    const added = await f.import('a', 'b');
    const labeled = await f.apply('rule', ['a', 'b'], spam);
    const a = await f.idOf('a');
    const first = await f.harness.relabel('ben', 'spam', [a], f.now);
    const second = await f.harness.relabel('carl', 'ham', [a], f.now + 1);
    expect(await f.store.undo(added, 'anna')).toMatchObject({ rows: 1, kept: 1 });
    await f.store.undo(labeled, 'anna');
    await f.harness.undoDecision(second!, f.now);
    expect(await f.labels()).toEqual({ a: 'spam ben' });
    await f.harness.undoDecision(first!, f.now);
    expect(await f.labels()).toEqual({});
  });

  it(`${name} as a LabelStore takes back rows of a step that was never finished`, async () => {
    const { id } = await f.begin('import');
    await f.store.add(id, [{ message: 'a', community: '', source: 'dump' }], 1);
    f.now += HOLD_MS;
    expect(await f.other.undo(id, 'ben')).toMatchObject({ rows: 1, kept: 0, step: { state: 'undone' } });
    expect(await f.all()).toEqual([]);
    await expect(f.store.add(id, [], 2)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it.each(['label', 'remove', 'import'] as const)(
    `${name} as a LabelStore goes on with the undo of a step (%s) that was cut off between two transactions`,
    async (kind) => {
      const texts = Array.from({ length: 1200 }, (_, i) => `text ${i}`);
      const added = await f.import(...texts);
      const before = await f.harness.stored();
      const edit = kind === 'remove' ? remove : spam;
      const { id } = kind === 'import' ? { id: added } : await f.begin(kind === 'remove' ? 'dedupe' : 'rule');
      if (kind !== 'import') {
        for (let page = await f.all(), count = 0; count < 2; count++) {
          await f.store.edit(id, page.slice(0, 700).map(edit));
          const after = page.at(-1)!.id;
          page = await f.store.rows({ after, limit: 1000 });
        }
        await f.store.finish(id);
      }
      const { rows } = await f.store.step(id);
      const cut = new Error('cut');
      const stopping = f.store.undo(id, 'ben', () => {
        throw cut;
      });
      await expect(stopping).rejects.toBe(cut);
      expect((await f.store.step(id)).state).toBe('undoing');
      await expect(f.begin('rest')).rejects.toMatchObject({
        code: 'STEP_RUNNING',
        message: expect.stringContaining(`sluice label undo ${id}`),
      });
      f.now += HOLD_MS;
      const progress: number[] = [];
      const undone = await f.other.undo(id, 'carl', (each) => progress.push(each));
      expect(undone).toMatchObject({ rows, kept: 0, step: { state: 'undone', undone_by: 'carl' } });
      expect(progress.at(-1)).toBe(rows);
      expect(await f.harness.stored()).toEqual(kind === 'import' ? [] : before);
    },
  );
}
