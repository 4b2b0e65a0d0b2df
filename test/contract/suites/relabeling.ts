import { expect, it } from 'vitest';
import type { RowLabel } from '../../../src/core/decision.ts';
import { anna, ben, type DecisionFixture, lead } from './decision-fixture.ts';

/** A row of the training table as it is stored. */
export interface StoredTraining {
  readonly id: number;
  readonly class: number;
  readonly by: string | null;
  readonly at: number | null;
  readonly group: string | null;
}

export async function storedTraining(f: DecisionFixture): Promise<readonly StoredTraining[]> {
  const rows = await f.harness.rows(
    'select id, class, labelled_by, labelled_at, near_group from training order by id',
  );
  return rows.map((row) => ({
    ...{ id: Number(row.id), class: Number(row.class), by: row.labelled_by as string | null },
    ...{ at: row.labelled_at === null ? null : Number(row.labelled_at), group: row.near_group as string },
  }));
}

/** Adds rows that were not decided in the queue; returns the ids of all training rows. */
export async function importTraining(
  f: DecisionFixture,
  rows: readonly {
    readonly label: RowLabel;
    readonly text: string;
    readonly by?: string;
    readonly at?: number;
  }[],
): Promise<readonly number[]> {
  for (const { label, text, by, at } of rows)
    await f.harness.run(
      `insert into training (class, message, community, source, labelled_by, labelled_at, near_group) values
        (${label === 'spam' ? 1 : 0}, '${text}', 'forum', 'import-1', ${by === undefined ? 'null' : `'${by}'`}, ${at ?? 'null'}, 'group-${text}')`,
    );
  return (await storedTraining(f)).map(({ id }) => id);
}

/** Other labels for rows of the training table, and their undo. */
export function describeRelabeling(name: string, f: DecisionFixture): void {
  it(`${name} as a DecisionStore relabels an imported row without a verdict, and its undo restores label, person and time`, async () => {
    const [a, b] = await importTraining(f, [
      { label: 'spam', text: 'one', by: 'importer', at: 17 },
      { label: 'spam', text: 'two' },
    ]);
    const before = await storedTraining(f);
    const { decision, unchanged } = await f.desk.relabel(lead, {
      ...{ label: 'ham', ids: [b!, a!], note: 'not ours' },
    });
    expect([decision!.label, decision!.items, decision!.training, unchanged]).toEqual(['ham', [], [a, b], 0]);
    expect((await storedTraining(f)).map((row) => [row.class, row.by, row.at, row.group])).toEqual([
      [0, 'lead', f.now, 'group-one'],
      [0, 'lead', f.now, 'group-two'],
    ]);
    expect(await f.published()).toEqual([]);
    const [entry] = (await f.store.activity({ limit: 1 })).items;
    expect(entry).toMatchObject({
      ...{ who: 'lead', what: 'relabel', before: ['spam', 'spam'] },
      after: { decision: decision!.id, label: 'ham', items: [], training: [a, b] },
    });
    f.now += 1000;
    const undo = await f.desk.undo(lead, decision!.id);
    expect(undo).toMatchObject({ label: null, undoes: decision!.id, items: [], training: [a, b] });
    expect(await storedTraining(f)).toEqual(before);
    await expect(f.desk.undo(lead, decision!.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
    const { items } = await f.store.decisions({ limit: 5 });
    expect(items.map(({ id, training, undone_by }) => [id, training, undone_by])).toEqual([
      [undo.id, [a, b], null],
      [decision!.id, [a, b], undo.id],
    ]);
  });

  it(`${name} as a DecisionStore overrules the review row of a relabeled row, and publishes a verdict that amends the first`, async () => {
    const [review] = await f.add('a');
    await f.decide(anna, 'spam', [review!]);
    await f.harness.run("update training set near_group = 'kept'");
    const [before] = await storedTraining(f);
    f.now += 1000;
    const { decision } = await f.desk.relabel(lead, { label: 'ham', ids: [before!.id] });
    expect([decision!.items, decision!.training]).toEqual([[review], [before!.id]]);
    expect(await storedTraining(f)).toEqual([{ ...before!, class: 0, by: 'lead', at: f.now }]);
    expect(await f.store.item(review!)).toMatchObject({
      label: 'ham',
      decided_by: 'lead',
      decided_at: f.now,
    });
    f.now += 1000;
    await f.desk.undo(lead, decision!.id);
    expect(await storedTraining(f)).toEqual([before]);
    expect(await f.store.item(review!)).toMatchObject({ label: 'spam', decided_by: 'anna' });
    const verdicts = await f.published();
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(['spam', 'ham', 'spam']);
    expect(verdicts.map(({ amends }) => amends)).toEqual([
      undefined,
      ...verdicts.slice(0, 2).map((each) => each.scored_at),
    ]);
  });

  it(`${name} as a DecisionStore leaves rows that have the label already, and makes no decision where all have`, async () => {
    const [a, b] = await importTraining(f, [
      { label: 'spam', text: 'one', by: 'importer', at: 17 },
      { label: 'ham', text: 'two', by: 'importer', at: 18 },
    ]);
    const { decision, unchanged } = await f.desk.relabel(lead, { label: 'spam', ids: [a!, b!] });
    expect([decision!.training, unchanged]).toEqual([[b], 1]);
    expect((await storedTraining(f)).map(({ by }) => by)).toEqual(['importer', 'lead']);
    expect(await f.desk.relabel(lead, { label: 'spam', ids: [a!, b!] })).toEqual({
      ...{ decision: null, unchanged: 2, missing: [] },
    });
    expect((await f.store.activity({ limit: 9 })).items).toHaveLength(1);
  });

  it(`${name} as a DecisionStore makes the label of a row that a step labeled, or nobody, the person’s, also where it stays the same`, async () => {
    const ids = await importTraining(f, [
      { label: 'spam', text: 'one', by: 'step:7', at: 17 },
      { label: 'ham', text: 'two' },
      { label: 'spam', text: 'three' },
    ]);
    await f.harness.run(`update training set class = 0, import_step = 7 where id = ${ids[2]}`);
    const before = await storedTraining(f);
    const spam = await f.desk.relabel(lead, { label: 'spam', ids: [ids[0]!] });
    const ham = await f.desk.relabel(lead, { label: 'ham', ids: ids.slice(1) });
    expect([spam.unchanged, ham.unchanged]).toEqual([0, 0]);
    expect((await storedTraining(f)).map((row) => [row.class, row.by, row.at])).toEqual([
      [1, 'lead', f.now],
      [0, 'lead', f.now],
      [0, 'lead', f.now],
    ]);
    await f.desk.undo(lead, ham.decision!.id);
    await f.desk.undo(lead, spam.decision!.id);
    expect(await storedTraining(f)).toEqual(before);
  });

  it(`${name} as a DecisionStore relabels all rows or none, names those that are gone, and is for leads`, async () => {
    const [a] = await importTraining(f, [{ label: 'spam', text: 'one' }]);
    const before = await storedTraining(f);
    expect(await f.desk.relabel(lead, { label: 'ham', ids: [a!, 998, 999] })).toEqual({
      ...{ decision: null, unchanged: 0, missing: [998, 999] },
    });
    await expect(f.desk.relabel(anna, { label: 'ham', ids: [a!] })).rejects.toMatchObject({
      code: 'ROLE_REFUSED',
    });
    await expect(f.desk.relabel(lead, { label: 'ham', ids: [] })).rejects.toMatchObject({ code: 'USAGE' });
    await expect(
      f.desk.relabel(lead, { label: 'ham', ids: Array.from({ length: 1001 }, (_, i) => i + 1) }),
    ).rejects.toMatchObject({ code: 'USAGE' });
    expect(await storedTraining(f)).toEqual(before);
    expect((await f.store.activity({ limit: 9 })).items).toEqual([]);
  });

  it(`${name} as a DecisionStore returns the first relabeling for a repeated key, also when both come at once`, async () => {
    const [a, b] = await importTraining(f, [
      { label: 'spam', text: 'one' },
      { label: 'ham', text: 'two', by: 'importer' },
    ]);
    const request = { label: 'ham' as const, ids: [a!, b!] };
    const both = await Promise.all([1, 2].map(() => f.desk.relabel(lead, request, 'k')));
    expect(both[1]).toEqual(both[0]);
    expect(both[0]!.unchanged).toBe(1);
    await expect(f.desk.relabel(lead, { label: 'spam', ids: [a!] }, 'k')).rejects.toMatchObject({
      code: 'KEY_REUSED',
    });
    expect((await f.store.activity({ limit: 9 })).items).toHaveLength(1);
  });

  it(`${name} as a DecisionStore undoes a relabeling for the rows alone that nobody changed since`, async () => {
    const [a, b] = await importTraining(f, [
      { label: 'spam', text: 'one' },
      { label: 'spam', text: 'two', by: 'importer', at: 5 },
    ]);
    const { decision: first } = await f.desk.relabel(lead, { label: 'ham', ids: [a!, b!] });
    f.now += 1;
    const { decision: second } = await f.desk.relabel(lead, { label: 'spam', ids: [a!] });
    expect((await f.desk.undo(lead, first!.id)).training).toEqual([b]);
    expect((await storedTraining(f)).map((row) => [row.class, row.by])).toEqual([
      [1, 'lead'],
      [1, 'importer'],
    ]);
    await f.harness.run(`update training set class = 0, labelled_by = 'another program' where id = ${a}`);
    await expect(f.desk.undo(lead, second!.id)).rejects.toMatchObject({ code: 'UNDO_REFUSED' });
    await f.harness.run('delete from training');
    await expect(f.desk.undo(lead, second!.id)).rejects.toMatchObject({ code: 'REVIEW_ERASED' });
  });

  it(`${name} as a DecisionStore relabels the training row alone where retention has erased its review row`, async () => {
    const [a, b] = await f.add('a', 'b');
    await f.decide(anna, 'spam', [a!, b!]);
    await f.published();
    await f.harness.run(`update review set state = 'erased', message = '' where id = ${a}`);
    const before = await storedTraining(f);
    const { decision } = await f.desk.relabel(lead, { label: 'ham', ids: before.map(({ id }) => id) });
    expect([decision!.items, decision!.training]).toEqual([[b], before.map(({ id }) => id)]);
    expect((await f.published()).map(({ message_id }) => message_id)).toEqual(['b']);
    expect((await storedTraining(f)).map((row) => row.class)).toEqual([0, 0]);
    await f.desk.undo(lead, decision!.id);
    expect(await storedTraining(f)).toEqual(before);
  });

  it(`${name} as a DecisionStore lets one of several simultaneous relabelings and decisions change a row at a time`, async () => {
    const [review] = await f.add('a');
    await f.decide(anna, 'spam', [review!]);
    const [imported] = (await importTraining(f, [{ label: 'spam', text: 'one' }])).slice(-1);
    const training = (await storedTraining(f)).map(({ id }) => id);
    const answers = await Promise.allSettled([
      f.desk.relabel(lead, { label: 'ham', ids: training }),
      f.decide(lead, 'ham', [review!], { overrule: true }),
      f.desk.relabel({ ...lead, name: 'other' }, { label: 'ham', ids: [imported!] }),
      f.decide(ben, 'ham', [review!]),
    ]);
    // The row is overruled once, by the one who came first.
    expect((await f.published()).map(({ verdict }) => verdict)).toEqual(['spam', 'ham']);
    expect((await storedTraining(f)).map((row) => row.class)).toEqual([0, 0]);
    expect(answers[3]!.status).toBe('rejected');
    const made = (await f.store.activity({ limit: 9 })).items.filter(({ what }) => what === 'relabel');
    const relabeled = made.flatMap(({ after }) => (after as { training: number[] }).training);
    expect(relabeled.filter((id) => id === imported)).toHaveLength(1);
  });
}
