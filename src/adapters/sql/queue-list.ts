import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type {
  DecisionStore,
  Page,
  QueueItem,
  ReviewFilter,
  ReviewOrder,
} from '../../ports/decision-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { firstWithWords, type LookedAt } from './first-with-words.ts';
import { storableText } from './lossless-text.ts';
import { queueItemOf, selectQueue } from './queue-item.ts';
import { behind, conditionsOf, cursorOf, orderColumns, orderedBy, queueIn } from './queue-order.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { indexedWords } from './text-search.ts';

/** A page of review rows in one state, in an order, with all conditions of the filter. Throws `USAGE` for a cursor of another list. */
export async function listQueue(
  database: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  { state, order, filter = {}, after, limit }: Parameters<DecisionStore['list']>[0],
): Promise<Page<QueueItem>> {
  const ofState = sql<SqlBool>`state = ${state}`;
  const from = after === undefined ? [] : [behind(after, order)];
  // One more than asked for, to know whether another page follows.
  const most = limit + 1;
  const { q, ...others } = filter;
  const words = q === undefined ? undefined : indexedWords(flavour, storableText(q));
  const withoutWords = allOf([ofState, ...conditionsOf(flavour, others), ...from]);
  const first =
    words === undefined
      ? undefined
      : await firstWithWords(flavour, words, most, async (columns, { skip, take }) => {
          const { rows } = await sql<LookedAt>`select ${columns} from ${queueIn(flavour, order, others)}
            where ${withoutWords} order by ${orderedBy(order)} limit ${sql.lit(take)} offset ${sql.lit(skip)}`.execute(
            database,
          );
          return rows;
        });
  const ids = first ?? (await idsOf(database, flavour, { order, filter, most }, [ofState, ...from]));
  if (ids.length === 0) return { items: [], next: null };
  let query = selectQueue(database, flavour).where('id', 'in', ids.slice(0, limit));
  for (const column of orderColumns[order]) query = query.orderBy(column);
  const rows = await query.execute();
  const last = ids.length > limit ? rows.at(-1) : undefined;
  return {
    items: rows.map((row) => queueItemOf(row, flavour)),
    next: last === undefined ? null : cursorOf(last, order),
  };
}

async function idsOf(
  database: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  {
    order,
    filter,
    most,
  }: { readonly order: ReviewOrder; readonly filter: ReviewFilter; readonly most: number },
  others: readonly Expression<SqlBool>[],
): Promise<readonly number[]> {
  const { rows } = await sql<{
    readonly id: number | string;
  }>`select id from ${queueIn(flavour, order, filter)}
    where ${allOf([...others, ...conditionsOf(flavour, filter)])} order by ${orderedBy(order)}
    limit ${sql.lit(most)}`.execute(database);
  return rows.map(({ id }) => integerOf(id));
}

function allOf(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}
