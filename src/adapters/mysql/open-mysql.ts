import { Kysely, MysqlDialect, sql } from 'kysely';
import type { ConnectionOptions } from 'mysql2';
import type { SluiceDatabase } from '../sql/database-schema.ts';
import { migrate } from '../sql/migrate.ts';
import { DeadlinePool } from './deadline-pool.ts';
import { mysqlFlavour } from './mysql-flavour.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { passwordPlugins } from './password-plugins.ts';

/** Changing a table that holds a lot takes its time; a daemon that migrates does nothing else. */
const MIGRATION_STATEMENT_SECONDS = 3600;
/** A server frees what a vanished client holds after this long; connections idle here for half of it are closed. */
const SERVER_PATIENCE_SECONDS = 60;
const WAITING_PER_CONNECTION = 32;
/**
 * Two transactions may be given ids in one order and commit in the other. From the time in a row until what has a lower id is
 * committed, each of them waits for a connection and runs a few statements; and the clocks of two daemons differ.
 */
const SETTLE_DEADLINES = 6;
const LEAST_SETTLE_SECONDS = 30;

/** Opens no connection yet; the first statement does. */
export function openMysql(options: MysqlOptions): Kysely<SluiceDatabase> {
  return new Kysely<SluiceDatabase>({
    dialect: new MysqlDialect({ pool: poolOf(options, options.poolSize, options.deadlineSeconds) }),
  });
}

/** For messages. */
export function whereOf({ host, port, database }: MysqlOptions): string {
  return `the database ${database} at ${host}:${port}`;
}

/** Seconds after which no row appears before one that is there. */
export function settleSecondsOf({ deadlineSeconds }: MysqlOptions): number {
  return Math.max(LEAST_SETTLE_SECONDS, SETTLE_DEADLINES * deadlineSeconds);
}

/** Brings the tables up to date, over a connection of its own. Throws `STORE_FAILED`, or what the driver throws. */
export async function migrateMysql(database: Kysely<SluiceDatabase>, options: MysqlOptions): Promise<void> {
  // By the impatient one, so that a server that stands still is noticed.
  const { rows } = await sql<{ version: string }>`select version() as version`.execute(database);
  const server = rows[0]!.version.includes('MariaDB') ? 'mariadb' : 'mysql';
  const patient = new Kysely<SluiceDatabase>({
    dialect: new MysqlDialect({ pool: poolOf(options, 1, MIGRATION_STATEMENT_SECONDS) }),
  });
  try {
    await migrate(patient, mysqlFlavour({ server, trainingTable: options.trainingTable }));
  } finally {
    await patient.destroy();
  }
}

function poolOf(options: MysqlOptions, size: number, deadlineSeconds: number): DeadlinePool {
  const lockSeconds = Math.max(1, Math.floor(options.deadlineSeconds));
  return new DeadlinePool({
    connection: connectionOptions(options),
    where: whereOf(options),
    size,
    maxWaiting: size * WAITING_PER_CONNECTION,
    deadlineSeconds,
    firstStatements: [
      // A server may impose another character set on all who connect, whatever the driver has agreed on with it. What is sent
      // is UTF-8 all the same, and would be stored as something else, without an error.
      'set names utf8mb4',
      // Strict: what does not fit is an error and is not cut. Without NO_BACKSLASH_ESCAPES, which the driver's escaping
      // does not know of.
      "set session sql_mode = 'STRICT_ALL_TABLES,ONLY_FULL_GROUP_BY,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', " +
        `innodb_lock_wait_timeout = ${lockSeconds}, wait_timeout = ${SERVER_PATIENCE_SECONDS}`,
      // Locks on the rows it writes and not on the gaps between them.
      'set session transaction isolation level read committed',
    ],
  });
}

function connectionOptions(options: MysqlOptions): ConnectionOptions {
  const { host, port, database, user, password, tls } = options;
  const authPlugins = passwordPlugins(options);
  return {
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ...(authPlugins === undefined ? {} : { authPlugins }),
    charset: 'utf8mb4',
    // Both are needed, or integers above 2^53 come rounded.
    supportBigNumbers: true,
    bigNumberStrings: true,
    // With FOUND_ROWS, which the driver sets, a row that was there already would count as written. A server may not ask
    // for files of this machine.
    flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
    stringifyObjects: true,
    multipleStatements: false,
    enableKeepAlive: true,
    ...(tls.mode === 'off'
      ? {}
      : {
          ssl: {
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
            minVersion: 'TLSv1.2',
            rejectUnauthorized: true,
            verifyIdentity: tls.mode === 'verify-full',
          },
        }),
  };
}
