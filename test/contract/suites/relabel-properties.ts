import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Actor, RowLabel } from '../../../src/core/decision.ts';
import { SluiceError } from '../../../src/core/errors.ts';
import { anna, type DecisionFixture, lead, reviewItem } from './decision-fixture.ts';
import { importTraining } from './relabeling.ts';

const REVIEWED = 2;
const IMPORTED = 1;
const ROWS = REVIEWED + IMPORTED;

// Mostly one person, since what one does twice is the easiest to confuse.
const who = fc.constantFrom(lead, lead, lead, anna, { ...lead, name: 'other lead' });
const label = fc.constantFrom('spam' as const, 'ham' as const);
const after = fc.constantFrom(0, 0, 1, 1000);
const decide = fc.record({
  ...{ do: fc.constant('decide' as const), who, label, after, overrule: fc.boolean() },
  rows: fc.uniqueArray(fc.nat({ max: REVIEWED - 1 }), { minLength: 1, maxLength: 2 }),
});
const relabel = fc.record({
  ...{ do: fc.constant('relabel' as const), who, label, after },
  rows: fc.uniqueArray(fc.nat({ max: ROWS - 1 }), { minLength: 1, maxLength: 2 }),
});
const undo = fc.record({ do: fc.constant('undo' as const), who, after, back: fc.nat({ max: 3 }) });
const step = fc.oneof(decide, { arbitrary: relabel, weight: 4 }, { arbitrary: undo, weight: 3 });
/** Every row has a label at first, since little happens to open ones. */
const first = fc.record({
  ...{ do: fc.constant('decide' as const), who: fc.constant(anna), label, after },
  ...{ overrule: fc.constant(false), rows: fc.constant(Array.from({ length: REVIEWED }, (_, row) => row)) },
});
const sequence = fc.tuple(first, fc.array(step, { minLength: 5, maxLength: 14 }));
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Status {
  readonly label: RowLabel | null;
  readonly by: string | null;
  readonly at: number | null;
}

/** One row: of the queue with its training row, or of the training table alone. */
interface ModelRow {
  status: Status;
  /** Counts what changed it. */
  revision: number;
  /** Another one after the row was open: its training row is a new one. */
  life: number;
}

interface ModelDecision {
  readonly id: number;
  readonly by: string;
  readonly isUndo: boolean;
  undone: boolean;
  readonly changes: readonly {
    readonly row: number;
    readonly before: Status;
    readonly after: Status;
    readonly revision: number;
    readonly life: number;
  }[];
}

/** The tables as they should be. */
class Model {
  readonly rows: ModelRow[];
  readonly decisions: ModelDecision[] = [];

  constructor(imported: readonly Status[]) {
    const open: Status = { label: null, by: null, at: null };
    this.rows = [...Array.from({ length: REVIEWED }, () => open), ...imported].map((status) => ({
      ...{ status, revision: 0, life: 0 },
    }));
  }

  /** The rows that a decision changes; undefined where it is refused. */
  decided({
    who,
    label,
    rows,
    overrule,
  }: Extract<Step, { readonly do: 'decide' }>): readonly number[] | undefined {
    const isAllowed = (row: ModelRow) =>
      row.status.label === null || (overrule && who.role === 'lead' && row.status.label !== label);
    if (overrule && who.role !== 'lead') return undefined;
    return rows.every((row) => isAllowed(this.rows[row]!)) ? rows : undefined;
  }

  relabeled({ who, label, rows }: Extract<Step, { readonly do: 'relabel' }>): readonly number[] | undefined {
    if (who.role !== 'lead' || rows.some((row) => this.rows[row]!.status.label === null)) return undefined;
    // What nobody labeled becomes the person's, also with the same label.
    const { rows: all } = this;
    return rows.filter((row) => all[row]!.status.label !== label || all[row]!.status.by === null);
  }

  undone(who: Actor, decision: ModelDecision): readonly ModelDecision['changes'][number][] | undefined {
    if (decision.isUndo || decision.undone || (decision.by !== who.name && who.role !== 'lead'))
      return undefined;
    const back = decision.changes.filter(({ row, after, revision }) => {
      const { status, revision: now } = this.rows[row]!;
      if (row < REVIEWED) return now === revision;
      return status.label === after.label && status.by === after.by && status.at === after.at;
    });
    return back.length === 0 ? undefined : back;
  }

  write(decision: Omit<ModelDecision, 'changes' | 'undone'>, changed: ReadonlyMap<number, Status>): void {
    const changes = [...changed].map(([row, status]) => {
      const now = this.rows[row]!;
      const before = now.status;
      if (status.label === null) now.life++;
      Object.assign(now, { status, revision: now.revision + 1 });
      return { row, before, after: status, revision: now.revision, life: now.life };
    });
    this.decisions.push({ ...decision, undone: false, changes });
  }
}

/** Any sequence of decisions, relabelings and undos leaves the tables as the model has them. */
export function describeRelabelProperties(name: string, f: DecisionFixture): void {
  it(`${name} as a DecisionStore restores class, person and time of training rows under any sequence of decisions, relabelings and undos`, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(sequence, async ([begin, steps]) => {
        await checkRun(f, `run-${run++}`, [begin, ...steps]);
      }),
      { numRuns: 30 },
    );
  });
}

async function checkRun(f: DecisionFixture, community: string, steps: readonly Step[]): Promise<void> {
  await f.reviews.add(Array.from({ length: REVIEWED }, (_, i) => reviewItem(`m-${i}`, { community })));
  const queue = await f.store.list({ state: 'open', order: 'age', filter: { community }, limit: REVIEWED });
  const reviews = queue.items.map(({ id }) => id);
  const imports = Array.from({ length: IMPORTED }, (_, i) => ({
    ...{ label: i % 2 === 0 ? ('spam' as const) : ('ham' as const), text: `${community}-${i}` },
    ...(i === 0 ? {} : { by: 'importer', at: 1000 + i }),
  }));
  const imported = (await importTraining(f, imports)).slice(-IMPORTED);
  const model = new Model(imports.map(({ label, by = null, at = null }) => ({ label, by, at })));
  const [count] = await f.harness.rows('select count(*) as n from activity');
  for (const each of steps) {
    f.now += each.after;
    await take(f, model, { reviews, imported, each });
    await compare(f, model, { reviews, imported });
  }
  const [now] = await f.harness.rows('select count(*) as n from activity');
  expect(Number(now!.n) - Number(count!.n)).toBe(model.decisions.length);
  const verdicts = (await f.published()).filter((verdict) => verdict.community === community);
  for (let row = 0; row < REVIEWED; row++) {
    const own = verdicts.filter(({ message_id }) => message_id === `m-${row}`);
    expect(own.at(-1)?.verdict).toBe(
      own.length === 0 ? undefined : (model.rows[row]!.status.label ?? 'review'),
    );
    expect(own).toHaveLength(model.rows[row]!.revision);
  }
}

interface Rows {
  readonly reviews: readonly number[];
  readonly imported: readonly number[];
}

async function take(
  f: DecisionFixture,
  model: Model,
  { reviews, imported, each }: Rows & { readonly each: Step },
): Promise<void> {
  const { who } = each;
  if (each.do === 'undo') {
    const decision = model.decisions.at(-1 - each.back);
    if (decision === undefined) return;
    const back = model.undone(who, decision);
    const made = await refusable(() => f.desk.undo(who, decision.id));
    expect(made === undefined).toBe(back === undefined);
    if (made === undefined || back === undefined) return;
    model.write(
      { id: made.id, by: who.name, isUndo: true },
      new Map(back.map(({ row, before }) => [row, before])),
    );
    decision.undone = true;
    return;
  }
  const status: Status = { label: each.label, by: who.name, at: f.now };
  const changed = each.do === 'decide' ? model.decided(each) : model.relabeled(each);
  const made = await refusable(async () => {
    if (each.do === 'decide')
      return f.decide(
        who,
        each.label,
        each.rows.map((row) => reviews[row]!),
        each.overrule ? { overrule: true } : {},
      );
    const ids = await trainingIds(f, { reviews, imported });
    const asked = each.rows.map((row) => ids.get(row) ?? 1_000_000 + row);
    const { decision, missing } = await f.desk.relabel(who, { label: each.label, ids: asked });
    return missing.length > 0 ? undefined : decision;
  });
  // Undefined: refused. Null: nothing to change.
  expect(made === undefined).toBe(changed === undefined);
  if (made === undefined || changed === undefined) return;
  expect(made === null).toBe(changed.length === 0);
  if (made !== null)
    model.write({ id: made.id, by: who.name, isUndo: false }, new Map(changed.map((row) => [row, status])));
}

/** Of each row that has one. */
async function trainingIds(
  f: DecisionFixture,
  { reviews, imported }: Rows,
): Promise<ReadonlyMap<number, number>> {
  const rows = await f.harness.rows(
    `select id, review_id from training where review_id in (${reviews.join(', ')})`,
  );
  return new Map([
    ...rows.map(({ id, review_id }): [number, number] => [reviews.indexOf(Number(review_id)), Number(id)]),
    ...imported.map((id, index): [number, number] => [REVIEWED + index, id]),
  ]);
}

async function compare(f: DecisionFixture, model: Model, { reviews, imported }: Rows): Promise<void> {
  const stored = await f.harness.rows(
    `select id, review_id, class, labelled_by, labelled_at from training
      where review_id in (${reviews.join(', ')}) or id in (${imported.join(', ')})`,
  );
  const found = new Map(
    stored.map((row) => [
      row.review_id === null
        ? REVIEWED + imported.indexOf(Number(row.id))
        : reviews.indexOf(Number(row.review_id)),
      {
        ...{ label: Number(row.class) === 1 ? 'spam' : 'ham', by: row.labelled_by },
        at: row.labelled_at === null ? null : Number(row.labelled_at),
      },
    ]),
  );
  const expected = new Map(
    model.rows.flatMap(({ status }, row) => (status.label === null ? [] : [[row, status] as const])),
  );
  expect(new Map([...found].sort(([one], [other]) => one - other))).toEqual(expected);
  expect(stored).toHaveLength(expected.size);
  const queue = await f.harness.rows(
    `select label, labelled_by, labelled_at from review where id in (${reviews.join(', ')}) order by id`,
  );
  expect(
    queue.map(({ label, labelled_by, labelled_at }) => ({
      ...{ label, by: labelled_by, at: labelled_at === null ? null : Number(labelled_at) },
    })),
  ).toEqual(model.rows.slice(0, REVIEWED).map(({ status }) => status));
}

async function refusable<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const refusals = ['REVIEW_DECIDED', 'ROLE_REFUSED', 'UNDO_REFUSED', 'REVIEW_ERASED'];
    if (error instanceof SluiceError && refusals.includes(error.code)) return undefined;
    throw error;
  }
}
