import Database from 'libsql';
import { SluiceError } from '../../core/errors.ts';
import type { Wanted } from '../../ports/erasable-store.ts';
import { reviewSearch } from '../sql/searched-column.ts';
import { type SqlErasable, SqlErasure } from '../sql/sql-erasure.ts';
import { storeFailed } from './libsql-review-store.ts';
import { openLibsql } from './open-libsql.ts';
import { readApart } from './read-apart.ts';
import { sqliteFlavour } from './sqlite-flavour.ts';

/** A daemon on the same file holds it for the time of a batch; rebuilding it may have to wait for a reader. */
const ATTEMPTS = 400;
const WAIT_MS = 25;

export interface LibsqlErasureOptions {
  readonly now?: () => number;
  /** How often it is tried while others hold the file. */
  readonly attempts?: number;
}

/** Erasure in the file of the embedded database, which other processes may have open. Throws `STORE_FAILED`. */
export async function openLibsqlErasure(
  path: string,
  { now = Date.now, attempts = ATTEMPTS }: LibsqlErasureOptions = {},
): Promise<SqlErasable> {
  const { database, walSync } = await openLibsql(path);
  const guard = async <T>(query: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt++)
      try {
        return await query();
      } catch (error) {
        if (!isBusy(error) || attempt === attempts)
          throw error instanceof SluiceError ? error : storeFailed(error, path);
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      }
  };
  const rows = new SqlErasure({
    database,
    flavour: sqliteFlavour,
    makeDurable: () => walSync.sync(),
    close: async () => {
      await database.destroy();
      await walSync.close();
    },
    now: async () => now(),
    guard,
  });
  return {
    name: 'database',
    location: path,
    keeps: 'ids, labels and decisions stay, and verdicts, which have no text',
    search: (wanted) => rows.search(wanted),
    count: (wanted) => rows.count(wanted),
    erase: (wanted) => rows.erase(wanted),
    expire: (before) => rows.expire(before),
    record: (entry) => rows.record(entry),
    clean: () => rebuild(path, guard),
    contents: async function* () {
      for (const file of [path, `${path}-wal`, `${path}-journal`])
        yield { name: file, pieces: readApart(file) };
    },
    others: async function* (wanted: Wanted) {
      yield* rows.others(wanted);
      yield Buffer.from(schemaOf(path).join('\n'));
    },
    close: () => rows.close(),
  };
}

/**
 * Rebuilds the file from the rows that are in it: a deleted or changed row leaves its bytes in free pages, in the rest of its
 * page, and in the segments of the index of words. Then empties the log, which has the pages of before.
 */
async function rebuild(path: string, guard: <T>(query: () => Promise<T>) => Promise<T>): Promise<void> {
  const client = new Database(path);
  try {
    client.pragma('busy_timeout = 50');
    client.pragma('secure_delete = 1');
    for (const index of ['training_text', reviewSearch.name])
      await guard(async () => client.exec(`insert into ${index} (${index}) values ('rebuild')`));
    await guard(async () => client.exec('vacuum'));
    await guard(async () => {
      const [answer] = client.pragma('wal_checkpoint(truncate)') as unknown as { readonly busy: number }[];
      if (answer?.busy !== 0)
        throw Object.assign(new Error('the log is being read by another process'), { code: 'SQLITE_BUSY' });
    });
  } finally {
    client.close();
  }
}

function schemaOf(path: string): readonly string[] {
  const client = new Database(path);
  try {
    return (client.prepare('select sql from sqlite_master').all() as { sql: string | null }[]).map(
      ({ sql }) => sql ?? '',
    );
  } finally {
    client.close();
  }
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_(?:BUSY|LOCKED)/.test(String((error as { readonly code?: unknown } | null)?.code));
}
