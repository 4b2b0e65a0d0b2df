import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { SqlFlavour } from './sql-flavour.ts';

/** The tables of decisions and of the outbox, and what the review table needs for them. */
export async function createDecisions(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, text, integer } = flavour.types;
  await database.schema
    .createTable('decision')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('label', name)
    .addColumn('decided_by', name, (column) => column.notNull())
    .addColumn('decided_at', integer, (column) => column.notNull())
    .addColumn('note', text)
    .addColumn('undoes', integer)
    .addColumn('idempotency_key', name)
    .addColumn('request_sha256', name)
    .addUniqueConstraint('decision_by_key', ['decided_by', 'idempotency_key'])
    .addUniqueConstraint('decision_undone', ['undoes'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await database.schema
    .createTable('decision_item')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('decision_id', integer, (column) => column.notNull())
    .addColumn('review_id', integer, (column) => column.notNull())
    .addColumn('before', text, (column) => column.notNull())
    .addColumn('after', text, (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  await createOutbox(database, flavour);
  await extendReview(database, flavour);
  for (const [table, index, ...columns] of [
    ['decision', 'decision_by_person', 'decided_by', 'id'],
    ['decision_item', 'decision_item_by_decision', 'decision_id'],
    ['decision_item', 'decision_item_by_review', 'review_id'],
    ['outbox', 'outbox_waiting', 'published_at', 'attempts', 'id'],
    ['review', 'review_by_distance', 'state', 'distance', 'id'],
    ['review', 'review_by_audit', 'state', 'audit_rank', 'distance', 'id'],
    ['review', 'review_by_lease', 'lease_id'],
  ] as const)
    await flavour.createIndex(database, { name: index, table, columns });
}

async function createOutbox(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, text, integer } = flavour.types;
  await database.schema
    .createTable('outbox')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('decision_id', integer, (column) => column.notNull())
    .addColumn('message_key', name, (column) => column.notNull())
    .addColumn('sequence', integer, (column) => column.notNull())
    .addColumn('scored_at', name, (column) => column.notNull())
    .addColumn('verdict', text, (column) => column.notNull())
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('published_at', integer)
    .addColumn('refusal', text)
    .addColumn('lease_holder', name)
    .addColumn('lease_until', integer)
    .addColumn('attempts', integer, (column) => column.notNull().defaultTo(0))
    .addUniqueConstraint('outbox_by_message', ['message_key', 'sequence'])
    .modifyEnd(flavour.tableOptions)
    .execute();
}

async function extendReview(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { name, integer, real } = flavour.types;
  const columns: Readonly<Record<string, RawBuilder<unknown>>> = {
    lease_id: name,
    revision: sql`${integer} not null default 0`,
    unsure_count: sql`${integer} not null default 0`,
    distance: sql`${real} generated always as (abs(coalesce(probability, 0.5) - 0.5)) virtual`,
    audit_rank: sql`${integer} generated always as (case origin when 'audit' then 0 else 1 end) virtual`,
  };
  await addMissing(database, flavour, 'review', columns);
}

/** Training rows that come from review rows name them, so that an undo finds them. */
export async function linkTraining(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { trainingTable } = flavour;
  await addMissing(database, flavour, trainingTable, { review_id: flavour.types.integer });
  await flavour.createIndex(database, {
    name: 'training_by_review',
    table: trainingTable,
    columns: ['review_id'],
  });
}

/** For what people did today. */
export async function indexDecisionTimes(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  await flavour.createIndex(database, {
    name: 'decision_by_time',
    table: 'decision',
    columns: ['decided_at', 'decided_by', 'label'],
  });
}

/** Adds the columns that the table does not have. */
export async function addMissing(
  database: Kysely<unknown>,
  flavour: SqlFlavour,
  table: string,
  columns: Readonly<Record<string, RawBuilder<unknown>>>,
): Promise<void> {
  const existing = new Set(await flavour.columnsOf(database, table));
  for (const [column, type] of Object.entries(columns))
    if (!existing.has(column)) await database.schema.alterTable(table).addColumn(column, type).execute();
}
