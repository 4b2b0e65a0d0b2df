import { type Kysely, sql } from 'kysely';
import { addMissing } from './decision-tables.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** The tables of campaigns, and what review rows know of theirs. */
export async function createCampaigns(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, name, text, integer, real } = flavour.types;
  await database.schema
    .createTable('campaign')
    .ifNotExists()
    .addColumn('id', integer, (column) => column.notNull().primaryKey())
    .addColumn('version', name, (column) => column.notNull())
    .addColumn('revision', integer, (column) => column.notNull())
    .addColumn('members', integer, (column) => column.notNull())
    .addColumn('center', text, (column) => column.notNull())
    .addColumn('merged_into', integer)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('changed_at', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  await database.schema
    .createTable('decision_campaign')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('decision_id', integer, (column) => column.notNull())
    .addColumn('campaign_id', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  await database.schema
    .createTable('worker_lease')
    .ifNotExists()
    .addColumn('name', name, (column) => column.notNull().primaryKey())
    .addColumn('holder', name, (column) => column.notNull())
    .addColumn('until', integer, (column) => column.notNull())
    .addColumn('epoch', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  await addMissing(database, flavour, 'review', {
    campaign: sql`${integer} not null default 0`,
    campaign_rank: sql`${integer} not null default 0`,
    campaign_revision: sql`${integer} not null default 0`,
    campaign_score: real,
    campaign_run: integer,
  });
  for (const [table, index, ...columns] of [
    ['campaign', 'campaign_by_members', 'members', 'id'],
    ['decision_campaign', 'decision_campaign_by_campaign', 'campaign_id', 'decision_id'],
    ['review', 'review_in_campaign', 'campaign', 'state', 'id'],
    ['review', 'review_by_campaign', 'state', 'campaign_rank', 'campaign', 'id'],
  ] as const)
    await flavour.createIndex(database, { name: index, table, columns });
}
