import { type Kysely, sql } from 'kysely';
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
  const when = sql.ref('when');
  if (who !== undefined)
    indexed.push({ index: activityIndexes.who.name, where: () => sql`who = ${who}`, isOrdered: true });
  if (what !== undefined)
    indexed.push({ index: activityIndexes.what.name, where: () => sql`what = ${what}`, isOrdered: true });
  if (from !== undefined || to !== undefined)
    indexed.push({
      index: activityIndexes.time.name,
      where: () => sql`${when} >= ${from ?? 0} ${to === undefined ? sql`` : sql`and ${when} < ${to}`}`,
      isOrdered: false,
    });
  const before = after === undefined ? undefined : decodeCursor(after, 1)[0]!;
  const { rows, next } = await newestFirst<ReadEntry>(
    database,
    flavour,
    { table: 'activity', indexed, others: [], before, limit },
    sql`id, who, what, ${sql.ref('before')}, ${sql.ref('after')}, ${when}`,
  );
  return {
    items: rows.map((row) => ({
      ...{ id: integerOf(row.id), who: row.who, what: row.what, when: integerOf(row.when) },
      before: row.before === null ? null : (JSON.parse(row.before) as unknown),
      after: row.after === null ? null : (JSON.parse(row.after) as unknown),
    })),
    next: next === undefined ? null : encodeCursor([next]),
  };
}
