import type { RowLabel } from '../../../src/core/decision.ts';
import type { LabelRow, LabelStepKind } from '../../../src/core/label-step.ts';
import type { DecisionStore } from '../../../src/ports/decision-store.ts';
import type { LabelEdit, LabelStore } from '../../../src/ports/label-store.ts';
import { ReviewDesk } from '../../../src/review/review-desk.ts';
import { MemoryLabelStore, MemoryTraining, type StoredLabelRow } from '../memory-label-store.ts';
import type { DecisionStoreHarness } from './decision-fixture.ts';

/** A row that is there before any step. */
export interface SeedRow {
  readonly message: string;
  readonly label: RowLabel;
  readonly by: string | null;
  readonly at: number | null;
  readonly group: string | null;
}

/** One database, empty at first. */
export interface LabelStoreHarness {
  /** Each is another process. `now`: epoch milliseconds. */
  open(now: () => number): Promise<LabelStore>;
  seed(rows: readonly SeedRow[]): Promise<void>;
  /** A person gives rows a label. Returns the decision; undefined where nothing changes. */
  relabel(by: string, label: RowLabel, ids: readonly number[], at: number): Promise<number | undefined>;
  /** Takes a decision back; false where it is refused. */
  undoDecision(decision: number, at: number): Promise<boolean>;
  /** Empties the tables; numbers go on. */
  clear(): Promise<void>;
  /** By ids. */
  stored(): Promise<readonly StoredLabelRow[]>;
  activity(): Promise<readonly { readonly who: string; readonly what: string; readonly after: unknown }[]>;
  /** How many rows a side table has; undefined where there is none. */
  removed?(): Promise<number>;
  dispose(): Promise<void>;
}

export async function memoryHarness(): Promise<LabelStoreHarness> {
  let table = new MemoryTraining();
  return {
    open: async (now) => new MemoryLabelStore(table, now),
    seed: async (rows) => {
      for (const { message, label, by, at, group } of rows)
        table.insert({
          ...{ message, community: 'forum', source: 'before', imported: null },
          ...{ labels: [{ label, by, at }], groups: [{ group, step: null }] },
        });
    },
    relabel: async (...decision) => table.relabel(...decision),
    undoDecision: async (decision) => table.undoDecision(decision),
    clear: async () => {
      table = new MemoryTraining();
    },
    stored: async () => table.stored(),
    activity: async () => table.activity,
    dispose: async () => {},
  };
}

export interface SqlLabelHarness extends Pick<DecisionStoreHarness, 'open' | 'rows' | 'run' | 'dispose'> {
  openLabels(now: () => number): Promise<LabelStore>;
}

/** Over a database, where people decide by way of the review desk. */
export function sqlLabelHarness(open: () => Promise<SqlLabelHarness>): () => Promise<LabelStoreHarness> {
  return async () => {
    const sql = await open();
    let time = 0;
    const decisions: DecisionStore = await sql.open(() => time);
    // The tables are made when they are first used.
    await decisions.outboxDepth();
    const desk = new ReviewDesk(decisions);
    const actor = (name: string) => ({ name, role: 'lead' as const });
    return {
      open: sql.openLabels,
      seed: async (rows) => {
        for (const { message, label, by, at, group } of rows)
          await sql.run(
            `insert into training (class, message, community, source, labelled_by, labelled_at, near_group) values
              (${label === 'spam' ? 1 : 0}, '${message}', 'forum', 'before', ${quoted(by)}, ${at ?? 'null'}, ${quoted(group)})`,
          );
      },
      relabel: async (by, label, ids, at) => {
        time = at;
        const { decision } = await desk.relabel(actor(by), { label, ids: [...ids] });
        return decision?.id;
      },
      undoDecision: async (decision, at) => {
        time = at;
        try {
          await desk.undo(actor('other'), decision);
          return true;
        } catch (error) {
          const { code } = error as { readonly code?: string };
          if (code === 'UNDO_REFUSED' || code === 'REVIEW_ERASED') return false;
          throw error;
        }
      },
      clear: () => clearLabels(sql),
      stored: async () => (await sql.rows('select * from training order by id')).map(storedOf),
      activity: async () => {
        const { items } = await decisions.activity({ limit: 100 });
        return [...items].reverse().map(({ who, what, after }) => ({ who, what, after }));
      },
      removed: async () => (await sql.rows('select id from training_removed')).length,
      dispose: async () => {
        await decisions.close();
        await sql.dispose();
      },
    };
  };
}

/** Empties the tables that steps and decisions on training rows write; numbers go on. */
export async function clearLabels({ run }: Pick<SqlLabelHarness, 'run'>): Promise<void> {
  const tables = ['training', 'training_removed', 'label_step', 'label_change', 'decision_training'];
  for (const table of [...tables, 'decision', 'activity']) await run(`delete from ${table}`);
}

function storedOf(row: Record<string, unknown>): StoredLabelRow {
  const numberOrNull = (value: unknown) => (value === null ? null : Number(value));
  return {
    ...{ id: Number(row.id), message: row.message as string },
    label: Number(row.class) === 1 ? 'spam' : 'ham',
    ...{ by: row.labelled_by as string | null, at: numberOrNull(row.labelled_at) },
    ...{ group: row.near_group as string | null, imported: numberOrNull(row.import_step) },
  };
}

function quoted(value: string | null): string {
  return value === null ? 'null' : `'${value}'`;
}

/** One test's database with two processes on it. */
export class LabelFixture {
  /** Epoch milliseconds. */
  now = 1_800_000_000_000;
  harness!: LabelStoreHarness;
  store!: LabelStore;
  other!: LabelStore;

  async open(harness: LabelStoreHarness): Promise<void> {
    this.now = 1_800_000_000_000;
    this.harness = harness;
    this.store = await harness.open(() => this.now);
    this.other = await harness.open(() => this.now);
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.other.close();
    await this.harness.dispose();
  }

  begin(kind: LabelStepKind, store = this.store): Promise<{ readonly id: number }> {
    return store.begin({ kind, about: `a ${kind}`, parameters: { kind }, by: 'anna' });
  }

  async all(): Promise<readonly LabelRow[]> {
    return this.store.rows({ after: 0, limit: 1000 });
  }

  /** An applied import of these texts. Returns its number. */
  async import(...messages: readonly string[]): Promise<number> {
    const { id } = await this.begin('import');
    await this.store.add(
      id,
      messages.map((message) => ({ message, community: 'forum', source: 'dump' })),
      { line: messages.length },
    );
    await this.store.finish(id);
    this.now += 1000;
    return id;
  }

  /** An applied step over the rows with these texts. Returns its number. */
  async apply(
    kind: Exclude<LabelStepKind, 'import'>,
    messages: readonly string[],
    edit: (row: LabelRow, step: number) => LabelEdit,
  ): Promise<number> {
    const { id } = await this.begin(kind);
    const rows = (await this.all()).filter(({ message }) => messages.includes(message));
    await this.store.edit(
      id,
      rows.map((row) => edit(row, id)),
    );
    await this.store.finish(id);
    this.now += 1000;
    return id;
  }

  /** What rows are, by their texts. */
  async labels(): Promise<Readonly<Record<string, string>>> {
    const rows = await this.all();
    return Object.fromEntries(
      rows.map(({ message, label, labelled_by }) => [message, `${label} ${labelled_by}`]),
    );
  }

  async idOf(message: string): Promise<number> {
    return (await this.all()).find((row) => row.message === message)!.id;
  }
}

export const spam = (row: LabelRow): LabelEdit => ({ kind: 'label', row, label: 'spam' });
export const ham = (row: LabelRow): LabelEdit => ({ kind: 'label', row, label: 'ham' });
export const remove = (row: LabelRow): LabelEdit => ({ kind: 'remove', row });
export const group = (row: LabelRow, step: number): LabelEdit => ({
  ...{ kind: 'group', row, group: `${step}:all` },
});
