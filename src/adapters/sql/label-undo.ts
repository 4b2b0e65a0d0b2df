import { sql } from 'kysely';
import { isByPerson, labeledByStep } from '../../core/label-step.ts';
import type { TrainingStatus } from '../../ports/decision-store.ts';
import { type BeforeChange, isGroupOf, listsOf, movedColumns } from './label-edits.ts';
import { REMOVED_STEP, removedTableOf } from './label-tables.ts';
import { integerOf } from './review-row.ts';
import type { TimedTransaction } from './timed-transaction.ts';

/** Rows of one transaction: an undo of millions is cut into as many as it takes. */
const BATCH = 500;
/** What an imported row is that nobody labeled. */
const unlabeled: TrainingStatus = { label: 'ham', by: null, at: null };

interface Change {
  readonly id: number;
  readonly training_id: number;
  readonly before: BeforeChange;
}

/**
 * Takes some of the changes of a step back, the newest first. Returns how many, 0 where none is left. A change that was taken back has no
 * record any more, so that this may be cut off anywhere.
 */
export async function undoChanges(parts: TimedTransaction, step: number): Promise<number> {
  const { connection, flavour } = parts;
  const rows = await connection
    .selectFrom('label_change')
    .select(['id', 'training_id', 'before'])
    .where('step', '=', step)
    .orderBy('id', 'desc')
    .limit(BATCH)
    .execute();
  if (rows.length === 0) return 0;
  const changes = rows.map((row) => changeOf(row));
  const ids = [...new Set(changes.map(({ training_id }) => training_id))].sort((a, b) => a - b);
  // Decisions lock it before they read what they write down as its status.
  await sql`select id from ${sql.table(flavour.trainingTable)} where id in (${sql.join(ids)})
    order by id ${flavour.waitForLocked}`.execute(connection);
  await undoLabels(parts, step, changes);
  await undoGroups(parts, step, changes);
  for (const some of listsOf(changes))
    await connection
      .deleteFrom('label_change')
      .where(
        'id',
        'in',
        some.map(({ id }) => id),
      )
      .execute();
  return changes.length;
}

async function undoLabels(parts: TimedTransaction, step: number, changes: readonly Change[]): Promise<void> {
  const { connection, flavour } = parts;
  const own = labeledByStep(step);
  const before = new Map<number, TrainingStatus>();
  for (const change of changes)
    if ('label' in change.before && !before.has(change.training_id))
      before.set(change.training_id, change.before.label);
  if (before.size === 0) return;
  for (const [json, ids] of grouped(before)) {
    const { label, by, at } = JSON.parse(json) as TrainingStatus;
    for (const table of [flavour.trainingTable, removedTableOf(flavour.trainingTable)])
      await sql`update ${sql.table(table)} set ${sql.ref('class')} = ${label === 'spam' ? 1 : 0}, labelled_by = ${by},
        labelled_at = ${at} where id in (${sql.join(ids)}) and labelled_by = ${own}`.execute(connection);
  }
  const ids = [...before.keys()];
  await rewriteChanges(parts, { step, ids }, ({ training_id, before: later }) =>
    'label' in later && later.label.by === own ? { label: before.get(training_id)! } : undefined,
  );
  await rewriteDecisions(parts, ids, (id, status) => (status.by === own ? before.get(id)! : undefined));
}

async function undoGroups(parts: TimedTransaction, step: number, changes: readonly Change[]): Promise<void> {
  const { connection, flavour } = parts;
  const before = new Map<number, string | null>();
  for (const change of changes)
    if ('group' in change.before && !before.has(change.training_id))
      before.set(change.training_id, change.before.group);
  if (before.size === 0) return;
  for (const [json, ids] of grouped(before))
    for (const table of [flavour.trainingTable, removedTableOf(flavour.trainingTable)])
      await sql`update ${sql.table(table)} set near_group = ${JSON.parse(json) as string | null}
        where id in (${sql.join(ids)}) and near_group like ${`${step}:%`}`.execute(connection);
  await rewriteChanges(parts, { step, ids: [...before.keys()] }, ({ training_id, before: later }) =>
    'group' in later && isGroupOf(step, later.group) ? { group: before.get(training_id)! } : undefined,
  );
}

/** Ids by what they get, as JSON. */
function grouped(before: ReadonlyMap<number, unknown>): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const [id, value] of before) {
    const json = JSON.stringify(value);
    const ids = groups.get(json);
    if (ids === undefined) groups.set(json, [id]);
    else ids.push(id);
  }
  return groups;
}

/** What other steps have written down of these rows; undefined leaves a record as it is. */
async function rewriteChanges(
  { connection }: TimedTransaction,
  { step, ids }: { readonly step: number; readonly ids: readonly number[] },
  rewritten: (change: Change) => BeforeChange | undefined,
): Promise<void> {
  const rows = await connection
    .selectFrom('label_change')
    .select(['id', 'training_id', 'before'])
    .where('training_id', 'in', [...ids])
    .where('step', '<>', step)
    .execute();
  const after = new Map<number, BeforeChange>();
  for (const row of rows) {
    const change = changeOf(row);
    const other = rewritten(change);
    if (other !== undefined) after.set(change.id, other);
  }
  for (const [before, records] of grouped(after))
    await connection
      .updateTable('label_change')
      .set({ before })
      .where('id', 'in', [...records])
      .execute();
}

/** The same of what decisions have written down, so that their undo leads to what was before the step. */
async function rewriteDecisions(
  { connection }: TimedTransaction,
  ids: readonly number[],
  rewritten: (id: number, before: TrainingStatus) => TrainingStatus | undefined,
): Promise<void> {
  const rows = await connection
    .selectFrom('decision_training')
    .select(['id', 'training_id', 'before'])
    .where('training_id', 'in', [...ids])
    .execute();
  const after = new Map<number, TrainingStatus>();
  for (const { id, training_id, before } of rows) {
    const status = rewritten(integerOf(training_id), JSON.parse(before) as TrainingStatus);
    if (status !== undefined) after.set(integerOf(id), status);
  }
  for (const [before, records] of grouped(after))
    await connection
      .updateTable('decision_training')
      .set({ before })
      .where('id', 'in', [...records])
      .execute();
}

/** Puts some of the rows back that a step removed. Returns how many, 0 where none is left. */
export async function restoreRemoved(parts: TimedTransaction, step: number): Promise<number> {
  const { connection, flavour } = parts;
  const removed = sql.table(removedTableOf(flavour.trainingTable));
  const { rows } = await sql<{ id: number | string }>`select id from ${removed}
    where ${sql.id(REMOVED_STEP)} = ${step} order by id limit ${sql.lit(BATCH)} ${flavour.waitForLocked}`.execute(
    connection,
  );
  if (rows.length === 0) return 0;
  const ids = sql.join(rows.map(({ id }) => integerOf(id)));
  const columns = await movedColumns(parts);
  await sql`insert into ${sql.table(flavour.trainingTable)} (${columns})
    select ${columns} from ${removed} where id in (${ids})`.execute(connection);
  await sql`delete from ${removed} where id in (${ids})`.execute(connection);
  return rows.length;
}

/** One part of the undo of an import; `after`: the highest id that was looked at, undefined at the end. */
export interface ImportPart {
  readonly rows: number;
  readonly after: number | undefined;
}

/** Removes some of the rows that an import added, from after an id on; those that people have decided stay. */
export async function undoAdded(parts: TimedTransaction, step: number, after: number): Promise<ImportPart> {
  const { connection, flavour } = parts;
  const table = sql.table(flavour.trainingTable);
  const { rows } = await sql<{
    id: number | string;
    labelled_by: string | null;
  }>`select id, labelled_by from ${table}
    where import_step = ${step} and id > ${after} order by id limit ${sql.lit(BATCH)} ${flavour.waitForLocked}`.execute(
    connection,
  );
  if (rows.length === 0) return { rows: 0, after: undefined };
  const decided: number[] = [];
  const others: number[] = [];
  for (const { id, labelled_by } of rows) (isByPerson(labelled_by) ? decided : others).push(integerOf(id));
  await forgetLabels(parts, decided);
  await removeFrom(parts, flavour.trainingTable, others);
  return { rows: others.length, after: integerOf(rows.at(-1)!.id) };
}

/** The same of rows that another step has removed since. */
export async function undoAddedRemoved(parts: TimedTransaction, step: number): Promise<number> {
  const { connection, flavour } = parts;
  const removed = removedTableOf(flavour.trainingTable);
  const { rows } = await sql<{ id: number | string }>`select id from ${sql.table(removed)}
    where import_step = ${step} order by id limit ${sql.lit(BATCH)} ${flavour.waitForLocked}`.execute(
    connection,
  );
  const ids = rows.map(({ id }) => integerOf(id));
  await removeFrom(parts, removed, ids);
  return ids.length;
}

/** Rows of an import that are still there. */
export async function keptOf({ connection, flavour }: TimedTransaction, step: number): Promise<number> {
  const { rows } = await sql<{ kept: number | string }>`select count(*) as kept
    from ${sql.table(flavour.trainingTable)} where import_step = ${step}`.execute(connection);
  return integerOf(rows[0]!.kept);
}

async function removeFrom(parts: TimedTransaction, table: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from ${sql.table(table)} where id in (${sql.join(ids)})`.execute(parts.connection);
  await forgetChanges(parts, ids, '%');
}

/**
 * Of rows that people have decided, and that would not be there without them: what steps labeled them as. If the decision is undone, such a
 * row is unlabeled, and goes as the others of the import went.
 */
async function forgetLabels(parts: TimedTransaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await forgetChanges(parts, ids, '{"label":%');
  await rewriteDecisions(parts, ids, (_, { by }) => (isByPerson(by) ? undefined : unlabeled));
}

async function forgetChanges(
  { connection, flavour }: TimedTransaction,
  ids: readonly number[],
  before: string,
): Promise<void> {
  // Another training table that this database had before may have had rows with the same ids.
  await sql`delete from label_change where training_id in (${sql.join(ids)}) and ${sql.ref('before')} like ${before}
    and step in (select id from label_step where training_table = ${flavour.trainingTable})`.execute(
    connection,
  );
}

function changeOf(row: {
  readonly id: number | string;
  readonly training_id: number | string;
  readonly before: string;
}): Change {
  return {
    id: integerOf(row.id),
    training_id: integerOf(row.training_id),
    before: JSON.parse(row.before) as BeforeChange,
  };
}
