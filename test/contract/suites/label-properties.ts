import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isByPerson } from '../../../src/core/label-step.ts';
import type { LabelEdit, LabelStore } from '../../../src/ports/label-store.ts';
import type { StoredLabelRow } from '../memory-label-store.ts';
import { type LabelStoreHarness, memoryHarness, type SeedRow } from './label-fixture.ts';

const RUNS = 20;
const HOLD_MS = 30_000;

const label = fc.constantFrom('spam' as const, 'ham' as const);
// Few rows, so that steps and people meet on them.
const places = fc.uniqueArray(fc.nat({ max: 3 }), { minLength: 2, maxLength: 4 });
/** Of a step that is cut off: another process finishes it, or takes it back. */
const cut = fc.constantFrom('no', 'no', 'no', 'resume', 'undo');
const edit = fc.record({
  ...{
    do: fc.constant('edit' as const),
    kind: fc.constantFrom('label', 'label', 'label', 'group', 'remove'),
  },
  ...{ label, places, cut },
});
const add = fc.record({
  ...{ do: fc.constant('import' as const), cut },
  labels: fc.array(fc.option(label), { minLength: 1, maxLength: 2 }),
});
const decide = fc.record({
  ...{ do: fc.constant('decide' as const), who: fc.constantFrom('ben', 'carl'), label, places },
});
const undoDecision = fc.record({ do: fc.constant('undo decision' as const), back: fc.nat({ max: 2 }) });
const undoStep = fc.record({ do: fc.constant('undo step' as const), back: fc.nat({ max: 3 }) });
const sequence = fc.record({
  steps: fc.array(
    fc.oneof(
      { arbitrary: edit, weight: 6 },
      { arbitrary: add, weight: 1 },
      { arbitrary: decide, weight: 2 },
      { arbitrary: undoDecision, weight: 2 },
      { arbitrary: undoStep, weight: 2 },
    ),
    { minLength: 6, maxLength: 16 },
  ),
  /** By which the steps that are left are undone. */
  order: fc.array(fc.nat(), { minLength: 16, maxLength: 16 }),
  /** People take their decisions back only after all steps were undone. */
  takesBack: fc.boolean(),
});
type Sequence = typeof sequence extends fc.Arbitrary<infer S> ? S : never;
type Action = Sequence['steps'][number];

/** One table, with the numbers that it gave to steps and decisions, in their order. */
class Side {
  readonly steps: number[] = [];
  readonly decisions: (number | undefined)[] = [];
  now = 1_800_000_000_000;
  readonly #harness: LabelStoreHarness;
  #store!: LabelStore;
  #other!: LabelStore;

  constructor(harness: LabelStoreHarness) {
    this.#harness = harness;
  }

  async open(): Promise<void> {
    this.#store = await this.#harness.open(() => this.now);
    this.#other = await this.#harness.open(() => this.now);
  }

  /** Whether anything was done. */
  async take(action: Action, run: string): Promise<boolean> {
    this.now += 1000;
    const ids = (await this.#store.rows({ after: 0, limit: 1000 })).map((row) => row.id);
    switch (action.do) {
      case 'decide': {
        const chosen = [...new Set(action.places.flatMap((at) => ids[at % ids.length] ?? []))];
        if (chosen.length === 0) return false;
        this.decisions.push(
          await this.#harness.relabel(
            action.who,
            action.label,
            chosen.sort((a, b) => a - b),
            this.now,
          ),
        );
        return this.decisions.at(-1) !== undefined;
      }
      case 'undo decision': {
        const decision = this.decisions.at(-1 - action.back);
        return decision !== undefined && (await this.undoDecision(decision));
      }
      case 'undo step': {
        const id = this.steps.at(-1 - action.back);
        return id !== undefined && (await this.undo(id));
      }
      default:
        await this.#step(action, ids, run);
        return true;
    }
  }

  async undoDecision(decision: number): Promise<boolean> {
    const isUndone = await this.#harness.undoDecision(decision, this.now);
    if (isUndone) this.decisions[this.decisions.indexOf(decision)] = undefined;
    return isUndone;
  }

  async undo(id: number): Promise<boolean> {
    if ((await this.#store.step(id)).state === 'undone') return false;
    await this.#store.undo(id, 'anna');
    return true;
  }

  /** All rows, with the numbers of steps as this run has counted them. */
  async stored(): Promise<readonly Omit<StoredLabelRow, 'id'>[]> {
    const numberOf = (id: number) => this.steps.indexOf(id) + 1;
    return (await this.#harness.stored()).map(({ id: _, by, group, imported, ...row }) => ({
      ...row,
      by: by?.replace(/^step:(\d+)$/, (__, step: string) => `step:${numberOf(Number(step))}`) ?? null,
      group: group?.replace(/^(\d+):/, (__, step: string) => `${numberOf(Number(step))}:`) ?? null,
      imported: imported === null ? null : numberOf(imported),
    }));
  }

  async clear(): Promise<void> {
    await this.#store.close();
    await this.#other.close();
  }

  async #step(
    action: Extract<Action, { readonly do: 'edit' | 'import' }>,
    ids: readonly number[],
    run: string,
  ): Promise<void> {
    const kind = action.do === 'import' ? 'import' : action.kind === 'label' ? 'rule' : 'dedupe';
    const { id } = await this.#store.begin({ kind, about: run, parameters: null, by: 'anna' });
    this.steps.push(id);
    if (action.do === 'import')
      await this.#store.add(
        id,
        action.labels.map((each, at) => ({
          ...{ message: `${run} ${this.steps.length} ${at}`, community: '', source: 'dump' },
          ...(each === null ? {} : { label: each }),
        })),
        null,
      );
    else {
      const chosen = new Set(action.places.map((at) => ids[at % ids.length]));
      const rows = (await this.#store.rows({ after: 0, limit: 1000 })).filter((row) => chosen.has(row.id));
      await this.#store.edit(
        id,
        rows.map(
          (row): LabelEdit =>
            action.kind === 'label'
              ? { kind: 'label', row, label: action.label }
              : action.kind === 'remove'
                ? { kind: 'remove', row }
                : { kind: 'group', row, group: `${id}:${ids.indexOf(row.id) % 2}` },
        ),
      );
    }
    if (action.cut === 'no') {
      await this.#store.finish(id);
      return;
    }
    this.now += HOLD_MS;
    if (action.cut === 'undo') await this.#other.undo(id, 'anna');
    else {
      await this.#other.hold(id);
      await this.#other.finish(id);
    }
  }
}

const seeds = (run: string): readonly SeedRow[] => [
  { message: `${run} a`, label: 'spam', by: 'importer', at: 17, group: 'own' },
  { message: `${run} b`, label: 'ham', by: null, at: null, group: null },
  { message: `${run} c`, label: 'spam', by: null, at: 5, group: 'own' },
];

/** Any sequence of steps, decisions and undos leaves the table as the one in memory; and undone steps leave nothing. */
export function describeLabelProperties(
  name: string,
  open: () => Promise<LabelStoreHarness>,
  { runs = RUNS, timeoutMs }: { readonly runs?: number; readonly timeoutMs?: number } = {},
): void {
  describe(`${name} as a LabelStore, under any sequence`, () => {
    let harness: LabelStoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.dispose());

    it(
      `${name} as a LabelStore restores the table, but for what people decided, when all steps of any sequence are undone in any order`,
      async () => {
        let run = 0;
        await fc.assert(
          fc.asyncProperty(sequence, async (each) => {
            await checkRun(harness, `run${run++}`, each);
          }),
          { numRuns: runs },
        );
      },
      timeoutMs,
    );
  });
}

async function checkRun(harness: LabelStoreHarness, run: string, sequence: Sequence): Promise<void> {
  await harness.clear();
  const memory = await memoryHarness();
  const sides = [new Side(harness), new Side(memory)] as const;
  const [side, model] = sides;
  for (const each of sides) await each.open();
  for (const each of [harness, memory]) await each.seed(seeds(run));
  const before = await side.stored();
  for (const action of sequence.steps) {
    expect(await side.take(action, run)).toBe(await model.take(action, run));
    expect(await side.stored()).toEqual(await model.stored());
  }
  const left = [...side.steps.keys()];
  for (const place of sequence.order) {
    const [at] = left.length === 0 ? [] : left.splice(place % left.length, 1);
    if (at === undefined) break;
    for (const each of sides) await each.undo(each.steps[at]!);
    expect(await side.stored()).toEqual(await model.stored());
  }
  const isDecided = ({ by }: { readonly by: string | null }) => by === 'ben' || by === 'carl';
  const after = await side.stored();
  const decided = after.filter(isDecided);
  expect(after.filter((row) => row.imported === null).map(({ message }) => message)).toEqual(
    before.map(({ message }) => message),
  );
  // What people decided has the label alone of theirs.
  expect(after.filter((row) => !isDecided(row))).toEqual(
    before.filter(({ message }) => !decided.some((row) => row.message === message)),
  );
  expect(decided.every(({ by }) => isByPerson(by))).toBe(true);
  expect(await harness.removed?.()).toBe(harness.removed === undefined ? undefined : 0);
  if (sequence.takesBack) {
    for (const each of sides)
      for (const decision of [...each.decisions].reverse())
        if (decision !== undefined) await each.undoDecision(decision);
    const last = await side.stored();
    expect(last).toEqual(await model.stored());
    // A decision that was undone for some of its rows only is still there for the others.
    const stays = new Set(last.filter(isDecided).map(({ message }) => message));
    expect(last.filter(({ message }) => !stays.has(message))).toEqual(
      before.filter(({ message }) => !stays.has(message)),
    );
  }
  for (const each of sides) await each.clear();
}
