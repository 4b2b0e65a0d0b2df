import { type Kysely, type RawBuilder, sql } from 'kysely';

/**
 * Runs `work` in a transaction: either all that it writes is stored, or nothing. Throws what failed first, be it `work` or
 * the commit.
 *
 * Kysely's own transactions throw the error of the rollback instead. SQLite rolls back by itself where the disk is full, the
 * file cannot be read or written, or memory is short, and then has nothing to roll back: that error would hide the cause.
 */
export function inTransaction<D, T>(
  database: Kysely<D>,
  work: (connection: Kysely<D>) => Promise<T>,
  beginning: RawBuilder<unknown> = sql`begin`,
): Promise<T> {
  return database.connection().execute(async (connection) => {
    await begin(connection, beginning);
    try {
      const result = await work(connection);
      await sql`commit`.execute(connection);
      return result;
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}

async function begin<D>(connection: Kysely<D>, beginning: RawBuilder<unknown>): Promise<void> {
  try {
    await beginning.execute(connection);
  } catch (error) {
    // A rollback may have failed without ending the transaction before; what is written now must not become part of it.
    await sql`rollback`.execute(connection).catch(() => {
      throw error;
    });
    await beginning.execute(connection);
  }
}
