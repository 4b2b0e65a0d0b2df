import { expressionBuilder, type Kysely, sql } from 'kysely';
import { type LeasedItems, UNSURE_LIMIT } from '../../ports/decision-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { LEASE_MS, latestEnd, type QueueRow, queueItemOf, selectQueue } from './queue-item.ts';
import { conditionsOf, orderedBy, queueIn } from './queue-order.ts';
import { integerOf } from './review-row.ts';
import { unsureAnswers } from './sql-decision-transaction.ts';
import {
  leaseSecondOpinions,
  releaseSecondOpinions,
  renewSecondOpinions,
  sorted,
} from './sql-second-leases.ts';
import { hasEnded, type LeaseRequest, type TimedTransaction } from './timed-transaction.ts';

/** Rows that are looked at beyond those that were asked for, since others may take the first ones at the same time. */
const SPARE = 32;

/** Leases of the review table; each function runs in a transaction. */
export async function leaseRows(parts: TimedTransaction, request: LeaseRequest): Promise<LeasedItems> {
  const { connection, flavour, now } = parts;
  await reopenExpired(parts);
  const second = await leaseSecondOpinions(parts, request);
  const ids = await freeRows(parts, { ...request, count: request.count - second.length });
  const until = now + LEASE_MS;
  if (ids.length === 0) return { id: request.id, until, items: sorted(second, request.order) };
  await connection
    .updateTable('review')
    .set({ state: 'leased', lease_id: request.id, lease_holder: request.holder, lease_until: until })
    .where('id', 'in', ids)
    .execute();
  const rows = await selectQueue(connection, flavour).where('id', 'in', ids).execute();
  const byId = new Map(rows.map((row) => [integerOf(row.id), row as QueueRow]));
  const leased = ids.map((id) => ({ row: byId.get(id)!, item: queueItemOf(byId.get(id)!, flavour) }));
  const items =
    second.length === 0 ? leased.map(({ item }) => item) : sorted([...leased, ...second], request.order);
  return { id: request.id, until, items };
}

export async function renewLease(
  parts: TimedTransaction,
  id: string,
  holder: string,
): Promise<{ readonly renewed: number; readonly until: number }> {
  const { connection, flavour, now } = parts;
  const until = now + LEASE_MS;
  const rows = await connection
    .selectFrom('review')
    .select('id')
    .where('lease_id', '=', id)
    .where('lease_holder', '=', holder)
    .where('state', '=', 'leased')
    .where('lease_until', '>', now)
    .where('lease_until', '<=', latestEnd(now))
    .modifyEnd(flavour.waitForLocked)
    .execute();
  if (rows.length > 0)
    await connection
      .updateTable('review')
      .set({ lease_until: until })
      .where('id', 'in', idsOf(rows))
      .execute();
  return { renewed: rows.length + (await renewSecondOpinions(parts, id, holder)), until };
}

export async function releaseLease(parts: TimedTransaction, id: string, holder: string): Promise<number> {
  const { connection, flavour } = parts;
  const rows = await connection
    .selectFrom('review')
    .select('id')
    .where('lease_id', '=', id)
    .where('lease_holder', '=', holder)
    .where('state', '=', 'leased')
    .modifyEnd(flavour.waitForLocked)
    .execute();
  await reopen(connection, idsOf(rows));
  return rows.length + (await releaseSecondOpinions(parts, id, holder));
}

/** Rows whose lease has ended are open again. */
export async function reopenExpired({ connection, flavour, now }: TimedTransaction): Promise<void> {
  const rows = await connection
    .selectFrom('review')
    .select('id')
    .where('state', '=', 'leased')
    .where(hasEnded(now))
    .execute();
  if (rows.length === 0) return;
  // One that is held by another transaction is being decided or renewed.
  const free = await connection
    .selectFrom('review')
    .select('id')
    .where('id', 'in', idsOf(rows))
    .where('state', '=', 'leased')
    .where(hasEnded(now))
    .modifyEnd(flavour.skipLocked)
    .execute();
  await reopen(connection, idsOf(free));
}

async function reopen(connection: Kysely<SluiceDatabase>, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await connection
    .updateTable('review')
    .set({ state: 'open', lease_id: null, lease_holder: null, lease_until: null })
    .where('id', 'in', [...ids])
    .execute();
}

/**
 * The first open rows in the order, as many as were asked for and are free, and holds them. They are looked up without locks, since a
 * sorted `select … for update` would lock all rows that it sorts.
 */
async function freeRows(parts: TimedTransaction, request: LeaseRequest): Promise<number[]> {
  const { connection, flavour } = parts;
  const taken: number[] = [];
  if (request.count === 0) return taken;
  let seen = 0;
  for (let window = request.count + SPARE; ; window *= 4) {
    const candidates = await candidatesOf(parts, request, window);
    while (taken.length < request.count && seen < candidates.length) {
      const some = candidates.slice(seen, seen + request.count - taken.length);
      seen += some.length;
      const free = await connection
        .selectFrom('review')
        .select('id')
        .where('id', 'in', some)
        .where('state', '=', 'open')
        .modifyEnd(flavour.skipLocked)
        .execute();
      const ids = new Set(idsOf(free));
      taken.push(...some.filter((id) => ids.has(id)));
    }
    if (taken.length === request.count || candidates.length < window) return taken;
  }
}

async function candidatesOf(
  { connection, flavour }: TimedTransaction,
  { holder, isLead, order, filter }: LeaseRequest,
  limit: number,
): Promise<number[]> {
  const { or, and, not, exists, eb } = expressionBuilder<SluiceDatabase, 'review'>();
  const fresh = and([
    eb('unsure_count', '<', UNSURE_LIMIT),
    not(
      exists(
        unsureAnswers(connection)
          .select('decision_item.id')
          .whereRef('decision_item.review_id', '=', sql.ref('review.id'))
          .where('decision.decided_by', '=', holder),
      ),
    ),
  ]);
  const isOffered = or([
    eb('unsure_count', '=', 0),
    fresh,
    ...(isLead ? [eb('unsure_count', '>=', UNSURE_LIMIT)] : []),
  ]);
  const where = [sql`state = 'open'`, ...conditionsOf(flavour, filter), isOffered];
  const { rows } = await sql<{ readonly id: number | string }>`select id
    from ${queueIn(flavour, order, filter ?? {})} where ${sql.join(where, sql` and `)}
    order by ${orderedBy(order)} limit ${sql.lit(limit)}`.execute(connection);
  return idsOf(rows);
}

function idsOf(rows: readonly { readonly id: number | string }[]): number[] {
  return rows.map(({ id }) => integerOf(id));
}
