import { expect, it } from 'vitest';
import { anna, ben, type DecisionFixture } from './decision-fixture.ts';

const DAY_MS = 86_400_000;

/** What the store shows of rows and decisions. */
export function describeDecisionLists(name: string, f: DecisionFixture): void {
  it(`${name} as a DecisionStore shows one row, labeled or not, and none that is not there`, async () => {
    const [a] = await f.add('a');
    expect(await f.store.item(a!)).toMatchObject({ message_id: 'a', state: 'open', label: null });
    await f.decide(anna, 'ham', [a!]);
    expect(await f.store.item(a!)).toMatchObject({ state: 'labelled', label: 'ham', decided_by: 'anna' });
    expect(await f.store.item(a! + 1000)).toBeUndefined();
  });

  it(`${name} as a DecisionStore lists a decision with the one that took it back`, async () => {
    const [a, b] = await f.add('a', 'b');
    const first = await f.decide(anna, 'spam', [a!, b!]);
    const undo = await f.desk.undo(anna, first.id);
    const { items } = await f.store.decisions({ limit: 10 });
    expect(items.map(({ id, items: rows, undone_by }) => [id, rows, undone_by])).toEqual([
      [undo.id, [a, b], null],
      [first.id, [a, b], undo.id],
    ]);
  });

  it(`${name} as a DecisionStore has no next page where the last row of the list ends a page`, async () => {
    await f.add('a', 'b');
    const query = { state: 'open', order: 'age', limit: 2 } as const;
    expect((await f.store.list(query)).next).toBeNull();
    expect((await f.store.list({ ...query, limit: 1 })).next).not.toBeNull();
  });

  it(`${name} as a DecisionStore counts what waits, and the rows that each person labeled since a time`, async () => {
    const [a, b, c, d] = await f.add('a', 'b', 'c', 'd', 'e');
    await f.decide(anna, 'spam', [a!, b!]);
    f.now += 3_600_000;
    await f.decide(ben, 'ham', [c!]);
    await f.decide(ben, 'unsure', [d!]);
    await f.desk.lease(anna, { count: 1 });
    expect([...(await f.openIds())].length).toBe(1);
    const { open, people } = await f.store.progress([f.now - 3_600_000, f.now]);
    expect(open).toBe(2);
    expect(Object.fromEntries(people.map((person) => [person.name, person.rows]))).toEqual({
      anna: [2, 0],
      ben: [1, 1],
    });
  });

  it(`${name} as a DecisionStore counts the rows of each day and answer, without those that were undone`, async () => {
    const [a, b, c, d, e] = await f.add('a', 'b', 'c', 'd', 'e');
    const midnight = f.now - (f.now % DAY_MS) + DAY_MS;
    f.now = midnight - 1;
    await f.decide(anna, 'spam', [a!, b!]);
    f.now = midnight;
    await f.decide(ben, 'ham', [c!]);
    const wrong = await f.decide(ben, 'spam', [d!]);
    f.now += 1000;
    await f.desk.undo(ben, wrong.id);
    await f.decide(ben, 'unsure', [d!]);
    f.now += DAY_MS;
    await f.decide(anna, 'spam', [e!]);
    const range = { from: midnight - DAY_MS, to: midnight + 2 * DAY_MS };
    const days = [
      { day: midnight - DAY_MS, label: 'spam', rows: 2 },
      { day: midnight, label: 'ham', rows: 1 },
      { day: midnight, label: 'unsure', rows: 1 },
      { day: midnight + DAY_MS, label: 'spam', rows: 1 },
    ];
    expect(await f.store.decidedByDay(range)).toEqual(days);
    expect(await f.store.decidedByDay({ from: midnight, to: f.now })).toEqual(days.slice(1, 3));
    expect(await f.store.decidedByDay({ from: f.now + 1, to: f.now + DAY_MS })).toEqual([]);
  });
}
