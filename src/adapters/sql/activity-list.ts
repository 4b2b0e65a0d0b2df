import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type { ActivityEntry, DecisionStore, Page } from '../../ports/decision-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { type IndexedCondition, newestFirst } from './newest-first.ts';
import { decodeCursor, encodeCursor } from './queue-order.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { activityIndexes } from './training-tables.ts';

interface ReadEntry {
  readonly id: number | string;
  readonly who: string;
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly when: number | string;
}

/** The activity log, newest first. Throws `USAGE` for a cursor that is none. */
export async function listActivity(
  database: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  { filter = {}, after, limit }: Parameters<DecisionStore['activity']>[0],
): Promise<Page<ActivityEntry>> {
  const { who, what, from, to } = filter;
  const indexed: IndexedCondition[] = [];
  const add = (of: keyof typeof activityIndexes, where: Expression<SqlBool>, isOrdered = true) =>
    indexed.push({ index: activityIndexes[of].name, where, isOrdered });
  const when = sql.ref('when');
  if (who !== undefined) add('who', sql`who = ${who}`);
  if (what !== undefined) add('what', sql`what = ${what}`);
  if (from !== undefined || to !== undefined)
    add('time', sql`${when} >= ${from ?? 0} and ${when} < ${to ?? Number.MAX_SAFE_INTEGER}`, false);
  const before = after === undefined ? undefined : decodeCursor(after, 1)[0]!;
  const columns = sql`id, who, what, ${sql.ref('before')}, ${sql.ref('after')}, ${when}`;
  const { rows, next } = await newestFirst<ReadEntry>(database, flavour, {
    ...{ table: 'activity', columns, indexed, others: [], before, limit },
  });
  return {
    items: rows.map((row) => ({
      ...{ id: integerOf(row.id), who: row.who, what: row.what, when: integerOf(row.when) },
      before: row.before === null ? null : (JSON.parse(row.before) as unknown),
      after: row.after === null ? null : (JSON.parse(row.after) as unknown),
    })),
    next: next === undefined ? null : encodeCursor([next]),
  };
}
