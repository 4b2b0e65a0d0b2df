import { SluiceError } from '../../core/errors.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import { SqlAccountStore } from '../sql/sql-account-store.ts';
import { storeFailed } from './libsql-review-store.ts';
import { type LibsqlSystem, type OpenLibsql, openLibsql } from './open-libsql.ts';
import { sqliteFlavour } from './sqlite-flavour.ts';

/** A daemon on the same file holds it for the time of a batch. */
const ATTEMPTS = 40;
const WAIT_MS = 25;

/** Accounts in the file of the embedded database; made where it is missing. Throws `STORE_FAILED`. */
export async function openLibsqlAccountStore(path: string, system?: LibsqlSystem): Promise<AccountStore> {
  const opened = await openLibsql(path, system);
  return libsqlAccountStore(opened, path, async () => {
    await opened.database.destroy();
    await opened.walSync.close();
  });
}

/** Over a database that is open; `close` is what its own `close` does. */
export function libsqlAccountStore(
  { database, walSync }: OpenLibsql,
  path: string,
  close: () => Promise<void>,
): AccountStore {
  return new SqlAccountStore({
    database,
    makeDurable: () => walSync.sync(),
    close,
    flavour: sqliteFlavour,
    guard: async (query) => {
      for (let attempt = 1; ; attempt++)
        try {
          return await query();
        } catch (error) {
          if (!isBusy(error) || attempt === ATTEMPTS)
            throw error instanceof SluiceError ? error : storeFailed(error, path);
          await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
        }
    },
  });
}

/** Another connection holds the file; nothing was written. */
function isBusy(error: unknown): boolean {
  return String((error as { readonly code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');
}
