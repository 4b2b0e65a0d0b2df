import { describeError, SluiceError } from '../../core/errors.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import { SqlReviewStore } from '../sql/sql-review-store.ts';
import { closeLibsql, type LibsqlSystem, type OpenLibsql, openLibsql } from './open-libsql.ts';
import { sqliteFlavour } from './sqlite-flavour.ts';

/** What passes by itself: somebody else's lock, a disk that is full or away. Anything else is a fault of ours. */
const PASSING = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|NOMEM|READONLY)/;

/** The review store in one file; made where it is missing. Throws `STORE_FAILED`. */
export async function openLibsqlReviewStore(
  path: string,
  now: () => number = Date.now,
  system?: LibsqlSystem,
): Promise<ReviewStore> {
  const opened = await openLibsql(path, system);
  return libsqlReviewStore(opened, path, () => closeLibsql(opened), now);
}

/** Over a database that is open; `close` is what its own `close` does. */
export function libsqlReviewStore(
  { database, walSync }: OpenLibsql,
  path: string,
  close: () => Promise<void>,
  now: () => number = Date.now,
): ReviewStore {
  return new SqlReviewStore({
    database,
    makeDurable: () => walSync.sync(),
    close,
    flavour: sqliteFlavour,
    // One transaction writes at a time.
    settleSeconds: 0,
    now,
    guard: async (_access, query) => {
      try {
        return await query();
      } catch (error) {
        throw error instanceof SluiceError ? error : storeFailed(error, path);
      }
    },
  });
}

/**
 * `STORE_FAILED`: retriable where the same may work later. A sync of the log that failed is not: the system may have lost what
 * it had taken, and reports that once.
 */
export function storeFailed(error: unknown, path: string): SluiceError {
  const { code = '', syscall } = (error ?? {}) as { readonly code?: unknown; readonly syscall?: unknown };
  const retriable = PASSING.test(String(code));
  const advice = retriable
    ? 'check its disk, and who else uses it'
    : syscall === undefined
      ? 'please report this'
      : 'check its disk and start again';
  return new SluiceError('STORE_FAILED', `the database ${path} failed (${describeError(error)}); ${advice}`, {
    retriable,
    cause: error,
  });
}
