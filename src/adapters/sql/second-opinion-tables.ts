import { type ColumnType, type Kysely, sql } from 'kysely';
import { addMissing } from './decision-tables.ts';
import type { SqlFlavour } from './sql-flavour.ts';

type Integer = ColumnType<number | string, number, number>;
type NullableInteger = ColumnType<number | string | null, number | null | undefined, number | null>;

/** Decided rows that somebody else is asked about. The answers are decisions; here is whom they were asked of. */
export interface SecondOpinionTable {
  readonly id: ColumnType<number | string, undefined, never>;
  readonly review_id: Integer;
  readonly first_decision: Integer;
  /** The row's revision after the first decision: with another one, the row was decided again. */
  readonly revision: Integer;
  readonly state: 'waiting' | 'differs' | 'closed';
  /** Null until the second answer, and again when that was taken back. */
  readonly second_decision: NullableInteger;
  /** Of the last lease. */
  readonly lease_id: ColumnType<string | null, undefined, string | null>;
  readonly lease_holder: ColumnType<string | null, undefined, string | null>;
  readonly lease_until: NullableInteger;
  readonly created_at: Integer;
}

/** Secrets of this database: by which rows are drawn, and by which names of reporters are hashed. */
export interface StoreKeyTable {
  readonly name: string;
  readonly value: string;
}

export async function createSecondOpinions(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, integer } = flavour.types;
  await database.schema
    .createTable('second_opinion')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('review_id', integer, (column) => column.notNull())
    .addColumn('first_decision', integer, (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('second_decision', integer)
    .addColumn('lease_id', name)
    .addColumn('lease_holder', name)
    .addColumn('lease_until', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  await database.schema
    .createTable('store_key')
    .ifNotExists()
    .addColumn('name', name, (column) => column.notNull().primaryKey())
    .addColumn('value', name, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  await addMissing(database, flavour, 'decision_item', { second_opinion: sql`${integer}` });
  for (const [index, ...columns] of [
    ['second_opinion_by_state', 'state', 'id'],
    ['second_opinion_by_review', 'review_id'],
    ['second_opinion_by_lease', 'lease_id'],
    ['second_opinion_by_holder', 'lease_holder', 'state'],
    ['second_opinion_by_answer', 'second_decision'],
  ] as const)
    await flavour.createIndex(database, { name: index, table: 'second_opinion', columns });
}
