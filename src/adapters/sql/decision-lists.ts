import { type Kysely, sql } from 'kysely';
import type { DecisionLabel } from '../../core/decision.ts';
import type {
  DecidedDay,
  DecisionStore,
  ListedDecision,
  ReviewProgress,
} from '../../ports/decision-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf, integerOrNull } from './review-row.ts';

const DAY_MS = 86_400_000;

/** Newest first; `before`: only those with lower ids. */
export async function listDecisions(
  database: Kysely<SluiceDatabase>,
  query: { readonly by: string | undefined; readonly before: number | undefined; readonly limit: number },
): Promise<readonly ListedDecision[]> {
  let newest = database.selectFrom('decision').selectAll().orderBy('id', 'desc').limit(query.limit);
  if (query.by !== undefined) newest = newest.where('decided_by', '=', query.by);
  if (query.before !== undefined) newest = newest.where('id', '<', query.before);
  const rows = await newest.execute();
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => integerOf(id));
  const items = await database
    .selectFrom('decision_item')
    .select(['decision_id', 'review_id'])
    .where('decision_id', 'in', ids)
    .orderBy('id')
    .execute();
  const relabeled = await database
    .selectFrom('decision_training')
    .select(['decision_id', 'training_id'])
    .where('decision_id', 'in', ids)
    .orderBy('id')
    .execute();
  const undos = await database
    .selectFrom('decision')
    .select(['id', 'undoes'])
    .where('undoes', 'in', ids)
    .execute();
  const itemsOf = new Map(ids.map((id): [number, number[]] => [id, []]));
  for (const { decision_id, review_id } of items)
    itemsOf.get(integerOf(decision_id))?.push(integerOf(review_id));
  const trainingOf = new Map<number, number[]>();
  for (const { decision_id, training_id } of relabeled) {
    const id = integerOf(decision_id);
    const rowsOf = trainingOf.get(id);
    if (rowsOf === undefined) trainingOf.set(id, [integerOf(training_id)]);
    else rowsOf.push(integerOf(training_id));
  }
  const undoneBy = new Map(undos.map(({ id, undoes }) => [integerOrNull(undoes), integerOf(id)]));
  return rows.map((row) => ({
    id: integerOf(row.id),
    label: row.label,
    items: itemsOf.get(integerOf(row.id)) ?? [],
    decided_by: row.decided_by,
    decided_at: integerOf(row.decided_at),
    note: row.note,
    undoes: integerOrNull(row.undoes),
    ...(trainingOf.has(integerOf(row.id)) ? { training: trainingOf.get(integerOf(row.id))! } : {}),
    undone_by: undoneBy.get(integerOf(row.id)) ?? null,
  }));
}

/** As in the port. */
export async function progressSince(
  database: Kysely<SluiceDatabase>,
  since: readonly number[],
): Promise<ReviewProgress> {
  const { open } = await database
    .selectFrom('review')
    .select(({ fn }) => fn.countAll<number | string>().as('open'))
    .where('state', 'in', ['open', 'leased'])
    .executeTakeFirstOrThrow();
  const people = new Map<string, number[]>();
  for (const [index, from] of since.entries()) {
    const counts = await database
      .selectFrom('decision')
      .innerJoin('decision_item', 'decision_item.decision_id', 'decision.id')
      .select(({ fn }) => ['decision.decided_by', fn.countAll<number | string>().as('rows')])
      .where('decision.decided_at', '>=', from)
      .where('decision.label', 'in', ['spam', 'ham'])
      .groupBy('decision.decided_by')
      .execute();
    for (const { decided_by, rows } of counts) {
      const ofPerson = people.get(decided_by) ?? since.map(() => 0);
      ofPerson[index] = integerOf(rows);
      people.set(decided_by, ofPerson);
    }
  }
  return {
    open: integerOf(open),
    people: [...people].map(([name, rows]) => ({ name, rows })),
  };
}

/** As in the port. */
export async function decidedByDay(
  database: Kysely<SluiceDatabase>,
  { from, to }: Parameters<DecisionStore['decidedByDay']>[0],
): Promise<readonly DecidedDay[]> {
  const day = sql<number | string>`(decision.decided_at - decision.decided_at % ${sql.lit(DAY_MS)})`;
  const rows = await database
    .selectFrom('decision')
    .innerJoin('decision_item', 'decision_item.decision_id', 'decision.id')
    .select(({ fn }) => [day.as('day'), 'decision.label', fn.countAll<number | string>().as('rows')])
    .where('decision.decided_at', '>=', from)
    .where('decision.decided_at', '<', to)
    .where('decision.label', 'is not', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('decision as undo').select('undo.id').whereRef('undo.undoes', '=', 'decision.id')),
      ),
    )
    .groupBy([day, 'decision.label'])
    .orderBy(day)
    .orderBy('decision.label')
    .execute();
  return rows.map((row) => ({
    ...{ day: integerOf(row.day), label: row.label as DecisionLabel, rows: integerOf(row.rows) },
  }));
}
