import { describe, expect, it } from 'vitest';
import type { RowLabel } from '../../../src/core/decision.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { PeopleLabelDesk, type PeopleLabelDeskParts } from '../../../src/labeling/people-label-desk.ts';
import type { LabelView } from '../../../src/ports/label-desk.ts';
import { MemoryTable, sentences } from './own-sentences.ts';

const spam = sentences('spam', 30);
const ham = sentences('ham', 30);
const parcel = 'the parcel is at the shop in the old town, come before six and bring your card please';
const truth = (message: string): RowLabel => (ham.includes(message) ? 'ham' : 'spam');

async function deskOf(messages: readonly string[], changes: Partial<PeopleLabelDeskParts> = {}) {
  const table = new MemoryTable();
  for (const message of messages) table.add(message);
  const clock = { now: 0, elapsed: () => clock.now };
  const made: { readonly who: string; readonly label: RowLabel; readonly ids: readonly number[] }[] = [];
  const undone: number[] = [];
  const failing = { isOn: false };
  const desk = new PeopleLabelDesk({
    store: table,
    clock,
    deciderOf: (who) => ({
      decide: async (label, ids) => {
        if (failing.isOn) throw new SluiceError('STORE_FAILED', 'the disk is full');
        for (const id of ids) table.label(id, label, who);
        return made.push({ who, label, ids }) - 1;
      },
      undo: async (decision) => {
        for (const id of made[decision]!.ids) table.label(id, null, null);
        undone.push(decision);
      },
    }),
    ...changes,
  });
  return { desk, table, clock, made, undone, failing };
}

/** Until the table has been read. */
async function first(desk: PeopleLabelDesk, who: string): Promise<LabelView> {
  for (;;) {
    const view = await desk.next(who);
    if (view.phase !== 'loading') return view;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const code = async (work: Promise<unknown>) => {
  try {
    await work;
    return 'done';
  } catch (error) {
    return (error as SluiceError).code;
  }
};

describe('a desk that asks several people what to label', () => {
  it('reads the table while the first calls are answered, and then shows a message', async () => {
    const { desk } = await deskOf([...spam, ...ham]);
    expect(await desk.next('ann')).toMatchObject({ phase: 'loading', question: null });
    expect(await first(desk, 'ann')).toMatchObject({
      ...{ phase: 'asking', texts: 60, answers: 0, given: 0, quality: null, labeledRows: null },
      question: { community: 'forum', source: 'reported', rows: 1 },
    });
  });

  it('never shows two people the same message or near-duplicates of it, whatever they answer', async () => {
    const like = ['a', 'b', 'c', 'd'].map((end) => `${parcel} ${end}`);
    const { desk, table } = await deskOf([...like, ...spam, ...ham]);
    const shown = new Map<string, number>();
    await first(desk, 'ann');
    for (let step = 0; step < 60; step++) {
      const who = ['ann', 'ben', 'cleo'][step % 3]!;
      const { question } = await desk.next(who);
      if (question === null) break;
      shown.set(who, question.row);
      expect(new Set(shown.values()).size).toBe(shown.size);
      const together = [...shown.values()].filter((row) => like.includes(table.table[row - 1]!.message));
      expect(together.length).toBeLessThanOrEqual(1);
      const answer = step % 7 === 0 ? 'skip' : truth(question.message);
      const next = await desk.answer(who, { row: question.row, answer });
      if (next.question === null) shown.delete(who);
      else shown.set(who, next.question.row);
      expect(new Set(shown.values()).size).toBe(shown.size);
    }
  });

  it('near-duplicates of a message that somebody has are asked only when that message is given back', async () => {
    const { desk } = await deskOf([`${parcel} a`, `${parcel} b`, `${parcel} c`]);
    const ann = await first(desk, 'ann');
    expect(ann.question!.rows).toBe(3);
    expect((await desk.next('ben')).phase).toBe('finished');
    await desk.leave('ann');
    expect((await desk.next('ben')).question!.rows).toBe(3);
    expect((await desk.next('ann')).phase).toBe('finished');
  });

  it('the answers of all people teach one model, which is estimated every ten answers', async () => {
    const { desk, made } = await deskOf([...spam, ...ham]);
    await first(desk, 'ann');
    await first(desk, 'ben');
    let view: LabelView | undefined;
    for (let step = 0; step < 24; step++) {
      const who = step % 2 === 0 ? 'ann' : 'ben';
      const { question } = await desk.next(who);
      view = await desk.answer(who, { row: question!.row, answer: truth(question!.message) });
      await desk.learn();
    }
    expect(new Set(made.map(({ who }) => who))).toEqual(new Set(['ann', 'ben']));
    expect(view).toMatchObject({ answers: 24, given: 12, isSettled: false });
    const { quality } = await desk.next('ann');
    expect(quality!.mcc).toBeGreaterThan(0.6);
    expect(quality!.low).toBeLessThanOrEqual(quality!.mcc);
    expect(quality!.high).toBeGreaterThanOrEqual(quality!.mcc);
  });

  it('an answer whose reply was lost counts once, and one to a message of others labels nothing', async () => {
    const { desk, made } = await deskOf([...spam, ...ham]);
    const { question } = await first(desk, 'ann');
    const given = { row: question!.row, answer: 'spam' } as const;
    const next = await desk.answer('ann', given);
    expect(next.labeledRows).toBe(1);
    expect(await desk.answer('ann', given)).toEqual(next);
    expect(made).toHaveLength(1);
    expect(await code(desk.answer('ben', given))).toBe('LEASE_EXPIRED');
    expect(await code(desk.answer('ann', { ...given, answer: 'ham' }))).toBe('LEASE_EXPIRED');
    expect(made).toHaveLength(1);
  });

  it('a message is given back when its person leaves, or has not called for a minute, and others get it', async () => {
    const { desk, clock } = await deskOf(['one thing', 'another thing entirely']);
    const ann = await first(desk, 'ann');
    const ben = await desk.next('ben');
    expect((await desk.next('cleo')).phase).toBe('finished');
    await desk.leave('ann');
    expect((await desk.next('cleo')).question!.row).toBe(ann.question!.row);
    clock.now = 50;
    await desk.next('cleo');
    clock.now = 70;
    await desk.expire();
    expect((await desk.next('ann')).question!.row).toBe(ben.question!.row);
    expect(await code(desk.answer('ben', { row: ben.question!.row, answer: 'ham' }))).toBe('LEASE_EXPIRED');
    expect((await desk.next('cleo')).question!.row).toBe(ann.question!.row);
  });

  it('undo takes the last answer of this person back and asks it again, and refuses where there is none', async () => {
    const { desk, table, undone } = await deskOf([...spam, ...ham]);
    const { question } = await first(desk, 'ann');
    const other = await desk.next('ben');
    await desk.answer('ben', { row: other.question!.row, answer: 'spam' });
    await desk.answer('ann', { row: question!.row, answer: 'spam' });
    expect(await desk.undo('ann')).toMatchObject({
      ...{ given: 0, answers: 1, question: { row: question!.row, reason: 'again' } },
    });
    expect(undone).toEqual([1]);
    expect(table.table[question!.row - 1]!.label).toBeNull();
    expect(table.table[other.question!.row - 1]!.label).toBe('spam');
    expect(await code(desk.undo('ann'))).toBe('UNDO_REFUSED');
  });

  it('an answer that cannot be stored keeps the message, and is not counted', async () => {
    const { desk, failing } = await deskOf([...spam, ...ham]);
    const { question } = await first(desk, 'ann');
    const given = { row: question!.row, answer: 'spam' } as const;
    failing.isOn = true;
    expect(await code(desk.answer('ann', given))).toBe('STORE_FAILED');
    expect(await desk.next('ann')).toMatchObject({ given: 0, answers: 0, question: { row: question!.row } });
    failing.isOn = false;
    expect(await desk.answer('ann', given)).toMatchObject({ given: 1, labeledRows: 1 });
  });

  it('reads the table again where nothing is left and somebody wants it, and after a failure', async () => {
    const { desk, table } = await deskOf(['only one']);
    const { question } = await first(desk, 'ann');
    expect(await desk.answer('ann', { row: question!.row, answer: 'skip' })).toMatchObject({
      ...{ phase: 'finished', labeledRows: 0, given: 1 },
    });
    table.add('and one more');
    expect((await desk.next('ann')).phase).toBe('finished');
    expect((await desk.next('ann', { again: true })).phase).toBe('loading');
    expect(await first(desk, 'ann')).toMatchObject({ phase: 'asking', texts: 2 });

    let failures = 1;
    const broken = await deskOf([...ham], {
      store: {
        rows: async (query) => {
          if (failures-- > 0) throw new SluiceError('STORE_FAILED', 'the server is gone');
          return await table.rows(query);
        },
        rowsOf: (ids) => table.rowsOf(ids),
      },
    });
    expect((await broken.desk.next('ann')).phase).toBe('loading');
    expect(await code(broken.desk.next('ann'))).toBe('STORE_FAILED');
    expect((await first(broken.desk, 'ann')).phase).toBe('asking');
  });

  it('passes over what another process asks about, and comes back to it when nothing else is left', async () => {
    const held = new Set([1]);
    const mine = new Set<number>();
    const leases = {
      claim: async (rows: readonly number[]) => {
        if (rows.some((row) => held.has(row))) return false;
        for (const row of rows) mine.add(row);
        return true;
      },
      release: async (rows: readonly number[]) => {
        for (const row of rows) mine.delete(row);
      },
    };
    const { desk } = await deskOf(['one thing', 'another thing entirely'], { leases });
    const { question } = await first(desk, 'ann');
    expect([question!.row, [...mine]]).toEqual([2, [2]]);
    expect((await desk.answer('ann', { row: 2, answer: 'ham' })).phase).toBe('finished');
    expect([...mine]).toEqual([]);
    expect((await desk.next('ann')).phase).toBe('finished');
    held.clear();
    expect((await desk.next('ann')).question!.row).toBe(1);
  });

  it('reports whether a model says what looks like spam at first', async () => {
    const without = await deskOf(ham, { priorOf: async (rows) => rows.map(() => null) });
    expect((await first(without.desk, 'ann')).usesModel).toBe(false);
    const withModel = await deskOf(ham, { priorOf: async (rows) => rows.map(() => 0.2) });
    expect((await first(withModel.desk, 'ann')).usesModel).toBe(true);
  });
});
