import { type SqlBool, sql } from 'kysely';
import type { Verdict } from '../../core/verdict.ts';
import type { OutboxRow } from '../../ports/decision-store.ts';
import { LEASE_MS } from './queue-item.ts';
import { integerOf } from './review-row.ts';
import type { TimedTransaction } from './timed-transaction.ts';
import { hasEnded } from './timed-transaction.ts';

/** The oldest waiting row of each message, unless somebody holds it. */
export async function takeOutboxRows(
  { connection, flavour, now }: TimedTransaction,
  holder: string,
  limit: number,
): Promise<readonly OutboxRow[]> {
  const rows = await connection
    .selectFrom('outbox')
    .select(['id', 'verdict', 'created_at'])
    .where('published_at', 'is', null)
    .where(hasEnded(now))
    .where(
      sql<SqlBool>`not exists (select 1 from outbox as earlier where earlier.message_key = outbox.message_key
        and earlier.sequence < outbox.sequence and earlier.published_at is null)`,
    )
    .orderBy('attempts')
    .orderBy('id')
    .limit(limit)
    .modifyEnd(flavour.skipLocked)
    .execute();
  if (rows.length === 0) return [];
  const taken = rows.map((row) => ({
    id: integerOf(row.id),
    verdict: JSON.parse(row.verdict) as Verdict,
    created_at: integerOf(row.created_at),
  }));
  await connection
    .updateTable('outbox')
    .set({ lease_holder: holder, lease_until: now + LEASE_MS })
    .where(
      'id',
      'in',
      taken.map(({ id }) => id),
    )
    .execute();
  return taken;
}

export async function finishOutboxRows(
  { connection, now }: TimedTransaction,
  rows: readonly { readonly id: number; readonly refusal?: string }[],
): Promise<void> {
  const byRefusal = new Map<string | null, number[]>();
  for (const { id, refusal = null } of rows) byRefusal.set(refusal, [...(byRefusal.get(refusal) ?? []), id]);
  for (const [refusal, ids] of byRefusal)
    await connection
      .updateTable('outbox')
      .set({ published_at: now, refusal, lease_holder: null, lease_until: null })
      .where('id', 'in', ids)
      .where('published_at', 'is', null)
      .execute();
}

export async function postponeOutboxRows(
  { connection, now }: TimedTransaction,
  rows: readonly { readonly id: number; readonly hasFailed: boolean }[],
  seconds: number,
): Promise<void> {
  const lease_until = now + Math.min(LEASE_MS, seconds * 1000);
  for (const hasFailed of [true, false]) {
    const ids = rows.filter((row) => row.hasFailed === hasFailed).map(({ id }) => id);
    if (ids.length === 0) continue;
    await connection
      .updateTable('outbox')
      .set({
        ...{ lease_holder: null, lease_until },
        ...(hasFailed ? { attempts: sql<number>`attempts + 1` } : {}),
      })
      .where('id', 'in', ids)
      .where('published_at', 'is', null)
      .execute();
  }
}
