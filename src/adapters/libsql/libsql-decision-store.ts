import { SluiceError } from '../../core/errors.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import { SqlDecisionStore, type SqlDecisionStoreParts } from '../sql/sql-decision-store.ts';
import { storeFailed } from './libsql-review-store.ts';
import { closeLibsql, type LibsqlSystem, type OpenLibsql, openLibsql } from './open-libsql.ts';
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
  const opened = await openLibsql(path, system);
  return libsqlDecisionStore(opened, path, () => closeLibsql(opened), now);
}

/** Over a database that is open; `close` is what its own `close` does. */
export function libsqlDecisionStore(
  opened: OpenLibsql,
  path: string,
  close: () => Promise<void>,
  now: () => number = Date.now,
): DecisionStore {
  return new SqlDecisionStore(libsqlParts(opened, path, close, now));
}

/** What all stores for people are built on. */
export function libsqlParts(
  { database, walSync }: OpenLibsql,
  path: string,
  close: () => Promise<void>,
  now: () => number,
): SqlDecisionStoreParts {
  return {
    database,
    makeDurable: () => walSync.sync(),
    close,
    // One transaction writes at a time.
    settleSeconds: 0,
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
  };
}

/** Another connection holds the file; nothing was written. */
function isBusy(error: unknown): boolean {
  return String((error as { readonly code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');
}
