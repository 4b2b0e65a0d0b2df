import { CompiledQuery, type RawBuilder, sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import { isByPerson, type LabelRow, labeledByStep } from '../../core/label-step.ts';
import type { TrainingStatus } from '../../ports/decision-store.ts';
import type { LabelEdit, NewLabelRow } from '../../ports/label-store.ts';
import { REMOVED_STEP, removedTableOf } from './label-tables.ts';
import { storableText } from './lossless-text.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import type { TimedTransaction } from './timed-transaction.ts';
import { lockTrainingRows } from './training-rows.ts';

/** Ids of one list. */
const IDS_AT_ONCE = 500;
/** Imported rows of one statement, at least: each statement costs as much as some rows, also where none is a journey. */
const ROWS_AT_ONCE = 100;
const MAX_NAME = 191;

/** What a row was before a step changed its label, or its group. */
export type BeforeChange = { readonly label: TrainingStatus } | { readonly group: LabelRow['near_group'] };

type EditOf<K extends LabelEdit['kind']> = Extract<LabelEdit, { readonly kind: K }>;

/** Columns of an imported row, in the order of {@link valuesOf}. */
const imported = ['class', 'message', 'community', 'source', 'labelled_by', 'labelled_at', 'import_step'];

/** Inserts the rows of an import. Throws `USAGE` for a source that is too long a name. */
export async function addImported(
  { connection, flavour, now }: TimedTransaction,
  step: number,
  rows: readonly NewLabelRow[],
): Promise<void> {
  const statements = new Map<number, string>();
  for (const chunk of chunksOf(rows, flavour)) {
    let statement = statements.get(chunk.length);
    if (statement === undefined) {
      // Building a statement costs more than running it.
      statement = insertStatement(flavour, chunk.length, (query) => query.compile(connection).sql);
      statements.set(chunk.length, statement);
    }
    const values = chunk.flatMap((row) => valuesOf(row, step, now));
    await connection.executeQuery(CompiledQuery.raw(statement, values));
  }
}

function insertStatement(
  { trainingTable }: SqlFlavour,
  rows: number,
  compile: (query: RawBuilder<unknown>) => string,
): string {
  const row = sql`(${sql.join(imported.map(() => null))})`;
  return compile(sql`insert into ${sql.table(trainingTable)} (${sql.join(imported.map((column) => sql.ref(column)))})
    values ${sql.join(Array.from({ length: rows }, () => row))}`);
}

function valuesOf(row: NewLabelRow, step: number, now: number): readonly unknown[] {
  const { message, community, source, label } = row;
  if (source.length > MAX_NAME)
    throw new SluiceError('USAGE', `the source of a row has at most ${MAX_NAME} characters`);
  const isLabeled = label !== undefined;
  return [
    ...[label === 'spam' ? 1 : 0, message, storableText(community), source],
    ...[isLabeled ? labeledByStep(step) : null, isLabeled ? now : null, step],
  ];
}

/** In order; each with as much as one statement may hold, and at least one row. */
function* chunksOf(
  rows: readonly NewLabelRow[],
  { rowsPerInsert, textPerInsert }: SqlFlavour,
): Generator<readonly NewLabelRow[]> {
  const most = Math.max(rowsPerInsert, ROWS_AT_ONCE);
  let from = 0;
  let text = 0;
  for (let at = 0; at < rows.length; at++) {
    const more = rows[at]!.message.length + rows[at]!.community.length;
    if (at > from && (at - from === most || text + more > textPerInsert)) {
      yield rows.slice(from, at);
      from = at;
      text = 0;
    }
    text += more;
  }
  if (from < rows.length) yield rows.slice(from);
}

/**
 * Changes the rows that are as they were read: first labels, then groups, then what is removed. Returns how many were changed. Locks rows
 * of the training table by id, as decisions do.
 */
export async function editRows(
  parts: TimedTransaction,
  step: number,
  edits: readonly LabelEdit[],
): Promise<number> {
  const labeled = await editLabels(parts, step, ofKind(edits, 'label'));
  const grouped = await editGroups(parts, step, ofKind(edits, 'group'));
  const removed = await removeRows(parts, step, ofKind(edits, 'remove'));
  return labeled + grouped + removed;
}

/** By ids, ascending; the first one of a row counts. */
function ofKind<K extends LabelEdit['kind']>(
  edits: readonly LabelEdit[],
  kind: K,
): ReadonlyMap<number, EditOf<K>> {
  const found = new Map<number, EditOf<K>>();
  for (const edit of edits)
    if (edit.kind === kind && !found.has(edit.row.id)) found.set(edit.row.id, edit as EditOf<K>);
  return new Map([...found].sort(([one], [other]) => one - other));
}

async function editLabels(
  parts: TimedTransaction,
  step: number,
  edits: ReadonlyMap<number, EditOf<'label'>>,
): Promise<number> {
  const { connection, flavour, now } = parts;
  const own = labeledByStep(step);
  const changed = { spam: [] as number[], ham: [] as number[] };
  const before = new Map<number, BeforeChange>();
  for (const ids of listsOf([...edits.keys()]))
    for (const { id, status } of await lockTrainingRows(connection, flavour, ids)) {
      const { row, label } = edits.get(id)!;
      if (status.by !== row.labelled_by || isByPerson(status.by)) continue;
      if (status.by === own && status.label === label) continue;
      changed[label].push(id);
      // What it was before the step is known already where the step gave it its label.
      if (status.by !== own) before.set(id, { label: status });
    }
  await recordChanges(parts, step, before);
  for (const label of ['spam', 'ham'] as const)
    for (const ids of listsOf(changed[label]))
      await sql`update ${sql.table(flavour.trainingTable)} set ${sql.ref('class')} = ${label === 'spam' ? 1 : 0},
        labelled_by = ${own}, labelled_at = ${now} where id in (${sql.join(ids)})`.execute(connection);
  return changed.spam.length + changed.ham.length;
}

async function editGroups(
  parts: TimedTransaction,
  step: number,
  edits: ReadonlyMap<number, EditOf<'group'>>,
): Promise<number> {
  const { connection, flavour } = parts;
  const table = sql.table(flavour.trainingTable);
  const before = new Map<number, BeforeChange>();
  const byGroup = new Map<string, number[]>();
  for (const { group } of edits.values())
    if (!isGroupOf(step, group))
      throw new SluiceError('INTERNAL', `the group ${group} does not begin with the number of step ${step}`);
  for (const ids of listsOf([...edits.keys()])) {
    const { rows } = await sql<{
      id: number | string;
      near_group: string | null;
    }>`select id, near_group from ${table}
      where id in (${sql.join(ids)}) order by id ${flavour.waitForLocked}`.execute(connection);
    for (const { id: stored, near_group } of rows) {
      const id = integerOf(stored);
      const { row, group } = edits.get(id)!;
      if (near_group !== row.near_group || near_group === group) continue;
      byGroup.set(group, [...(byGroup.get(group) ?? []), id]);
      if (!isGroupOf(step, near_group)) before.set(id, { group: near_group });
    }
  }
  await recordChanges(parts, step, before);
  let changed = 0;
  for (const [group, all] of byGroup)
    for (const ids of listsOf(all)) {
      await sql`update ${table} set near_group = ${group} where id in (${sql.join(ids)})`.execute(connection);
      changed += ids.length;
    }
  return changed;
}

/** Whether a step gave a row this group. */
export function isGroupOf(step: number, group: string | null): boolean {
  return group?.startsWith(`${step}:`) ?? false;
}

async function removeRows(
  { connection, flavour }: TimedTransaction,
  step: number,
  edits: ReadonlyMap<number, EditOf<'remove'>>,
): Promise<number> {
  if (edits.size === 0) return 0;
  const table = sql.table(flavour.trainingTable);
  const columns = await movedColumns({ connection, flavour });
  let removed = 0;
  for (const some of listsOf([...edits.keys()])) {
    const { rows } = await sql<{
      id: number | string;
      labelled_by: string | null;
    }>`select id, labelled_by from ${table}
      where id in (${sql.join(some)}) order by id ${flavour.waitForLocked}`.execute(connection);
    const ids = rows.flatMap(({ id, labelled_by }) =>
      labelled_by === edits.get(integerOf(id))!.row.labelled_by && !isByPerson(labelled_by)
        ? [integerOf(id)]
        : [],
    );
    if (ids.length === 0) continue;
    await sql`insert into ${sql.table(removedTableOf(flavour.trainingTable))} (${columns}, ${sql.id(REMOVED_STEP)})
      select ${columns}, ${sql.lit(step)} from ${table} where id in (${sql.join(ids)})`.execute(connection);
    await sql`delete from ${table} where id in (${sql.join(ids)})`.execute(connection);
    removed += ids.length;
  }
  return removed;
}

/** All that a row is written with. Throws `STORE_FAILED` where another program has added a column that a removed row would lose. */
export async function movedColumns({
  connection,
  flavour,
}: Pick<TimedTransaction, 'connection' | 'flavour'>): Promise<RawBuilder<unknown>> {
  const { trainingTable } = flavour;
  const removedTable = removedTableOf(trainingTable);
  const database = connection as never;
  const columns = await flavour.writtenColumnsOf(database, trainingTable);
  const there = new Set(await flavour.writtenColumnsOf(database, removedTable));
  const missing = columns.filter((column) => !there.has(column));
  if (missing.length > 0)
    throw new SluiceError(
      'STORE_FAILED',
      `the table ${removedTable} lacks columns of ${trainingTable} (${missing.join(', ')}), so that no row can be removed and restored; add them there`,
    );
  return sql.join(columns.map((column) => sql.id(column)));
}

async function recordChanges(
  { connection }: TimedTransaction,
  step: number,
  changes: ReadonlyMap<number, BeforeChange>,
): Promise<void> {
  for (const some of listsOf([...changes]))
    await connection
      .insertInto('label_change')
      .values(some.map(([training_id, before]) => ({ step, training_id, before: JSON.stringify(before) })))
      .execute();
}

export function* listsOf<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < all.length; from += IDS_AT_ONCE) yield all.slice(from, from + IDS_AT_ONCE);
}
