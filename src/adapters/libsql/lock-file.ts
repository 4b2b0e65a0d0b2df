import { chmodSync, statSync } from 'node:fs';
import Database from 'libsql';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { FileLock } from '../../ports/file-lock.ts';

/** How often the file may be replaced by another one while it is being locked. */
const ATTEMPTS = 5;

/** A database that is garbage collected is closed, and its lock with it: these are referenced until they are released. */
const locked = new Set<Database.Database>();

/**
 * Locks a file by an exclusive transaction of SQLite that never ends and never writes. SQLite locks by `fcntl`, so the
 * kernel knows the lock: it is seen from every PID namespace, and over NFS where its lock service runs, and it ends with the
 * process, however that ends. Node itself has no locks on files.
 *
 * Nothing else in this process may open the file: when any descriptor of a file is closed, `fcntl` drops all locks that the
 * process has on it. Returns undefined while the lock is held. Throws `STORE_FAILED` where the file cannot be locked.
 */
export function lockFile(path: string): FileLock | undefined {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const before = inodeOf(path);
    const database = lock(path);
    if (database === undefined) return undefined;
    // A holder may remove the file with its folder. A lock on a file that has lost its name would exclude nobody.
    if (before !== undefined && inodeOf(path) === before) {
      locked.add(database);
      return { release: () => release(database) };
    }
    unlock(database);
  }
  throw new SluiceError('STORE_FAILED', `${path} cannot be locked, as it is replaced again and again`, {
    retriable: true,
  });
}

function lock(path: string): Database.Database | undefined {
  let database: Database.Database | undefined;
  try {
    database = new Database(path);
    database.pragma('busy_timeout = 0');
    // Else a journal is created beside the file, which a process that is killed would leave behind.
    database.pragma('journal_mode = memory');
    database.exec('begin exclusive');
    chmodSync(path, 0o600);
    return database;
  } catch (error) {
    database?.close();
    if (String((error as { readonly code?: unknown }).code).startsWith('SQLITE_BUSY')) return undefined;
    throw new SluiceError(
      'STORE_FAILED',
      `${path} cannot be locked (${describeError(error)}); check the rights of its folder, and that its file system has locks (fcntl)`,
      { cause: error },
    );
  }
}

function release(database: Database.Database): void {
  if (locked.delete(database)) unlock(database);
}

function unlock(database: Database.Database): void {
  // Closing alone leaves the lock until the database is garbage collected.
  database.exec('rollback');
  database.close();
}

function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}
