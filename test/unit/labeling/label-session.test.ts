import { describe, expect, it } from 'vitest';
import type { RowLabel } from '../../../src/core/decision.ts';
import { LabelSession } from '../../../src/labeling/label-session.ts';
import { LightPool } from '../../../src/labeling/light/light-pool.ts';
import { QuestionOrder } from '../../../src/labeling/light/question-order.ts';
import { MemoryTable, sentences } from './own-sentences.ts';

const spam = sentences('spam', 40);
const ham = sentences('ham', 40);

/** What a person knows. */
const truth = (message: string): RowLabel => (ham.includes(message) ? 'ham' : 'spam');

function tableOf(messages: readonly string[]): MemoryTable {
  const table = new MemoryTable();
  for (const message of messages) table.add(message);
  return table;
}

/** Decisions as the desk makes them, with their numbers. */
function deskOf(table: MemoryTable) {
  const made: { readonly label: RowLabel; readonly ids: readonly number[]; isUndone?: boolean }[] = [];
  return {
    made,
    decide: async (label: RowLabel, ids: readonly number[]) => {
      for (const id of ids) table.label(id, label, 'ann');
      return made.push({ label, ids }) - 1;
    },
    undo: async (decision: number) => {
      for (const id of made[decision]!.ids) table.label(id, null, null);
      made[decision]!.isUndone = true;
    },
  };
}

async function sessionOf(table: MemoryTable, person = 0) {
  const decider = deskOf(table);
  const session = new LabelSession({ store: table, decider, person });
  const texts = await session.load();
  return { session, decider, texts };
}

describe('the order of questions', () => {
  it('each message is returned once, none is left out, and the same calls give the same order', () => {
    const orderOf = () => {
      const pool = new LightPool();
      for (const message of [...spam, ...ham]) pool.add(message, null);
      const order = new QuestionOrder(pool, { seed: 1 });
      const rows: number[] = [];
      for (let next = order.next(); next !== undefined; next = order.next()) {
        rows.push(next.row);
        order.learn(next.row, next.row < 40 ? 'spam' : 'ham');
        if (order.isDue) order.refit();
      }
      return rows;
    };
    const rows = orderOf();
    expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 80 }, (_, at) => at));
    expect(orderOf()).toEqual(rows);
    // Both kinds come early: the order is spread.
    expect(new Set(rows.slice(0, 6).map((row) => row < 40)).size).toBe(2);
  });

  it('a text that many rows have is asked before texts that are as doubtful', () => {
    const pool = new LightPool();
    for (const message of spam) pool.add(message, null);
    const sizes = spam.map((_, at) => (at === 17 ? 5_000 : 1));
    expect(new QuestionOrder(pool, { seed: 1, sizes }).next()!.row).toBe(17);
  });
});

describe('a session of label next', () => {
  it('the answers of a person label the table, and after some of them the model knows the rest', async () => {
    const table = tableOf([...spam, ...ham]);
    const { session, decider, texts } = await sessionOf(table);
    expect(texts).toBe(80);
    const asked = new Set<number>();
    for (let count = 0; count < 24; count++) {
      const { row } = (await session.next())!;
      expect(asked.has(row.id)).toBe(false);
      asked.add(row.id);
      await session.answer(truth(row.message));
    }
    expect(decider.made).toHaveLength(24);
    for (const row of table.table)
      if (row.label !== null) expect([row.label, row.labelled_by]).toEqual([truth(row.message), 'ann']);
    expect(session.state().quality!.mcc).toBeGreaterThan(0.7);
    const { row, probability } = (await session.next())!;
    expect(probability > 0.5).toBe(truth(row.message) === 'spam');
  });

  it('an answer labels rows with the same text and near-duplicates, in decisions of at most 1,000 rows, and undo takes all of them back', async () => {
    const campaign =
      'Claim your free prize before midnight at lucky-wheel.example and tell all of your friends';
    const table = tableOf([...Array.from({ length: 1200 }, () => campaign), `${campaign}!!`, ...ham]);
    const { session, decider } = await sessionOf(table);
    const question = (await session.next())!;
    expect(question.row.message).toBe(campaign);
    expect(question.ids).toHaveLength(1201);
    expect(await session.answer('spam')).toBe(1201);
    expect(decider.made.map(({ ids }) => ids.length)).toEqual([1000, 201]);
    expect(table.table.filter(({ label }) => label === 'spam')).toHaveLength(1201);
    expect(await session.undo()).toBe(true);
    expect(table.table.filter(({ label }) => label !== null)).toHaveLength(0);
    const again = (await session.next())!;
    expect([again.row.id, again.reason]).toEqual([question.row.id, 'again']);
    await session.answer('spam');
    expect(await session.undo()).toBe(true);
    expect(await session.undo()).toBe(false);
  });

  it('where near-duplicates have both labels, the question says so and the answer is for one text alone', async () => {
    const text = 'the parcel is at the shop in the old town, come before six and bring your card please';
    const table = tableOf([`${text} a`, `${text} b`]);
    table.add(`${text} c`, 'spam', 'bob');
    table.add(`${text} d`, 'ham', 'bob');
    const { session } = await sessionOf(table);
    const question = (await session.next())!;
    expect(question.labeled).toEqual({ spam: 1, ham: 1 });
    expect(question.ids).toEqual([question.row.id]);
  });

  it('two people are asked about different messages at first', async () => {
    const table = tableOf([...spam, ...ham]);
    const asked: number[][] = [];
    for (const person of [17, 4711]) {
      const { session } = await sessionOf(table, person);
      const ids: number[] = [];
      for (let count = 0; count < 4; count++) {
        ids.push((await session.next())!.row.id);
        await session.answer('unsure');
      }
      asked.push(ids);
    }
    expect(asked[0]![0]).not.toBe(asked[1]![0]);
    expect(asked[0]!.filter((id) => asked[1]!.includes(id)).length).toBeLessThan(3);
  });

  it('what somebody else labels meanwhile is neither asked nor changed', async () => {
    const table = tableOf([...spam, ...ham]);
    const { session, decider } = await sessionOf(table);
    const first = (await session.next())!;
    table.label(first.row.id, 'ham', 'bob');
    expect(await session.answer('spam')).toBe(0);
    expect(decider.made).toEqual([]);
    expect(table.table[first.row.id - 1]!.labelled_by).toBe('bob');
    for (const { id } of table.table) if (id % 2 === 0) table.label(id, 'ham', 'bob');
    for (let count = 0; count < 10; count++) {
      const { row } = (await session.next())!;
      expect(row.id % 2).toBe(1);
      await session.answer(truth(row.message));
    }
  });

  it('an unsure answer labels nothing, the message is not asked again, and a table ends', async () => {
    const table = tableOf(['one thing', 'another thing entirely']);
    const { session } = await sessionOf(table);
    await session.next();
    expect(await session.answer('unsure')).toBe(0);
    await session.next();
    await session.answer('ham');
    expect(await session.next()).toBeUndefined();
    expect(table.table.filter(({ label }) => label !== null)).toHaveLength(1);
    expect(await (await sessionOf(tableOf([]))).session.next()).toBeUndefined();
  });
});
