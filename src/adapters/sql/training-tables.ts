import { type Kysely, type RawBuilder, sql } from 'kysely';
import { addMissing } from './decision-tables.ts';
import { trainingSearch } from './searched-column.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** What can be an index key in every dialect; longer values are compared as a whole beside it. */
export const KEY_CHARACTERS = 191;

/** Training rows that decisions relabeled. */
export async function createDecisionTraining(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { key, text, integer } = flavour.types;
  await database.schema
    .createTable('decision_training')
    .ifNotExists()
    .addColumn('id', key)
    .addColumn('decision_id', integer, (column) => column.notNull())
    .addColumn('training_id', integer, (column) => column.notNull())
    .addColumn('before', text, (column) => column.notNull())
    .addColumn('after', text, (column) => column.notNull())
    .modifyEnd(flavour.tableOptions)
    .execute();
  for (const [index, column] of [
    ['decision_training_by_decision', 'decision_id'],
    ['decision_training_by_row', 'training_id'],
  ] as const)
    await flavour.createIndex(database, { name: index, table: 'decision_training', columns: [column] });
}

/** Each index ends with the id, as all do in both dialects, and so has the order in which rows are listed. */
export const trainingIndexes = {
  class: { name: 'training_by_class', column: 'class' },
  source: { name: 'training_by_source', column: 'source' },
  labelled_by: { name: 'training_by_person', column: 'person_key' },
  community: { name: 'training_by_community', column: 'community_key' },
  time: { name: 'training_by_time', column: 'labelled_at' },
} as const;

/** For the search in the training table. */
export async function indexTraining(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  const { trainingTable: table } = flavour;
  const head = (column: string): RawBuilder<unknown> =>
    sql`${flavour.types.name} generated always as (substr(${sql.id(column)}, 1, ${sql.lit(KEY_CHARACTERS)})) virtual`;
  await addMissing(database, flavour, table, {
    community_key: head('community'),
    person_key: head('labelled_by'),
  });
  for (const { name, column } of Object.values(trainingIndexes))
    await flavour.createIndex(database, { name, table, columns: [column] });
  await flavour.createSearch(database, { ...trainingSearch, table });
}

export const activityIndexes = {
  who: { name: 'activity_by_person', column: 'who' },
  what: { name: 'activity_by_kind', column: 'what' },
  time: { name: 'activity_by_time', column: 'when' },
} as const;

/** For the filters of the activity log. */
export async function indexActivity(database: Kysely<unknown>, flavour: SqlFlavour): Promise<void> {
  for (const { name, column } of Object.values(activityIndexes))
    await flavour.createIndex(database, { name, table: 'activity', columns: [column] });
}
