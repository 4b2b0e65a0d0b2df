import { SluiceError } from '../../core/errors.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import { SqlDecisionStore } from '../sql/sql-decision-store.ts';
import { storeFailed } from './libsql-review-store.ts';
import { type LibsqlSystem, openLibsql } from './open-libsql.ts';
import { sqliteFlavour } from './sqlite-flavour.ts';

/** A daemon on the same file holds it for the time of a batch. */
const ATTEMPTS = 40;
const WAIT_MS = 25;

/**
 * The review queue in the file of the embedded database; made where it is missing. All who use the file are on one machine, so
 * its clock is the clock of the leases. Throws `STORE_FAILED`.
 */
export async function openLibsqlDecisionStore(
  path: string,
  now: () => number = Date.now,
  system?: LibsqlSystem,
): Promise<DecisionStore> {
  const { database, walSync } = await openLibsql(path, system);
  return new SqlDecisionStore({
    database,
    makeDurable: () => walSync.sync(),
    close: async () => {
      await database.destroy();
      await walSync.close();
    },
    flavour: sqliteFlavour,
    now: async () => now(),
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
