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
]);

/** The server answers, and cannot serve at present. */
const ofTheMoment: ReadonlySet<unknown> = new Set([
  'ER_CON_COUNT_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_SERVER_SHUTDOWN',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_READ_ONLY_MODE',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
  'ER_OUT_OF_RESOURCES',
  'ER_QUERY_INTERRUPTED',
]);

const partsOf = (error: unknown): DriverError => (typeof error === 'object' && error !== null ? error : {});

/** True where the server could not be reached, did not answer in time, or cannot serve. */
export function isAway(error: unknown): boolean {
  if (error instanceof SluiceError) return error.retriable;
  const { code, fatal, sqlState } = partsOf(error);
  if (ofTheMoment.has(code) || ofTheSettings.has(code)) return true;
  // What the server itself objects to has an SQL state.
  return fatal === true && sqlState === undefined;
}

/** Two transactions met; one was taken back and may be tried again at once. */
export function isDeadlock(error: unknown): boolean {
  const { code } = partsOf(error);
  return code === 'ER_LOCK_DEADLOCK' || code === 'ER_CHECKREAD';
}

/** True where somebody must correct the settings or the server's rights before it can work. */
export function isRefused(error: unknown): boolean {
  const cause = error instanceof SluiceError ? error.cause : error;
  return ofTheSettings.has(partsOf(cause).code);
}

/**
 * `STORE_FAILED`: not retriable where the row is at fault; all else may pass, be it that the server comes back or that
 * somebody mends it.
 */
export function storeFailed(error: unknown, where: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const { code } = partsOf(error);
  const told = `${where} failed (${describeError(error)})`;
  const retriable = !ofTheRow.has(code);
  const advice = isRefused(error)
    ? 'check user, password, database and TLS in store.mysql, and what the user may do'
    : retriable
      ? 'check that it runs and can be reached'
      : 'the row cannot be stored as it is';
  return new SluiceError('STORE_FAILED', `${told}; ${advice}`, { retriable, cause: error });
}
