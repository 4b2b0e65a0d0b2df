import { type Kysely, sql } from 'kysely';
import type {
  LockedTraining,
  RowStatus,
  TrainingChange,
  TrainingStatus,
} from '../../ports/decision-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';

type Connection = Kysely<SluiceDatabase>;

/** The review rows of training rows, each once. */
export async function reviewsOfTraining(
  connection: Connection,
  { trainingTable }: SqlFlavour,
  ids: readonly number[],
): Promise<readonly number[]> {
  const { rows } = await sql<{ review_id: number | string }>`select distinct review_id
    from ${sql.table(trainingTable)} where id in (${sql.join(ids)}) and review_id is not null`.execute(
    connection,
  );
  return rows.map(({ review_id }) => integerOf(review_id));
}

/** By id, and held until the transaction ends. */
export async function lockTrainingRows(
  connection: Connection,
  { trainingTable, waitForLocked }: SqlFlavour,
  ids: readonly number[],
): Promise<readonly LockedTraining[]> {
  const { rows } = await sql<{
    readonly id: number | string;
    readonly class: number | string;
    readonly labelled_by: string | null;
    readonly labelled_at: number | string | null;
    readonly review_id: number | string | null;
  }>`select id, ${sql.ref('class')}, labelled_by, labelled_at, review_id from ${sql.table(trainingTable)}
    where id in (${sql.join(ids)}) order by id ${waitForLocked}`.execute(connection);
  return rows.map((row) => ({
    id: integerOf(row.id),
    review_id: integerOrNull(row.review_id),
    status: {
      label: integerOf(row.class) === 1 ? 'spam' : 'ham',
      by: row.labelled_by,
      at: integerOrNull(row.labelled_at),
    },
  }));
}

/**
 * The training rows of review rows that have all become the same: one for each that is labeled, none for those that are open. A row that is
 * there keeps its id and its group of near-duplicates.
 */
export async function writeTrainingOf(
  connection: Connection,
  { trainingTable }: SqlFlavour,
  after: RowStatus,
  reviews: readonly number[],
): Promise<void> {
  const training = sql.table(trainingTable);
  const list = sql.join(reviews);
  if (after.state !== 'labelled') {
    await sql`delete from ${training} where review_id in (${list})`.execute(connection);
    return;
  }
  const label = after.label === 'spam' ? 1 : 0;
  await sql`update ${training} set ${sql.ref('class')} = ${label}, labelled_by = ${after.by},
    labelled_at = ${after.at} where review_id in (${list})`.execute(connection);
  await sql`insert into ${training}
    (${sql.ref('class')}, message, community, source, labelled_by, labelled_at, review_id)
    select ${label}, message, community, 'review', ${after.by}, ${after.at}, id
    from review where id in (${list}) and not exists
      (select 1 from ${training} as there where there.review_id = review.id) order by id`.execute(connection);
}

/**
 * The labels of training rows, and what they were, for the undo. A row that only people kept when the import that had added it was undone
 * goes when the last of them takes the label back.
 */
export async function writeRelabeled(
  connection: Connection,
  { trainingTable }: SqlFlavour,
  decision: number,
  changes: readonly TrainingChange[],
): Promise<void> {
  await connection
    .insertInto('decision_training')
    .values(
      changes.map(({ training_id, before, after }) => ({
        ...{ decision_id: decision, training_id },
        ...{ before: JSON.stringify(before), after: JSON.stringify(after) },
      })),
    )
    .execute();
  const groups = new Map<string, { readonly after: TrainingStatus; readonly ids: number[] }>();
  for (const { training_id, after } of changes) {
    const key = JSON.stringify(after);
    const group = groups.get(key) ?? { after, ids: [] };
    group.ids.push(training_id);
    groups.set(key, group);
  }
  for (const { after, ids } of groups.values())
    await sql`update ${sql.table(trainingTable)} set ${sql.ref('class')} = ${after.label === 'spam' ? 1 : 0},
      labelled_by = ${after.by}, labelled_at = ${after.at} where id in (${sql.join(ids)})`.execute(
      connection,
    );
  const unlabeled = changes.filter(({ after }) => after.by === null).map(({ training_id }) => training_id);
  if (unlabeled.length > 0) await removeOrphans(connection, trainingTable, unlabeled);
}

/** Reads the steps without locking them: a step that runs locks its own before it locks rows. */
async function removeOrphans(connection: Connection, table: string, ids: readonly number[]): Promise<void> {
  const { rows } = await sql<{
    import_step: number | string;
  }>`select distinct import_step from ${sql.table(table)}
    where id in (${sql.join(ids)}) and labelled_by is null and import_step is not null`.execute(connection);
  if (rows.length === 0) return;
  const undone = await connection
    .selectFrom('label_step')
    .select('id')
    .where(
      'id',
      'in',
      rows.map(({ import_step }) => integerOf(import_step)),
    )
    .where('state', 'in', ['undoing', 'undone'])
    .execute();
  if (undone.length > 0)
    await sql`delete from ${sql.table(table)} where id in (${sql.join(ids)}) and labelled_by is null
      and import_step in (${sql.join(undone.map(({ id }) => integerOf(id)))})`.execute(connection);
}

/** In the order in which they were written. */
export async function relabeledBy(
  connection: Connection,
  decision: number,
): Promise<readonly TrainingChange[]> {
  const rows = await connection
    .selectFrom('decision_training')
    .select(['training_id', 'before', 'after'])
    .where('decision_id', '=', decision)
    .orderBy('id')
    .execute();
  return rows.map(({ training_id, before, after }) => ({
    training_id: integerOf(training_id),
    before: JSON.parse(before) as TrainingStatus,
    after: JSON.parse(after) as TrainingStatus,
  }));
}
