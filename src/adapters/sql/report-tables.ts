import { type ColumnType, type Kysely, sql } from 'kysely';
import { addMissing } from './decision-tables.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** Who reported which message. A person is a hash with a key of this database; the name is nowhere. */
export interface ReportTable {
  readonly id: ColumnType<number | string, undefined, never>;
  /** As in the outbox. */
  readonly message_key: string;
  /** Unique with the message. Hex; after an erasure of the person a random one, which is nobody's. */
  readonly reporter: ColumnType<string, string, string>;
  /** Where the report counts. */
  readonly review_id: ColumnType<number | string, number, never>;
  readonly created_at: ColumnType<number | string, number, never>;
}

export async function createReports(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, integer } = flavour.types;
  await database.schema
    .createTable('report')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('message_key', name, (column) => column.notNull())
    .addColumn('reporter', name, (column) => column.notNull())
    .addColumn('review_id', integer, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addUniqueConstraint('report_once', ['message_key', 'reporter'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await addMissing(database, flavour, 'review', { report_rank: sql`${integer} not null default 0` });
  for (const [table, index, ...columns] of [
    ['report', 'report_by_reporter', 'reporter', 'created_at'],
    ['report', 'report_by_review', 'review_id'],
    ['review', 'review_by_reports', 'state', 'report_rank', 'id'],
  ] as const)
    await flavour.createIndex(database, { name: index, table, columns });
}
