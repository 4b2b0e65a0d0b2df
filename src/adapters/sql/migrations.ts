import { type Kysely, sql } from 'kysely';
import { addIdentities, createAccounts } from './account-tables.ts';
import { addAudit } from './audit-columns.ts';
import { createCampaigns } from './campaign-tables.ts';
import { createDecisions, indexDecisionTimes, linkTraining } from './decision-tables.ts';
import { createLabelLeases } from './label-lease-table.ts';
import { createLabelSteps } from './label-tables.ts';
import { createReports } from './report-tables.ts';
import { createRetrainRuns } from './retrain-tables.ts';
import { reviewSearch } from './searched-column.ts';
import { createSecondOpinions } from './second-opinion-tables.ts';
import { createShadow } from './shadow-tables.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { createDecisionTraining, indexActivity, indexTraining } from './training-tables.ts';

export interface SqlMigration {
  /** Begins with its date. Kept in the database, so it never changes. */
  readonly name: string;
  /** May be run again after it was cut in its middle: MySQL has no transactions around `create` and `alter`. */
  readonly up: (database: Kysely<unknown>) => Promise<void>;
}

/**
 * One set of migrations for all dialects, in the order in which they are applied. A released one is never changed, and
 * each only adds, with defaults: while daemons are replaced one by one, older ones go on writing to the newer tables.
 */
export function migrationsOf(flavour: SqlFlavour): readonly SqlMigration[] {
  const { trainingTable } = flavour;
  const ofTable = trainingTable === 'training' ? '' : ` of ${trainingTable}`;
  return [
    { name: '2026-11-22-first-tables', up: (database) => createFirstTables(database, flavour) },
    { name: `2026-11-25-training-text${ofTable}`, up: (database) => createTraining(database, flavour) },
    { name: '2026-11-25-messages', up: (database) => createMessages(database, flavour) },
    { name: '2026-11-26-model-times', up: (database) => addModelTimes(database, flavour) },
    { name: '2026-11-30-decisions', up: (database) => createDecisions(database, flavour) },
    { name: `2026-11-30-training-review${ofTable}`, up: (database) => linkTraining(database, flavour) },
    { name: '2026-11-30-review-search', up: (database) => makeSearchable(database, flavour) },
    { name: '2026-11-30-decision-times', up: (database) => indexDecisionTimes(database, flavour) },
    { name: '2026-11-30-accounts', up: (database) => createAccounts(database, flavour) },
    { name: '2026-11-30-campaigns', up: (database) => createCampaigns(database, flavour) },
    { name: '2026-11-30-account-identities', up: (database) => addIdentities(database, flavour) },
    { name: '2026-11-30-decision-training', up: (database) => createDecisionTraining(database, flavour) },
    { name: `2026-11-30-training-search${ofTable}`, up: (database) => indexTraining(database, flavour) },
    { name: '2026-11-30-activity-search', up: (database) => indexActivity(database, flavour) },
    { name: '2026-11-30-second-opinions', up: (database) => createSecondOpinions(database, flavour) },
    { name: '2026-11-30-reports', up: (database) => createReports(database, flavour) },
    { name: `2026-11-30-label-steps${ofTable}`, up: (database) => createLabelSteps(database, flavour) },
    { name: '2026-11-30-label-leases', up: (database) => createLabelLeases(database, flavour) },
    { name: '2026-11-30-shadow', up: (database) => createShadow(database, flavour) },
    { name: '2026-11-30-retrain-runs', up: (database) => createRetrainRuns(database, flavour) },
    { name: '2026-11-30-audit', up: (database) => addAudit(database, flavour) },
  ];
}

async function createFirstTables(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, id, name, text, integer, real } = flavour.types;

  const review = database.schema
    .createTable('review')
    .ifNotExists()
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
    .addColumn('created_at', integer, (column) => column.notNull());
  await flavour
    .unique(review, 'review_identity', ['community', 'message_id', 'origin'])
    .modifyEnd(flavour.tableOptions)
    .execute();
  await flavour.createIndex(database, { name: 'review_by_state', table: 'review', columns: ['state', 'id'] });

  await createTrainingTable(database, flavour);

  await database.schema
    .createTable('models')
    .ifNotExists()
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
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('who', name, (column) => column.notNull())
    .addColumn('what', name, (column) => column.notNull())
    .addColumn('before', text)
    .addColumn('after', text)
    .addColumn('when', integer, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
}

async function createTrainingTable(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, id, name, text, searched, integer } = flavour.types;
  const { trainingTable, emptyText } = flavour;
  await database.schema
    .createTable(trainingTable)
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('class', integer, (column) => column.notNull().check(sql`class in (0, 1)`))
    .addColumn('message', searched, (column) => column.notNull())
    .addColumn('community', id, (column) => column.notNull().defaultTo(emptyText))
    .addColumn('source', name, (column) => column.notNull().defaultTo(''))
    .addColumn('labelled_by', text)
    .addColumn('labelled_at', integer)
    .addColumn('near_group', name)
    .modifyEnd(flavour.tableOptions)
    .execute();
}

/** The table may exist with fewer columns than we need: earlier programs wrote their labels into it. */
async function createTraining(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { id, name, text, integer } = flavour.types;
  const { trainingTable, emptyText } = flavour;
  await createTrainingTable(database, flavour);
  const there = new Set(await flavour.columnsOf(database, trainingTable));
  const add = (column: string) =>
    database.schema.alterTable(trainingTable).addColumn(column, textOf[column]!);
  const textOf: Readonly<Record<string, typeof text>> = {
    community: sql`${id} not null default ${emptyText}`,
    source: sql`${name} not null default ''`,
    labelled_by: text,
    labelled_at: integer,
    near_group: name,
  };
  for (const column of Object.keys(textOf)) if (!there.has(column)) await add(column).execute();
  await flavour.createIndex(database, {
    name: 'training_by_group',
    table: trainingTable,
    columns: ['near_group'],
  });
  await flavour.createTextIndex(database, {
    name: 'training_text',
    table: trainingTable,
    columns: ['message'],
  });
}

async function createMessages(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, id, text, integer } = flavour.types;
  await database.schema
    .createTable('messages')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('spam', integer, (column) => column.notNull().check(sql`spam in (0, 1)`))
    .addColumn('body', text, (column) => column.notNull())
    .addColumn('community', id, (column) => column.notNull().defaultTo(flavour.emptyText))
    .addColumn('message_id', id, (column) => column.notNull().defaultTo(flavour.emptyText))
    .addColumn('created_at', integer, (column) => column.notNull().defaultTo(0))
    .modifyEnd(flavour.tableOptions)
    .execute();
}

async function makeSearchable(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  await flavour.createSearch(database, reviewSearch);
}

async function addModelTimes(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const there = new Set(await flavour.columnsOf(database, 'models'));
  for (const column of ['activated_at', 'deactivated_at'])
    if (!there.has(column))
      await database.schema.alterTable('models').addColumn(column, flavour.types.integer).execute();
}
