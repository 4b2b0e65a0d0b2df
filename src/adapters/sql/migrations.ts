import { type Kysely, type Migration, sql } from 'kysely';
import type { SqlFlavour } from './sql-flavour.ts';

/** One set of migrations for both dialects, applied in the order of their names. A released one is never changed. */
export function migrationsOf(flavour: SqlFlavour): Readonly<Record<string, Migration>> {
  return { '2026-11-22-first-tables': { up: (database) => createFirstTables(database, flavour) } };
}

async function createFirstTables(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, id, name, text, integer, real } = flavour.types;

  await database.schema
    .createTable('review')
    .addColumn('id', key)
    .addColumn('community', id, (column) => column.notNull())
    .addColumn('message_id', id, (column) => column.notNull())
    .addColumn('message', text, (column) => column.notNull())
    .addColumn('sender', text)
    .addColumn('probability', real)
    .addColumn('reasons', text, (column) => column.notNull())
    .addColumn('model', name, (column) => column.notNull())
    .addColumn('source_topic', text, (column) => column.notNull())
    .addColumn('source_partition', integer, (column) => column.notNull())
    .addColumn('source_offset', integer, (column) => column.notNull())
    .addColumn('origin', name, (column) => column.notNull())
    .addColumn('inclusion_probability', real)
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('lease_holder', text)
    .addColumn('lease_until', integer)
    .addColumn('label', name)
    .addColumn('labelled_by', text)
    .addColumn('labelled_at', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addUniqueConstraint('review_identity', ['community', 'message_id', 'origin'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await database.schema.createIndex('review_by_state').on('review').columns(['state', 'id']).execute();

  await database.schema
    .createTable('training')
    .addColumn('id', key)
    .addColumn('class', integer, (column) => column.notNull().check(sql`class in (0, 1)`))
    .addColumn('message', text, (column) => column.notNull())
    .addColumn('community', id, (column) => column.notNull())
    .addColumn('source', name, (column) => column.notNull())
    .addColumn('labelled_by', text)
    .addColumn('labelled_at', integer)
    .addColumn('near_group', name)
    .modifyEnd(flavour.tableOptions)
    .execute();
  await database.schema.createIndex('training_by_group').on('training').column('near_group').execute();

  await database.schema
    .createTable('models')
    .addColumn('version', name, (column) => column.notNull().primaryKey())
    .addColumn('path', text, (column) => column.notNull())
    .addColumn('status', name, (column) => column.notNull())
    .addColumn('true_positive_rate', real)
    .addColumn('false_positive_rate', real)
    .addColumn('manifest_sha256', name, (column) => column.notNull())
    .addColumn('figures', text, (column) => column.notNull())
    .addColumn('decided', text)
    .addColumn('created_at', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();

  await database.schema
    .createTable('activity')
    .addColumn('id', key)
    .addColumn('who', name, (column) => column.notNull())
    .addColumn('what', name, (column) => column.notNull())
    .addColumn('before', text)
    .addColumn('after', text)
    .addColumn('when', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
}
