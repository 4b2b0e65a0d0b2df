import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Actor, type DecisionLabel, decisionLabels } from '../../../src/core/decision.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { type DecisionFixture, type DecisionStoreHarness, reviewItem } from './decision-fixture.ts';

const people: readonly Actor[] = [
  { name: 'anna', role: 'moderator' },
  { name: 'ben', role: 'moderator' },
  { name: 'carl', role: 'moderator' },
  { name: 'lead', role: 'lead' },
];
const ROWS = 4;

const who = fc.constantFrom(...people);
const row = fc.nat({ max: ROWS - 1 });
const step = fc.oneof(
  fc.record({ do: fc.constant('lease' as const), who, count: fc.integer({ min: 1, max: 3 }) }),
  {
    arbitrary: fc.record({
      ...{
        do: fc.constant('decide' as const),
        who,
        rows: fc.uniqueArray(row, { minLength: 1, maxLength: 2 }),
      },
      ...{ label: fc.constantFrom(...decisionLabels), overrule: fc.boolean(), withLease: fc.boolean() },
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ do: fc.constant('undo' as const), who, back: fc.nat({ max: 3 }) }), weight: 2 },
  fc.record({ do: fc.constant('release' as const), who }),
  fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(0.001, 1, 30, 60, -90) }),
  fc.record({ do: fc.constant('publish' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
type Label = Exclude<DecisionLabel, 'unsure'> | null;

/** What one sequence of steps should have led to. */
class Expected {
  readonly labels: Label[] = Array.from({ length: ROWS }, () => null);
  /** Of each row, who holds it until when. */
  readonly leases = new Map<
    number,
    { readonly id: string; readonly holder: string; readonly until: number }
  >();
  readonly decisions: { readonly id: number; readonly before: ReadonlyMap<number, Label> }[] = [];
  readonly verdicts: Verdict[] = [];
}

/** Sequences of steps by several people, whatever the order, keep what the tables promise. */
export function describeDecisionProperties(name: string, fixture: DecisionFixture): void {
  it(`${name} as a DecisionStore keeps rows, training, activity and outbox consistent under any sequence of leases, decisions, undos and waits`, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        const community = `run-${run++}`;
        await fixture.reviews.add(
          Array.from({ length: ROWS }, (_, i) => reviewItem(`m-${i}`, { community })),
        );
        await checkRun(fixture, community, steps);
      }),
      { numRuns: 40 },
    );
  });
}

async function checkRun(stores: DecisionFixture, community: string, steps: readonly Step[]): Promise<void> {
  const { store, harness } = stores;
  const listed = await store.list({ state: 'open', order: 'age', filter: { community }, limit: ROWS });
  const ids = listed.items.map(({ id }) => id);
  expect(ids).toHaveLength(ROWS);
  const before = await activityCount(harness);
  const expected = new Expected();
  for (const each of steps) await take(stores, { community, ids, expected }, each);
  await publishAll(store, expected);

  expect((await activityCount(harness)) - before).toBe(expected.decisions.length);
  for (const [index, id] of ids.entries()) {
    const label = expected.labels[index]!;
    const [stored] = await harness.rows(`select state, label from review where id = ${id}`);
    expect(stored!.label).toBe(label);
    expect(stored!.state === 'labelled').toBe(label !== null);
    const training = await harness.rows(`select class from training where review_id = ${id}`);
    expect(training.map((row) => Number(row.class))).toEqual(
      label === null ? [] : [label === 'spam' ? 1 : 0],
    );
    const verdicts = expected.verdicts.filter(
      (verdict) => verdict.message_id === `m-${index}` && verdict.community === community,
    );
    expect(verdicts.at(-1)?.verdict).toBe(verdicts.length === 0 ? undefined : (label ?? 'review'));
    if (label !== null) expect(verdicts).not.toEqual([]);
    expect(verdicts.map(({ amends }) => amends)).toEqual(
      verdicts.map((_, at) => (at === 0 ? undefined : verdicts[at - 1]!.scored_at)),
    );
    const times = verdicts.map(({ scored_at }) => scored_at);
    expect(times).toEqual([...new Set(times)].sort());
  }
}

interface Run {
  readonly community: string;
  readonly ids: readonly number[];
  readonly expected: Expected;
}

async function take(stores: DecisionFixture, run: Run, each: Step): Promise<void> {
  const { store } = stores;
  const { expected, ids } = run;
  const desk = new ReviewDesk(store);
  switch (each.do) {
    case 'wait':
      stores.now += each.seconds * 1000;
      return;
    case 'publish':
      await publishAll(store, expected);
      return;
    case 'lease': {
      const { who, count } = each;
      const { id, until, items } = await desk.lease(who, { count, filter: { community: run.community } });
      for (const item of items) {
        const index = ids.indexOf(item.id);
        const held = liveLease(expected, index, stores.now);
        // Nobody is given what somebody holds, or what has a label.
        expect(held).toBeUndefined();
        expect(expected.labels[index]).toBeNull();
        expected.leases.set(index, { id, holder: who.name, until });
      }
      return;
    }
    case 'release': {
      const lease = [...expected.leases.values()].find(({ holder }) => holder === each.who.name);
      if (lease === undefined) return;
      await refusable(() => desk.release(each.who, lease.id));
      for (const [index, { id }] of expected.leases) if (id === lease.id) expected.leases.delete(index);
      return;
    }
    case 'decide':
      await decide(stores, run, each);
      return;
    case 'undo': {
      const target = expected.decisions.at(-1 - each.back);
      if (target === undefined) return;
      const undone = await refusable(() => desk.undo(each.who, target.id));
      if (undone === undefined) return;
      const changed = new Map<number, Label>();
      for (const item of undone.items) {
        const index = ids.indexOf(item);
        changed.set(index, expected.labels[index]!);
        expected.labels[index] = target.before.get(index)!;
        expected.leases.delete(index);
      }
      expected.decisions.push({ id: undone.id, before: changed });
    }
  }
}

async function decide(
  { store, now }: DecisionFixture,
  { ids, expected }: Run,
  { who, rows, label, overrule, withLease }: Extract<Step, { readonly do: 'decide' }>,
): Promise<void> {
  const decision = await refusable(() =>
    new ReviewDesk(store).decide(who, {
      label,
      items: rows.map((index) => {
        const lease = expected.leases.get(index);
        return { review_id: ids[index]!, ...(withLease && lease !== undefined ? { lease: lease.id } : {}) };
      }),
      ...(overrule ? { overrule } : {}),
    }),
  );
  if (decision === undefined) return;
  for (const index of rows) {
    const held = liveLease(expected, index, now);
    expect(held === undefined || held.holder === who.name).toBe(true);
    // What has a label is decided again by an overruling lead alone.
    if (expected.labels[index] !== null) expect([overrule, who.role]).toEqual([true, 'lead']);
  }
  expected.decisions.push({
    id: decision.id,
    before: new Map(rows.map((index) => [index, expected.labels[index]!])),
  });
  for (const index of rows) {
    if (label !== 'unsure') expected.labels[index] = label;
    expected.leases.delete(index);
  }
}

function liveLease(expected: Expected, index: number, now: number) {
  const lease = expected.leases.get(index);
  return lease !== undefined && lease.until > now && lease.until <= now + 60_000 ? lease : undefined;
}

/** Undefined where the rules refuse it; any other failure is thrown. */
async function refusable<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const refusals = ['REVIEW_DECIDED', 'LEASE_EXPIRED', 'LEASE_HELD', 'ROLE_REFUSED', 'UNDO_REFUSED'];
    if (error instanceof SluiceError && refusals.includes(error.code)) return undefined;
    throw error;
  }
}

async function publishAll(store: DecisionStore, expected: Expected): Promise<void> {
  for (;;) {
    const rows = await store.takeOutbox({ holder: 'publisher', limit: 2 });
    if (rows.length === 0) return;
    expected.verdicts.push(...rows.map(({ verdict }) => verdict));
    await store.finishOutbox(rows);
  }
}

async function activityCount(harness: DecisionStoreHarness): Promise<number> {
  const [row] = await harness.rows('select count(*) as n from activity');
  return Number(row!.n);
}
