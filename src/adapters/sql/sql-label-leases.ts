import { sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import { LABEL_LEASE_SECONDS, type LabelLeases, MAX_CLAIMED_ROWS } from '../../ports/label-leases.ts';
import { inTransaction } from './in-transaction.ts';
import { integerOf } from './review-row.ts';
import type { SqlUpdate } from './sql-flavour.ts';
import type { SqlLabelStoreParts } from './sql-label-store.ts';
import type { TimedTransaction } from './timed-transaction.ts';

const LEASE_MS = LABEL_LEASE_SECONDS * 1000;

/** Thrown to roll back where another process has a row. */
class Taken extends Error {}

/** Which rows somebody is asked about, in SQL. A lease is no promise that survives a power cut, so nothing is synced. */
export class SqlLabelLeases implements LabelLeases {
  readonly #parts: SqlLabelStoreParts;

  constructor(parts: SqlLabelStoreParts) {
    this.#parts = parts;
  }

  async claim(rows: readonly number[]): Promise<boolean> {
    if (rows.length > MAX_CLAIMED_ROWS)
      throw new SluiceError('INTERNAL', `${rows.length} rows are more than one claim takes`);
    if (rows.length === 0) return true;
    // Everybody in the same order, so that two claims do not wait for each other.
    const ids = [...rows].sort((a, b) => a - b);
    try {
      await this.#write((transaction) => this.#hold(transaction, ids));
      return true;
    } catch (error) {
      if (error instanceof Taken) return false;
      throw error;
    }
  }

  async release(rows: readonly number[]): Promise<void> {
    if (rows.length === 0) return;
    const { holder } = this.#parts;
    await this.#write(async ({ connection, flavour }) => {
      await connection
        .deleteFrom('label_lease')
        .where('training_table', '=', flavour.trainingTable)
        .where('training_id', 'in', [...rows])
        .where('holder', '=', holder)
        .execute();
    });
  }

  /** All that this process holds, and what processes left that were killed. */
  async releaseAll(): Promise<void> {
    const { holder } = this.#parts;
    await this.#write(async ({ connection, now }) => {
      await connection
        .deleteFrom('label_lease')
        .where(({ or, eb }) => or([eb('holder', '=', holder), eb('held_until', '<=', now)]))
        .execute();
    });
  }

  async #hold({ connection, flavour, now }: TimedTransaction, ids: readonly number[]): Promise<void> {
    const { holder } = this.#parts;
    const mine = { training_table: flavour.trainingTable, holder };
    const leases = ids.map((training_id) => ({
      ...{ ...mine, training_id, held_until: now + LEASE_MS },
    }));
    for (let from = 0; from < leases.length; from += flavour.rowsPerInsert)
      await connection
        .insertInto('label_lease')
        .values(leases.slice(from, from + flavour.rowsPerInsert))
        .modifyEnd(flavour.updateExisting(ifFree(now)))
        .execute();
    const { held } = await connection
      .selectFrom('label_lease')
      .select(({ fn }) => fn.countAll<number | string>().as('held'))
      .where('training_table', '=', flavour.trainingTable)
      .where('training_id', 'in', [...ids])
      .where('holder', '=', holder)
      .executeTakeFirstOrThrow();
    if (integerOf(held) < ids.length) throw new Taken();
  }

  async #write(work: (transaction: TimedTransaction) => Promise<void>): Promise<void> {
    const { database, flavour, guard, now } = this.#parts;
    let isTaken = false;
    await guard(async () => {
      try {
        await inTransaction(
          database,
          async (connection) => work({ connection, flavour, now: await now(connection) }),
          flavour.begin,
        );
        isTaken = false;
      } catch (error) {
        // No failure of the database.
        if (!(error instanceof Taken)) throw error;
        isTaken = true;
      }
    });
    if (isTaken) throw new Taken();
  }
}

/** A lease that has ended, or is one's own, or was written before the clock was set back. `holder` comes first: with it set, the condition holds whatever the end is. */
function ifFree(now: number): SqlUpdate {
  return {
    identity: ['training_table', 'training_id'],
    columns: ['holder', 'held_until'],
    when: (inserted) =>
      sql`(holder = ${inserted('holder')} or held_until <= ${now} or held_until > ${now + 2 * LEASE_MS})`,
  };
}
