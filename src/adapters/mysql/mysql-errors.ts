import { describeError, SluiceError } from '../../core/errors.ts';

/** The part of the driver's errors that decisions are made by. */
interface DriverError {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly fatal?: unknown;
}

/** The row itself is not what the table takes: it will be no other time. */
const ofTheRow: ReadonlySet<unknown> = new Set([
  'ER_DATA_TOO_LONG',
  'ER_NET_PACKET_TOO_LARGE',
  'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
  'ER_TRUNCATED_WRONG_VALUE',
  'ER_WARN_DATA_OUT_OF_RANGE',
  'ER_BAD_NULL_ERROR',
  'ER_CHECK_CONSTRAINT_VIOLATED',
  'ER_CONSTRAINT_FAILED',
]);

/** The settings name somebody or something that the server does not know or does not let in. */
const ofTheSettings: ReadonlySet<unknown> = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
  'ER_MUST_CHANGE_PASSWORD_LOGIN',
  'ER_ACCOUNT_HAS_BEEN_LOCKED',
  'HANDSHAKE_SSL_ERROR',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'AUTH_SWITCH_PLUGIN_ERROR',
  'MYSQL_CLEAR_PASSWORD_NOT_ENABLED',
]);

/**
 * The server answers and does not write any more: it was made a replica, or is leaving. After a failover its address leads
 * to another one, which only a new connection finds.
 */
const ofAFormerPrimary: ReadonlySet<unknown> = new Set([
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_READ_ONLY_TRANSACTION',
  'ER_INNODB_READ_ONLY',
  'ER_OPEN_AS_READONLY',
  'ER_SCHEMA_READ_ONLY',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_SERVER_OFFLINE_MODE',
  // A member of a group (InnoDB Cluster) that has lost its group, and of Galera.
  'ER_RUN_HOOK_ERROR',
  'ER_OPERATION_NOT_ALLOWED_WHILE_PRIMARY_CHANGE_IS_RUNNING',
  'ER_UNKNOWN_COM_ERROR',
]);

/** The server answers, and cannot serve at present. */
const ofTheMoment: ReadonlySet<unknown> = new Set([
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
  'ER_OUT_OF_RESOURCES',
  'ER_QUERY_INTERRUPTED',
]);

const partsOf = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

/**
 * What the driver has thrown, by its code and numbers alone. The sentence of a server quotes pieces of the row ("Incorrect
 * string value", "Data too long"), and the driver's error holds the whole statement: neither may get into a log.
 */
export class MysqlError extends Error {
  override readonly name = 'MysqlError';
  readonly code: string | undefined;
  readonly sqlState: string | undefined;
  readonly fatal: boolean;

  constructor(error: unknown) {
    const { code, errno, sqlState, fatal } = partsOf(error);
    const numbers = [
      ...(errno === undefined ? [] : [`error ${Number(errno)}`]),
      ...(isText(sqlState) ? [`SQLSTATE ${sqlState}`] : []),
    ].join(', ');
    const named = isText(code) ? code : 'an error without a name';
    super(numbers === '' ? named : `${named} (${numbers})`);
    this.code = isText(code) ? code : undefined;
    this.sqlState = typeof sqlState === 'string' ? sqlState : undefined;
    this.fatal = fatal === true;
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** An error of connecting. No row has been sent, so the message of this machine may be logged; a server's message is not. */
export function connectError(error: unknown): unknown {
  return partsOf(error).sqlState === undefined ? error : new MysqlError(error);
}

/** True where the server could not be reached, did not answer in time, or cannot serve. */
export function isAway(error: unknown): boolean {
  if (error instanceof SluiceError) return error.retriable;
  const { code, fatal, sqlState } = partsOf(error);
  if (ofTheMoment.has(code) || ofAFormerPrimary.has(code) || ofTheSettings.has(code)) return true;
  // What the server itself objects to has an SQL state.
  return fatal === true && sqlState === undefined;
}

/** True where the server will not write over any connection; another that has its address by now may. */
export function isFormerPrimary(error: unknown): boolean {
  return ofAFormerPrimary.has(partsOf(error).code);
}

/** Two transactions met; one was taken back and may be tried again at once. */
export function isDeadlock(error: unknown): boolean {
  const { code } = partsOf(error);
  return (
    code === 'ER_LOCK_DEADLOCK' ||
    code === 'ER_CHECKREAD' ||
    // Met at the commit, in a group of servers that all write.
    code === 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT'
  );
}

/** A row with the same unique key was there, or was committed at the same time. */
export function isDuplicate(error: unknown): boolean {
  return partsOf(error).code === 'ER_DUP_ENTRY';
}

/** True where somebody must correct the settings or the server's rights before it can work. */
export function isRefused(error: unknown): boolean {
  const cause = error instanceof SluiceError ? error.cause : error;
  return ofTheSettings.has(partsOf(cause).code);
}

/**
 * `STORE_FAILED`: not retriable where the row is at fault; all else may pass, be it that the server comes back or that
 * somebody corrects it.
 */
export function storeFailed(error: unknown, where: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const { code } = partsOf(error);
  const retriable = !ofTheRow.has(code);
  const advice = isRefused(error)
    ? 'check user, password, database and TLS in store.mysql, and what the user may do'
    : isFormerPrimary(error)
      ? 'it does not write at present; check where store.mysql.host leads'
      : retriable
        ? 'check that it runs and can be reached'
        : 'the row cannot be stored as it is';
  return new SluiceError('STORE_FAILED', `${where} failed (${describeError(error)}); ${advice}`, {
    retriable,
    cause: error,
  });
}
