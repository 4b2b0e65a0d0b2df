import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RowLabel } from '../../../src/core/decision.ts';
import { Dedupe } from '../../../src/labeling/dedupe.ts';
import type { DuplicateKind } from '../../../src/labeling/duplicates/duplicate-input.ts';
import { runStep } from '../../../src/labeling/run-step.ts';
import type { PlannedEdit } from '../../../src/labeling/step-plan.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { MemoryScratch } from './duplicates/memory-scratch.ts';
import { FakeLabelStore } from './fake-label-store.ts';

const parcel =
  'Your parcel is waiting at our depot since Monday, please confirm the delivery address and pay the customs fee today';
const near = parcel.replace('Monday', 'Friday');
const twice = near.replace('delivery', 'home');

const clock: Clock = {
  now: () => 0,
  elapsed: () => 0,
  sleep: (_seconds, signal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve())),
};

let store: FakeLabelStore;
beforeEach(() => {
  store = new FakeLabelStore();
});

const put = (message: string, label: RowLabel | null = null, labelled_by: string | null = null) =>
  store.put({ message, label, labelled_by });
const dedupe = (action: 'remove' | 'group' = 'remove', duplicates: DuplicateKind = 'near') =>
  new Dedupe({ store, scratch: new MemoryScratch(), parameters: { duplicates, action } });
const apply = (plan = dedupe(), resume?: number) =>
  runStep(plan, { store, clock, by: 'anna', apply: true, ...(resume === undefined ? {} : { resume }) });
const left = () => store.snapshot().map(({ id }) => id);

async function all(edits: AsyncIterable<PlannedEdit>): Promise<readonly PlannedEdit[]> {
  const list: PlannedEdit[] = [];
  for await (const edit of edits) list.push(edit);
  return list;
}

describe('the removal of duplicates', () => {
  it('of duplicates, the row of a person stays, then one that a step labeled, then the one with the lowest id', async () => {
    put(parcel);
    put(near, 'spam', 'step:1');
    put(parcel.toUpperCase(), 'spam', 'anna');
    put(parcel, 'spam');
    put('Something else that has nothing to do with any of these');
    expect((await apply()).becomes.removed).toBe(3);
    expect(left()).toEqual([3, 5]);
    store = new FakeLabelStore();
    for (const [message, by] of [[parcel], [near, 'step:1'], [parcel, 'step:1']] as const)
      put(message, by === undefined ? null : 'ham', by ?? null);
    await apply();
    expect(left()).toEqual([2]);
    store = new FakeLabelStore();
    for (let i = 0; i < 3; i++) put(parcel);
    await apply();
    expect(left()).toEqual([1]);
  });

  it('rows that people decided are never removed, and what duplicates one of them is', async () => {
    for (const by of ['anna', 'bert']) put(parcel, 'spam', by);
    put(near, 'spam', 'anna');
    put(near);
    put(twice);
    await apply();
    expect(left()).toEqual([1, 2, 3]);
  });

  it('nothing is removed of a group with both labels, which is reported as a contradiction', async () => {
    put(parcel, 'spam', 'anna');
    put(parcel);
    put(near, 'ham', 'step:1');
    put('the same words');
    put('the same words');
    const plan = dedupe();
    const report = await plan.report();
    expect(report).toMatchObject({
      rows: 5,
      duplicates: { exact: 1, normalized: 0, near: 0 },
      labels: { spam: 0, ham: 0, unlabeled: 1 },
      groups: 1,
      contradictions: {
        ...{ groups: 1, rows: 3 },
        listed: [
          {
            rows: 3,
            spam: { id: 1, label: 'spam', labelled_by: 'anna', message: parcel },
            ham: { id: 3, label: 'ham', labelled_by: 'step:1', message: near },
          },
        ],
      },
    });
    await apply(plan);
    expect(left()).toEqual([1, 2, 3, 4]);
  });

  it('two people who decided duplicates differently are a contradiction, near or the same', async () => {
    put(parcel, 'spam', 'anna');
    put(near, 'ham', 'bert');
    put(parcel);
    put(near);
    put('one more', 'ham', 'anna');
    put('One more!', 'spam', 'anna');
    put('one more');
    expect((await dedupe().report()).contradictions).toMatchObject({ groups: 2, rows: 7 });
    await apply();
    expect(left()).toHaveLength(7);
  });

  it('the report counts the kinds, the labels of the rows to remove, and the largest groups first', async () => {
    for (const message of [parcel, parcel, parcel.toUpperCase(), near]) put(message);
    for (const by of [null, 'step:1']) put('a greeting from the seaside', 'ham', by);
    expect(await dedupe().report()).toMatchObject({
      duplicates: { exact: 2, normalized: 1, near: 1 },
      labels: { spam: 0, ham: 1, unlabeled: 3 },
      groups: 2,
      largest: [
        { rows: 4, example: { id: 1, message: parcel } },
        { rows: 2, example: { id: 5, label: 'ham' } },
      ],
      effort: { texts: 4, entries: 3 },
    });
    expect((await dedupe('remove', 'exact').report()).duplicates).toEqual({
      exact: 2,
      normalized: 0,
      near: 0,
    });
    const normalized = await dedupe('remove', 'normalized').report();
    expect(normalized.duplicates).toEqual({ exact: 2, normalized: 1, near: 0 });
  });

  it('a row that a person labels after the search stays, and so does the duplicate of a row that is gone since', async () => {
    put(parcel, 'ham', 'step:1');
    for (const message of [parcel, parcel, near, 'the same words', 'the same words']) put(message);
    const plan = dedupe();
    await plan.report();
    store.decide(2, 'ham');
    store.decide(3, 'spam');
    store.table.delete(5);
    expect((await all(plan.edits(1))).map(({ row }) => row.id)).toEqual([4]);
  });

  it('a removal that was cut off anywhere and is planned again ends as one that was not', async () => {
    const rows = fc.array(
      fc.record({
        message: fc.constantFrom(parcel, parcel.toUpperCase(), near, twice, 'the same words', 'other words'),
        by: fc.constantFrom(null, null, null, 'anna', 'step:9'),
        label: fc.constantFrom<RowLabel>('spam', 'spam', 'spam', 'ham'),
      }),
      { minLength: 3, maxLength: 15 },
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), async (given, cut) => {
        const filled = () => {
          store = new FakeLabelStore();
          for (const { message, by, label } of given) put(message, by === null ? null : label, by);
        };
        filled();
        await apply();
        const whole = left();
        filled();
        const edits = await all(dedupe().edits(1));
        const { parameters, kind, about } = dedupe();
        await store.begin({ kind, about, parameters, by: 'anna' });
        await store.edit(
          1,
          edits.slice(0, cut % (edits.length + 1)).map(({ edit }) => edit),
        );
        await apply(dedupe(), 1);
        expect(left()).toEqual(whole);
        expect((await apply()).rows).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('an interrupted search ends the dry run without a result', async () => {
    for (let i = 0; i < 3000; i++) put(`${parcel} ${i}`);
    const abort = new AbortController();
    const pause = async () => abort.abort();
    const scratch = new MemoryScratch();
    const plan = new Dedupe({ store, scratch, pause, parameters: { duplicates: 'near', action: 'remove' } });
    const report = await runStep(plan, { store, clock, by: 'anna', apply: false, signal: abort.signal });
    expect(report).toMatchObject({ state: 'stopped', rows: 0 });
    expect(scratch.isOpen).toBe(0);
  });
});

describe('the names of groups', () => {
  it('rows that a chain of near-duplicates connects get one name of the step, and nothing is removed', async () => {
    put('alone');
    put(near, 'spam', 'step:1');
    put(twice);
    put(parcel, 'ham', 'step:1');
    const plan = dedupe('group');
    expect((await plan.report()).contradictions.groups).toBe(1);
    expect((await apply(plan)).becomes.grouped).toBe(3);
    expect(store.snapshot().map(({ near_group }) => near_group)).toEqual([null, '1:2', '1:2', '1:2']);
  });

  it('a step that named some of the groups and was cut off names the rest alike', async () => {
    for (const message of [parcel, near, twice, 'the same words', 'the same words']) put(message);
    const { parameters, kind, about } = dedupe('group');
    const edits = await all(dedupe('group').edits(1));
    await store.begin({ kind, about, parameters, by: 'anna' });
    await store.edit(
      1,
      edits.slice(0, 2).map(({ edit }) => edit),
    );
    expect((await apply(dedupe('group'), 1)).rows).toBe(5);
    expect(store.snapshot().map(({ near_group }) => near_group)).toEqual(['1:1', '1:1', '1:1', '1:4', '1:4']);
  });
});
