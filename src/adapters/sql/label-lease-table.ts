import type { ColumnType, Kysely } from 'kysely';
import type { SqlFlavour } from './sql-flavour.ts';

/** Rows of a training table that somebody is asked about. A row of it that has ended may stay. */
export interface LabelLeaseTable {
  /** A database may have had another one before. */
  readonly training_table: string;
  readonly training_id: ColumnType<number | string, number, never>;
  /** The process that asks. */
  readonly holder: string;
  /** Epoch milliseconds. */
  readonly held_until: ColumnType<number | string, number, number>;
}

export async function createLabelLeases(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { name, integer } = flavour.types;
  await database.schema
    .createTable('label_lease')
    .ifNotExists()
    .addColumn('training_table', name, (column) => column.notNull())
    .addColumn('training_id', integer, (column) => column.notNull())
    .addColumn('holder', name, (column) => column.notNull())
    .addColumn('held_until', integer, (column) => column.notNull())
    .addPrimaryKeyConstraint('label_lease_of_row', ['training_table', 'training_id'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await flavour.createIndex(database, {
    ...{ name: 'label_lease_by_holder', table: 'label_lease', columns: ['holder'] },
  });
}
