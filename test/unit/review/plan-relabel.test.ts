import { describe, expect, it } from 'vitest';
import type { Actor, RowLabel } from '../../../src/core/decision.ts';
import type {
  LockedRow,
  LockedTraining,
  RecordedDecision,
  TrainingStatus,
} from '../../../src/ports/decision-store.ts';
import { planRelabel } from '../../../src/review/plan-relabel.ts';
import { planUndo } from '../../../src/review/plan-undo.ts';

const lead: Actor = { name: 'lea', role: 'lead' };
const NOW = 1_800_000_000_000;

const status = (label: RowLabel, by: string | null = 'importer', at: number | null = 5): TrainingStatus => ({
  ...{ label, by, at },
});
const training = (id: number, of: TrainingStatus, review_id: number | null = null): LockedTraining => ({
  ...{ id, review_id, status: of },
});

function review(id: number, changes: Partial<LockedRow> = {}): LockedRow {
  return {
    item: {
      ...{ id, community: 'forum', message_id: `m-${id}`, message: 'text', sender: null, probability: 0.6 },
      ...{ reasons: [], model: 'model', origin: 'band', state: 'labelled', created_at: 1, version: 'v' },
      ...{ position: { topic: 't', partition: 0, offset: 0 }, label: 'spam', decided_by: 'anna' },
      ...{ decided_at: 3, unsure: 0, campaign: null, reporters: 0 },
    },
    status: { state: 'labelled', label: 'spam', by: 'anna', at: 3, unsure: 0 },
    ...{ revision: 1, campaignRevision: 0, lease: null, unsureBy: [], second: null },
    lastVerdict: { sequence: 1, scored_at: '2026-11-30T00:00:00.000Z' },
    ...changes,
  };
}

const plan = (label: RowLabel, rows: readonly LockedTraining[], reviews: readonly LockedRow[] = []) =>
  planRelabel({ actor: lead, request: { label }, training: rows, rows: reviews, now: NOW });
const after: TrainingStatus = { label: 'ham', by: 'lea', at: NOW };

describe('another label for training rows', () => {
  it('changes an imported row alone, and publishes nothing', () => {
    const before = status('spam', null, null);
    expect(plan('ham', [training(7, before)])).toEqual({
      decision: { label: 'ham', decided_by: 'lea', decided_at: NOW, note: null, undoes: null },
      changes: [],
      relabeled: [{ training_id: 7, before, after }],
    });
  });

  it('overrules the review row of a row that was decided, once, and amends its verdict', () => {
    const rows = [training(7, status('spam', 'anna', 3), 1), training(8, status('spam', 'anna', 3), 1)];
    const { changes, relabeled } = plan('ham', rows, [review(1)])!;
    expect(changes).toMatchObject([
      { review_id: 1, before: { label: 'spam' }, after: { label: 'ham', by: 'lea', at: NOW }, revision: 2 },
    ]);
    expect(changes[0]!.verdict!.verdict).toMatchObject({
      ...{ verdict: 'ham', amends: '2026-11-30T00:00:00.000Z' },
    });
    expect(relabeled!.map(({ training_id }) => training_id)).toEqual([7, 8]);
  });

  it('leaves the review row where it is erased, open, gone, or says something else already', () => {
    const row = [training(7, status('spam', 'anna', 3), 1)];
    const { status: known } = review(1);
    const others: readonly LockedRow[][] = [
      [],
      // As the store reads an erased row, and one that is open again.
      [review(1, { status: { ...known, state: 'open' } })],
      [review(1, { status: { ...known, label: 'ham' } })],
    ];
    for (const reviews of others) {
      const made = plan('ham', row, reviews)!;
      expect([made.changes, made.relabeled!.length]).toEqual([[], 1]);
    }
  });

  it('leaves out rows that have it, and is no decision where all have', () => {
    const made = plan('ham', [training(7, status('ham')), training(8, status('spam'))])!;
    expect(made.relabeled!.map(({ training_id }) => training_id)).toEqual([8]);
    expect(plan('ham', [training(7, status('ham'))])).toBeUndefined();
  });
});

describe('the same label for training rows', () => {
  it.each([
    ['nobody', null],
    ['a label step', 'step:12'],
  ])('makes the label of %s the person’s', (_, by) => {
    const before = status('ham', by, null);
    expect(plan('ham', [training(7, before)])!.relabeled).toEqual([{ training_id: 7, before, after }]);
  });

  it('leaves what any person gave, and the review row of a row that another program wrote nobody into', () => {
    expect(plan('ham', [training(7, status('ham', 'anna'))])).toBeUndefined();
    const same = review(1, { status: { ...review(1).status, label: 'ham' } });
    const made = plan('ham', [training(7, status('ham', null), 1)], [same])!;
    expect([made.changes, made.relabeled!.length]).toEqual([[], 1]);
  });
});

describe('the undo of another label', () => {
  const decision = (changes: Partial<RecordedDecision>): RecordedDecision => ({
    ...{ id: 4, label: 'ham', items: [], decided_by: 'lea', decided_at: NOW, note: null, undoes: null },
    ...{ request: null, changes: [], relabeled: [], undone_by: null, ...changes },
  });
  const undo = (of: RecordedDecision, rows: readonly LockedTraining[], reviews: readonly LockedRow[] = []) =>
    planUndo({ actor: lead, decision: of, newer: 0, rows: reviews, training: rows, now: NOW + 9 });
  const before = status('spam');
  const imported = decision({ relabeled: [{ training_id: 7, before, after }] });

  it('gives an imported row what it had', () => {
    const { relabeled, changes } = undo(imported, [training(7, after)]);
    expect([changes, relabeled]).toEqual([[], [{ training_id: 7, before: after, after: before }]]);
  });

  it.each([
    ['label', { ...after, label: 'spam' as const }],
    ['person', { ...after, by: 'other' }],
    ['time', { ...after, at: NOW + 1 }],
  ])('leaves an imported row that has another %s by now', (_, now) => {
    expect(() => undo(imported, [training(7, now)])).toThrow(/later decision/);
  });

  it('says that all rows were erased where none is left', () => {
    expect(() => undo(imported, [])).toThrow(/erased/);
  });

  const reviewed = decision({
    items: [1],
    changes: [{ review_id: 1, before: review(1).status, revision: 2, second: null }],
    relabeled: [
      { training_id: 7, before: status('spam', 'another program', 4), after },
      { training_id: 8, before, after },
    ],
  });
  const overruled = { ...review(1).status, label: 'ham' as const, by: 'lea', at: NOW };

  it('gives a row of the queue back what it had, also where another program had changed it before', () => {
    const rows = [training(7, after, 1), training(8, after)];
    const { relabeled, changes } = undo(reviewed, rows, [review(1, { revision: 2, status: overruled })]);
    expect(changes).toMatchObject([{ review_id: 1, after: { label: 'spam', by: 'anna', at: 3 } }]);
    expect(relabeled!.map((change) => [change.training_id, change.after.by])).toEqual([
      [7, 'another program'],
      [8, 'importer'],
    ]);
  });

  it('leaves a row of the queue that was decided again, together with its training row', () => {
    const rows = [training(7, after, 1), training(8, after)];
    const { relabeled, changes } = undo(reviewed, rows, [review(1, { revision: 3, status: overruled })]);
    expect([changes, relabeled!.map(({ training_id }) => training_id)]).toEqual([[], [8]]);
  });

  it('gives back the training row alone where the review row was erased since', () => {
    const erased = review(1, { revision: 2 });
    const row = { ...erased, item: { ...erased.item, state: 'erased' as const } };
    const { relabeled, changes } = undo(reviewed, [training(7, after, 1)], [row]);
    expect([changes, relabeled!.map(({ training_id }) => training_id)]).toEqual([[], [7]]);
  });
});
