import { describe, expect, it } from 'vitest';
import type { RowLabel } from '../../../src/core/decision.ts';
import type { LabelRow, LabelStep } from '../../../src/core/label-step.ts';
import { findSimilar } from '../../../src/labeling/similar/find-similar.ts';
import { nextSeed } from '../../../src/labeling/similar/next-seed.ts';
import { planSimilar } from '../../../src/labeling/similar/plan-similar.ts';
import { searchOf, storeOf } from './stores.ts';

const row = (
  id: number,
  message: string,
  label: RowLabel | null = null,
  labelled_by: string | null = null,
): LabelRow => ({
  ...{ id, message, label, labelled_by },
  ...{ community: '', source: 'random', near_group: null },
});
const step = (id: number, text: string, state: LabelStep['state'] = 'applied'): LabelStep => ({
  ...{ id, kind: 'similar', about: '', by: 'anna', state, rows: 1, position: null },
  ...{ parameters: { text, limit: 10, minSimilarity: 0.3, as: 'spam' } },
  ...{ started_at: 1, finished_at: 2, undone_at: null, undone_by: null },
});
const partsOf = (rows: readonly LabelRow[], steps: readonly LabelStep[] = []) => ({
  store: storeOf(rows, steps),
  search: searchOf(rows),
});
const wallet = 'Claim your wallet bonus of 500 tokens before midnight at the purple portal';
const query = { text: wallet, limit: 10, minSimilarity: 0.3 };

describe('rows that are like a text', () => {
  const rows = [
    row(1, 'We played cards until midnight and it was fun'),
    row(2, 'Claim your wallet bonus of 900 tokens before midnight at the purple portal!', 'spam', 'anna'),
    row(3, 'Your wallet bonus of 500 tokens waits: claim it at the purple portal, hurry up friends'),
    row(4, wallet),
    row(5, 'C l a i m your wаllet bonus of 500 tokens before midnight at the purple portal'),
    row(6, 'Purple is a color'),
  ];

  it('rows that are like a text are near-duplicates first, then the others, each by its similarity', async () => {
    const found = await findSimilar(partsOf(rows), query);
    expect(found.map(({ id, kind }) => [id, kind])).toEqual([
      [2, 'near-duplicate'],
      [4, 'near-duplicate'],
      [5, 'near-duplicate'],
      [3, 'similar'],
    ]);
    expect(found[1]!.similarity).toBe(1);
    expect(found[3]!.similarity).toBeLessThan(0.8);
    expect(found[0]!.label).toBe('spam');
  });

  it('rows that are like a text are no more than the limit, and none below the least similarity', async () => {
    expect(await findSimilar(partsOf(rows), { ...query, limit: 2 })).toHaveLength(2);
    expect(await findSimilar(partsOf(rows), { ...query, minSimilarity: 0.8 })).toHaveLength(3);
    expect(await findSimilar(partsOf(rows), { ...query, text: '!!!' })).toEqual([]);
  });

  it('a step that labels rows like a text leaves out those that have a label', async () => {
    const plan = planSimilar(partsOf(rows), { ...query, as: 'spam' });
    const ids: number[] = [];
    for await (const { row: each, edit } of plan.edits(1)) {
      expect(edit).toMatchObject({ kind: 'label', label: 'spam' });
      ids.push(each.id);
    }
    expect(ids).toEqual([4, 5, 3]);
    expect(plan.about).toContain('Claim your wallet bonus');
  });
});

describe('the next text to search for', () => {
  const casino = 'Join the casino of gold tonight and spin the lucky wheel with friends';
  const mixed = 'Join the casino of gold tonight, claim your wallet bonus of tokens';
  const rows = [
    row(1, wallet, 'spam', 'step:1'),
    row(2, mixed, 'spam', 'step:1'),
    row(3, casino),
    row(4, 'Join the casino of gold tomorrow and spin the lucky wheel with a friend'),
    row(5, casino, 'spam', 'anna'),
  ];

  it('the next text is the accepted row that is most unlike what was searched for and has unlabeled rows like it', async () => {
    const next = await nextSeed(partsOf(rows, [step(1, wallet)]), { limit: 10, minSimilarity: 0.2 });
    expect(next).toMatchObject({ seed: { id: 2, message: mixed }, as: 'spam' });
    expect(next.seed === null ? [] : next.found.map(({ id }) => id)).toEqual(expect.arrayContaining([3]));
    expect(next.seed === null ? [] : next.found.every(({ label }) => label === null)).toBe(true);
  });

  it('of two accepted rows with unlabeled rows like them, the one that is less like all texts searched for is next', async () => {
    const near = 'Claim your wallet bonus of tokens at the purple portal with a friend';
    const more = [
      ...[row(1, near, 'spam', 'step:1'), row(2, mixed, 'spam', 'step:2')],
      ...[row(3, casino), row(4, `${near} now`)],
    ];
    const options = { limit: 10, minSimilarity: 0.2 };
    const first = await nextSeed(partsOf(more, [step(1, wallet), step(2, 'gold')]), options);
    expect(first).toMatchObject({ seed: { id: 2 } });
    const later = await nextSeed(partsOf(more, [step(1, wallet), step(2, casino)]), options);
    expect(later).toMatchObject({ seed: { id: 2 } });
    const other = await nextSeed(partsOf(more, [step(1, 'purple'), step(2, mixed)]), options);
    expect(other).toMatchObject({ seed: { id: 1 } });
  });

  it('there is no next text before a step was applied, after one was undone, or where nothing unlabeled is like what was accepted', async () => {
    const options = { limit: 10, minSimilarity: 0.2 };
    expect(await nextSeed(partsOf(rows), options)).toMatchObject({
      seed: null,
      reason: expect.stringContaining('begin with'),
    });
    const undone = await nextSeed(partsOf(rows, [step(1, wallet, 'undone')]), options);
    expect(undone).toMatchObject({ seed: null });
    const done = rows.map((each) => ({ ...each, label: each.label ?? ('spam' as const) }));
    const none = await nextSeed(partsOf(done, [step(1, wallet)]), options);
    expect(none.seed === null && none.reason).toMatch(/none of the 2 accepted rows .* has unlabeled rows/);
    const decided = rows.map((each) => ({ ...each, labelled_by: each.labelled_by === null ? null : 'anna' }));
    expect(await nextSeed(partsOf(decided, [step(1, wallet)]), options)).toMatchObject({ seed: null });
  });
});
