import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import Database from 'libsql';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { SluiceDatabase } from '../sql/database-schema.ts';
import { migrate } from '../sql/migrate.ts';
import { sqliteFlavour } from './sqlite-flavour.ts';
import { type Syncable, WalSync } from './wal-sync.ts';

/** How long another process may hold the file before a statement fails; the caller tries again anyway. */
const BUSY_MS = 50;
const MAX_STATEMENTS = 200;
/** The rights of all who are neither owner nor in the group. */
const OF_OTHERS = 0o007;

export interface OpenLibsql {
  readonly database: Kysely<SluiceDatabase>;
  /** A commit survives the end of the process at once, and a power cut from here on. */
  readonly walSync: WalSync;
}

/** What is opened; a test counts and fails its calls. */
export interface LibsqlSystem {
  readonly connect: (path: string) => Database.Database;
  readonly openLog: (path: string) => Promise<Syncable>;
}

const realSystem: LibsqlSystem = {
  connect: (path) => new Database(path),
  openLog: (path) => open(path, 'r+'),
};

/**
 * Opens the embedded database with its tables, making folder and file where they are missing. Throws `STORE_FAILED`.
 *
 * libsql runs on the calling thread: transactions must stay small, and waiting for the disk is left to {@link WalSync}.
 * With `synchronous = normal` a commit is written to the log and not synced; a checkpoint syncs by itself.
 */
export async function openLibsql(path: string, system: LibsqlSystem = realSystem): Promise<OpenLibsql> {
  let client: Database.Database;
  try {
    mkdirSync(dirname(path), { recursive: true });
    keepPrivate(path);
    client = system.connect(path);
    client.pragma('journal_mode = wal');
    client.pragma('synchronous = normal');
    client.pragma(`busy_timeout = ${BUSY_MS}`);
    client.pragma('foreign_keys = on');
  } catch (error) {
    throw new SluiceError(
      'STORE_FAILED',
      `the database ${path} cannot be opened (${describeError(error)}); check that it is a SQLite file and its rights`,
      { cause: error },
    );
  }
  const database = new Kysely<SluiceDatabase>({
    dialect: new SqliteDialect({ database: keepingStatements(client) }),
  });
  try {
    await migrate(database, sqliteFlavour);
    // The same file from the first write to the last close. It carries no locks, so that closing it here drops none.
    return { database, walSync: new WalSync(await system.openLog(`${path}-wal`)) };
  } catch (error) {
    await database.destroy();
    if (error instanceof SluiceError) throw error;
    throw new SluiceError('STORE_FAILED', `the log ${path}-wal cannot be opened: ${describeError(error)}`, {
      cause: error,
    });
  }
}

export async function closeLibsql({ database, walSync }: OpenLibsql): Promise<void> {
  await database.destroy();
  await walSync.close();
}

/**
 * It holds messages, so that others on this machine may not read it; SQLite gives the files beside it the same rights. A
 * database that is there already keeps the rights of its group, which somebody may have given on purpose.
 */
function keepPrivate(path: string): void {
  try {
    // Only where it is missing: closing a file that is open already would drop SQLite's locks on it.
    closeSync(openSync(path, 'wx', 0o600));
    return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  for (const file of [path, `${path}-wal`, `${path}-shm`])
    try {
      const { mode } = statSync(file);
      if ((mode & OF_OTHERS) !== 0) chmodSync(file, mode & ~OF_OTHERS);
    } catch {
      // Not there, or another user's, who has to see to it.
    }
}

/** Kysely prepares a statement for each call. It builds few different ones, so they are kept. */
function keepingStatements(client: Database.Database): SqliteDatabase {
  const cached = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = cached.get(sql);
      if (known !== undefined) return known;
      const statement = client.prepare(sql) as unknown as SqliteStatement;
      if (cached.size < MAX_STATEMENTS) cached.set(sql, statement);
      return statement;
    },
    close() {
      cached.clear();
      client.close();
    },
  };
}
