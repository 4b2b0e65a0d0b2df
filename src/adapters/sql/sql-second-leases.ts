import { type Kysely, sql } from 'kysely';
import { asUndecided, type QueueItem, withoutHiddenScore } from '../../ports/queue-item.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { LEASE_MS, latestEnd, type QueueRow, queueItemOf, selectQueue } from './queue-item.ts';
import { conditionsOf, orderColumns } from './queue-order.ts';
import { integerOf } from './review-row.ts';
import { answersOf } from './sql-second-opinions.ts';
import { hasEnded, type LeaseRequest, type TimedTransaction } from './timed-transaction.ts';

/** Second opinions that are looked at to find some that pass the filter. */
const LOOKED_AT = 100;

/** A row that is handed out, with what it is sorted by. */
export interface LeasedRow {
  readonly item: QueueItem;
  readonly row: QueueRow;
}

/**
 * Hands out decided rows for a second answer, and to leads those with two that differ; never to somebody who answered the row before. Runs
 * in the transaction of the lease.
 */
export async function leaseSecondOpinions(
  parts: TimedTransaction,
  request: LeaseRequest,
): Promise<readonly LeasedRow[]> {
  const { blind = 0, differing = 0 } = request.second ?? {};
  const toLead = request.isLead ? await take(parts, request, 'differs', differing) : [];
  const toOther = await take(parts, request, 'waiting', Math.min(blind, request.count - toLead.length));
  const answers = await answersOf(
    parts.connection,
    toLead.map(({ item }) => item.id),
  );
  return [
    ...toLead.map(({ item, row }) => ({
      row,
      item: withoutHiddenScore({
        ...item,
        state: 'leased',
        answers: answers.get(item.id) ?? [],
      }),
    })),
    ...toOther.map(({ item, row }) => ({ row, item: asUndecided(item) })),
  ];
}

/** In the order that was asked for, so that no row's position says what it is. */
export function sorted(rows: readonly LeasedRow[], order: LeaseRequest['order']): readonly QueueItem[] {
  const columns = orderColumns[order];
  return [...rows]
    .sort((a, b) => {
      for (const column of columns) {
        const difference = Number(a.row[column]) - Number(b.row[column]);
        if (difference !== 0) return difference;
      }
      return 0;
    })
    .map(({ item }) => item);
}

async function take(
  { connection, flavour, now }: TimedTransaction,
  { id: lease, holder, filter }: LeaseRequest,
  state: 'waiting' | 'differs',
  count: number,
): Promise<readonly LeasedRow[]> {
  if (count <= 0) return [];
  const found = await connection
    .selectFrom('second_opinion')
    .select(['id', 'review_id'])
    .where('state', '=', state)
    .where(hasEnded(now))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('review')
          .select('review.id')
          .whereRef('review.id', '=', 'second_opinion.review_id')
          .whereRef('review.revision', '=', 'second_opinion.revision')
          .where('review.state', '=', 'labelled'),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('decision_item')
            .innerJoin('decision', 'decision.id', 'decision_item.decision_id')
            .select('decision_item.id')
            .whereRef('decision_item.review_id', '=', 'second_opinion.review_id')
            .where('decision.decided_by', '=', holder),
        ),
      ),
    )
    .orderBy('id')
    .limit(LOOKED_AT)
    .execute();
  if (found.length === 0) return [];
  // Without a condition on the state: by its index all decided rows would be read.
  let query = selectQueue(connection, flavour).where(
    'id',
    'in',
    found.map((each) => integerOf(each.review_id)),
  );
  for (const condition of conditionsOf(flavour, filter)) query = query.where(condition);
  const rows = (await query.execute()).slice(0, count);
  const ids = await hold(
    { connection, flavour, now },
    found.filter((each) => rows.some((row) => integerOf(row.id) === integerOf(each.review_id))),
    { state, lease, holder },
  );
  return rows
    .filter((row) => ids.has(integerOf(row.id)))
    .map((row) => ({ row: row as QueueRow, item: queueItemOf(row as QueueRow, flavour) }));
}

/** Those that nobody else takes at the same time. Returns their review rows. */
async function hold(
  { connection, flavour, now }: TimedTransaction,
  chosen: readonly { readonly id: number | string; readonly review_id: number | string }[],
  lease: { readonly state: 'waiting' | 'differs'; readonly lease: string; readonly holder: string },
): Promise<ReadonlySet<number>> {
  if (chosen.length === 0) return new Set();
  const free = await connection
    .selectFrom('second_opinion')
    .select(['id', 'review_id'])
    .where(
      'id',
      'in',
      chosen.map(({ id }) => integerOf(id)),
    )
    .where('state', '=', lease.state)
    .where(hasEnded(now))
    .modifyEnd(flavour.skipLocked)
    .execute();
  if (free.length === 0) return new Set();
  await connection
    .updateTable('second_opinion')
    .set({ lease_id: lease.lease, lease_holder: lease.holder, lease_until: now + LEASE_MS })
    .where(
      'id',
      'in',
      free.map(({ id }) => integerOf(id)),
    )
    .execute();
  return new Set(free.map(({ review_id }) => integerOf(review_id)));
}

/** Returns how many. */
export async function renewSecondOpinions(
  { connection, now }: TimedTransaction,
  id: string,
  holder: string,
): Promise<number> {
  const until = now + LEASE_MS;
  const { numUpdatedRows } = await held(connection, id, holder)
    .set({ lease_until: until })
    .where('lease_until', '>', now)
    .where('lease_until', '<=', latestEnd(now))
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** The holder stays, so that an answer that is on its way still counts until somebody else has the row. Returns how many. */
export async function releaseSecondOpinions(
  { connection }: TimedTransaction,
  id: string,
  holder: string,
): Promise<number> {
  const { numUpdatedRows } = await held(connection, id, holder).set({ lease_until: 0 }).executeTakeFirst();
  return Number(numUpdatedRows);
}

function held(connection: Kysely<SluiceDatabase>, id: string, holder: string) {
  return connection
    .updateTable('second_opinion')
    .where('lease_id', '=', id)
    .where('lease_holder', '=', holder)
    .where(sql<boolean>`state <> 'closed'`);
}
