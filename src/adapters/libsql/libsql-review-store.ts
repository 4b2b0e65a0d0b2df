import { describeError, SluiceError } from '../../core/errors.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import { SqlReviewStore } from '../sql/sql-review-store.ts';
import { openLibsql } from './open-libsql.ts';
import { sqliteFlavour } from './sqlite-flavour.ts';

/** What passes by itself: somebody else's lock, a disk that is full or away. Anything else is a fault of ours. */
const PASSING = /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|CANTOPEN|NOMEM|READONLY)/;

/** The review store in one file; made where it is missing. Throws `STORE_FAILED`. */
export async function openLibsqlReviewStore(
  path: string,
  now: () => number = Date.now,
): Promise<ReviewStore> {
  const { database, walSync } = await openLibsql(path);
  return new SqlReviewStore({
    database,
    makeDurable: () => walSync.sync(),
    close: async () => {
      await database.destroy();
      await walSync.close();
    },
    flavour: sqliteFlavour,
    now,
    guard: async (query) => {
      try {
        return await query();
      } catch (error) {
        throw error instanceof SluiceError ? error : storeFailed(error, path);
      }
    },
  });
}

export function storeFailed(error: unknown, path: string): SluiceError {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const retriable = PASSING.test(code);
  const advice = retriable ? 'check its disk, and who else uses it' : 'please report this';
  return new SluiceError('STORE_FAILED', `the database ${path} failed (${describeError(error)}); ${advice}`, {
    retriable,
    cause: error,
  });
}
