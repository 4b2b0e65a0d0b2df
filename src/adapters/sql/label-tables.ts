import { type ColumnType, type Kysely, type RawBuilder, sql } from 'kysely';
import type { RowLabel } from '../../core/decision.ts';
import type { LabelStepKind, LabelStepState } from '../../core/label-step.ts';
import { addMissing } from './decision-tables.ts';
import type { SqlFlavour } from './sql-flavour.ts';

type Integer = ColumnType<number | string, number, number>;
type NullableInteger = ColumnType<number | string | null, number | null | undefined, number | null>;
type NullableText = ColumnType<string | null, string | null | undefined, string | null>;

/** Steps of labeling. Rows stay, also of steps that were undone, so that no number means two steps. */
export interface LabelStepTable {
  readonly id: ColumnType<number | string, undefined, never>;
  /** A database may have had another one before. */
  readonly training_table: string;
  readonly kind: LabelStepKind;
  readonly about: string;
  /** JSON. */
  readonly parameters: string;
  readonly who: string;
  readonly state: ColumnType<LabelStepState, LabelStepState, LabelStepState>;
  /** Rows that it added, removed or changed. */
  readonly changed: ColumnType<number | string, undefined, number>;
  /** Rows that its undo took back so far. */
  readonly taken_back: ColumnType<number | string, undefined, number>;
  /** JSON. */
  readonly position: NullableText;
  /** 1 while it is running or being undone, else null. Unique with the training table: one step at a time. */
  readonly unfinished: NullableInteger;
  /** The process that works on it. */
  readonly holder: NullableText;
  readonly held_until: NullableInteger;
  readonly started_at: Integer;
  readonly finished_at: NullableInteger;
  readonly undone_at: NullableInteger;
  readonly undone_by: NullableText;
}

/** What rows were before a step changed them. An undo changes and removes these. */
export interface LabelChangeTable {
  readonly id: ColumnType<number | string, undefined, never>;
  readonly step: Integer;
  readonly training_id: Integer;
  /** JSON of a `BeforeChange`. */
  readonly before: ColumnType<string, string, string>;
}

/** What a generated column of the training table holds, which an index has in the order of ids. */
export const labelKeys = { ham: 0, spam: 1, unlabeled: 2 } as const;

/** Null is unlabeled. */
export function labelOfKey(key: number): RowLabel | null {
  return key === labelKeys.unlabeled ? null : key === labelKeys.spam ? 'spam' : 'ham';
}

export const labelIndexes = {
  label: 'training_by_label',
  import: 'training_by_import',
} as const;

/** The column of the side table that has the number of the step. */
export const REMOVED_STEP = 'removed_step';
const MAX_TABLE_NAME = 64;
const REMOVED_SUFFIX = '_removed';

/** Where rows of the training table are that steps removed. */
export function removedTableOf(trainingTable: string): string {
  return trainingTable.slice(0, MAX_TABLE_NAME - REMOVED_SUFFIX.length) + REMOVED_SUFFIX;
}

/** The tables of label steps, and what the training table needs for them. */
export async function createLabelSteps(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, text, integer } = flavour.types;
  await database.schema
    .createTable('label_step')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('training_table', name, (column) => column.notNull())
    .addColumn('kind', name, (column) => column.notNull())
    .addColumn('about', text, (column) => column.notNull())
    .addColumn('parameters', text, (column) => column.notNull())
    .addColumn('who', name, (column) => column.notNull())
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('changed', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('taken_back', integer, (column) => column.notNull().defaultTo(0))
    .addColumn('position', text)
    .addColumn('unfinished', integer)
    .addColumn('holder', name)
    .addColumn('held_until', integer)
    .addColumn('started_at', integer, (column) => column.notNull())
    .addColumn('finished_at', integer)
    .addColumn('undone_at', integer)
    .addColumn('undone_by', name)
    .modifyEnd(flavour.tableOptions)
    .execute();
  await flavour.createIndex(database, {
    ...{ name: 'label_step_unfinished', table: 'label_step', isUnique: true },
    columns: ['training_table', 'unfinished'],
  });
  await database.schema
    .createTable('label_change')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('step', integer, (column) => column.notNull())
    .addColumn('training_id', integer, (column) => column.notNull())
    .addColumn('before', text, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  for (const [index, column] of [
    ['label_change_by_step', 'step'],
    ['label_change_by_row', 'training_id'],
  ] as const)
    await flavour.createIndex(database, { name: index, table: 'label_change', columns: [column] });
  await extendTraining(database, flavour);
}

async function extendTraining(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { trainingTable: table } = flavour;
  const { integer } = flavour.types;
  await addMissing(database, flavour, table, { import_step: integer });
  const isUnlabeled = sql`labelled_by is null and import_step is not null`;
  const key: RawBuilder<unknown> = sql`${integer} generated always as
    (case when ${isUnlabeled} then ${sql.lit(labelKeys.unlabeled)} else ${sql.ref('class')} end) virtual`;
  await addMissing(database, flavour, table, { label_key: key });
  await flavour.createIndex(database, { name: labelIndexes.label, table, columns: ['label_key'] });
  await flavour.createIndex(database, { name: labelIndexes.import, table, columns: ['import_step'] });
  const removed = removedTableOf(table);
  await flavour.createSideTable(database, { name: removed, of: table, column: REMOVED_STEP });
  for (const column of [REMOVED_STEP, 'import_step'])
    await flavour.createIndex(database, { name: `removed_by_${column}`, table: removed, columns: [column] });
}
