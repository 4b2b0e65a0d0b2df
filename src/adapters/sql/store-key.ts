import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { SluiceDatabase } from './database-schema.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** A secret of this database, hex; made once, and the same for all who use it. */
export async function storeKey(
  connection: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  name: string,
): Promise<string> {
  const known = await knownStoreKey(connection, name);
  if (known !== undefined) return known;
  await connection
    .insertInto('store_key')
    .values({ name, value: randomBytes(32).toString('hex') })
    .modifyEnd(flavour.passOverExisting('value'))
    .execute();
  // With a lock it sees what another process has just inserted.
  const { value } = await connection
    .selectFrom('store_key')
    .select('value')
    .where('name', '=', name)
    .modifyEnd(flavour.waitForLocked)
    .executeTakeFirstOrThrow();
  return value;
}

/** Undefined where it was never needed. */
export async function knownStoreKey(
  connection: Kysely<SluiceDatabase>,
  name: string,
): Promise<string | undefined> {
  const row = await connection
    .selectFrom('store_key')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value;
}
