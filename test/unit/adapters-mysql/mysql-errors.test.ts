import { describe, expect, it } from 'vitest';
import {
  connectError,
  isAway,
  isDeadlock,
  isFormerPrimary,
  isRefused,
  MysqlError,
  storeFailed,
} from '../../../src/adapters/mysql/mysql-errors.ts';
import { SluiceError } from '../../../src/core/errors.ts';

/** As the driver makes them of what a server has answered. */
function ofServer(code: string, sqlState = 'HY000'): Error {
  return Object.assign(new Error(`Incorrect string value: '\\xF0 the text of a row' for ${code}`), {
    ...{ code, errno: 1366, sqlState, sql: 'insert into review values (the text of a row)' },
    sqlMessage: 'the text of a row',
  });
}

const ofNetwork = (code: string) => Object.assign(new Error(`connect ${code}`), { code, fatal: true });

describe('an error of MySQL', () => {
  it.each([
    'ER_DATA_TOO_LONG',
    'ER_NET_PACKET_TOO_LARGE',
    'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
    'ER_TRUNCATED_WRONG_VALUE',
    'ER_BAD_NULL_ERROR',
    'ER_WARN_DATA_OUT_OF_RANGE',
    'ER_CHECK_CONSTRAINT_VIOLATED',
    // Of MariaDB.
    'ER_CONSTRAINT_FAILED',
  ])('the MySQL error %s is the fault of the row, which is set aside', (code) => {
    expect(storeFailed(ofServer(code), 'it')).toMatchObject({ code: 'STORE_FAILED', retriable: false });
    expect(isAway(ofServer(code))).toBe(false);
    expect(storeFailed(ofServer(code), 'it').message).toContain('the row cannot be stored');
  });

  it.each([
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
  ])('the MySQL error %s waits for somebody to correct the settings, and names them', (code) => {
    expect([isRefused(ofServer(code)), isAway(ofServer(code))]).toEqual([true, true]);
    const failed = storeFailed(ofServer(code), 'it');
    expect(failed).toMatchObject({ retriable: true, message: expect.stringContaining('store.mysql') });
    expect(isRefused(failed)).toBe(true);
  });

  it.each([
    'ER_CON_COUNT_ERROR',
    'ER_TOO_MANY_USER_CONNECTIONS',
    'ER_DISK_FULL',
    'ER_RECORD_FILE_FULL',
    'ER_OUT_OF_RESOURCES',
    'ER_QUERY_INTERRUPTED',
  ])('the MySQL error %s means that the server is unavailable at present', (code) => {
    const error = ofServer(code);
    expect([isAway(error), isRefused(error), isFormerPrimary(error)]).toEqual([true, false, false]);
    expect(storeFailed(error, 'it').message).toContain('check that it runs');
  });

  it('an error that does not come from MySQL is no reason to call the server unavailable, and its row waits', () => {
    for (const thrown of [null, undefined, 'text', 7, new TypeError('of ours'), { code: 7, sqlState: 8 }]) {
      expect([isAway(thrown), isRefused(thrown), isFormerPrimary(thrown), isDeadlock(thrown)]).toEqual([
        ...[false, false, false, false],
      ]);
      expect(storeFailed(thrown, 'it')).toMatchObject({ code: 'STORE_FAILED', retriable: true });
      expect(new MysqlError(thrown)).toMatchObject({
        ...{ name: 'MysqlError', message: 'an error without a name', code: undefined, sqlState: undefined },
      });
    }
    expect(new MysqlError({ code: '', sqlState: '' }).message).toBe('an error without a name');
    const ours = new SluiceError('STORE_FAILED', 'late');
    expect([storeFailed(ours, 'it'), isAway(ours)]).toEqual([ours, false]);
  });

  it('a MySQL error with an answer of the server that ends the connection is not treated as an error of the network', () => {
    const answered = Object.assign(ofServer('ER_UNKNOWN_ERROR'), { fatal: true });
    expect(isAway(answered)).toBe(false);
  });

  it.each([
    'ER_LOCK_WAIT_TIMEOUT',
    'ER_LOCK_DEADLOCK',
    'ER_SERVER_SHUTDOWN',
    'ER_QUERY_INTERRUPTED',
    'ER_NO_SUCH_TABLE',
    'ER_BAD_FIELD_ERROR',
    'ER_PARSE_ERROR',
    'ER_DISK_FULL',
    'ER_CON_COUNT_ERROR',
    'ER_ACCESS_DENIED_ERROR',
    'ER_OPTION_PREVENTS_STATEMENT',
    'ER_READ_ONLY_MODE',
    'ER_UNKNOWN_ERROR',
    'AN_ERROR_OF_A_LATER_VERSION',
  ])('the MySQL error %s is not the fault of the row, which waits', (code) => {
    expect(storeFailed(ofServer(code), 'it')).toMatchObject({ code: 'STORE_FAILED', retriable: true });
  });

  it.each([
    ['ER_OPTION_PREVENTS_STATEMENT', true],
    ['ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION', true],
    ['ER_READ_ONLY_MODE', true],
    ['ER_INNODB_READ_ONLY', true],
    ['ER_READ_ONLY_TRANSACTION', true],
    ['ER_OPEN_AS_READONLY', true],
    ['ER_SCHEMA_READ_ONLY', true],
    ['ER_RUN_HOOK_ERROR', true],
    ['ER_OPERATION_NOT_ALLOWED_WHILE_PRIMARY_CHANGE_IS_RUNNING', true],
    ['ER_UNKNOWN_COM_ERROR', true],
    ['ER_SERVER_SHUTDOWN', true],
    ['ER_NORMAL_SHUTDOWN', true],
    ['ER_SERVER_OFFLINE_MODE', true],
    ['ER_LOCK_WAIT_TIMEOUT', false],
    ['ER_DATA_TOO_LONG', false],
    ['ER_ACCESS_DENIED_ERROR', false],
  ])('the MySQL error %s means that another server is now the primary: %s', (code, expected) => {
    expect(isFormerPrimary(ofServer(code))).toBe(expected);
    if (!expected) return;
    expect(isAway(ofServer(code))).toBe(true);
    expect(storeFailed(ofServer(code), 'it').message).toContain('does not write at present');
  });

  it('a MySQL error of the network means that the server is unavailable, and an error about a statement does not', () => {
    for (const code of ['ECONNREFUSED', 'PROTOCOL_CONNECTION_LOST', 'ETIMEDOUT'])
      expect(isAway(ofNetwork(code))).toBe(true);
    for (const code of ['ER_LOCK_WAIT_TIMEOUT', 'ER_PARSE_ERROR']) expect(isAway(ofServer(code))).toBe(false);
    expect(isAway(new SluiceError('STORE_FAILED', 'late', { retriable: true }))).toBe(true);
  });

  it('a MySQL error of two conflicting transactions is retried at once', () => {
    for (const code of ['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', 'ER_TRANSACTION_ROLLBACK_DURING_COMMIT'])
      expect(isDeadlock(ofServer(code))).toBe(true);
    expect(isDeadlock(ofServer('ER_LOCK_WAIT_TIMEOUT'))).toBe(false);
  });

  it('a MySQL error keeps its code and numbers, and nothing of the message of the server or of the statement', () => {
    const error = new MysqlError(ofServer('ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', '22007'));
    expect(error.message).toBe('ER_TRUNCATED_WRONG_VALUE_FOR_FIELD (error 1366, SQLSTATE 22007)');
    expect(error).toMatchObject({
      code: 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
      sqlState: '22007',
      fatal: false,
    });
    const failed = storeFailed(error, 'the database');
    expect(JSON.stringify([failed.message, failed.cause, (failed.cause as Error).stack])).not.toContain(
      'the text of a row',
    );
    expect(failed.retriable).toBe(false);
    expect(new MysqlError(new TypeError('the text of a row')).message).toBe('an error without a name');
    expect(new MysqlError(ofNetwork('ECONNRESET'))).toMatchObject({ message: 'ECONNRESET', fatal: true });
    expect(isAway(new MysqlError(ofNetwork('ECONNRESET')))).toBe(true);
  });

  it('a MySQL error while connecting keeps the message of this machine, and not that of the server', () => {
    const tls = Object.assign(new Error('self-signed certificate'), {
      code: 'HANDSHAKE_SSL_ERROR',
      fatal: true,
    });
    expect(connectError(tls)).toBe(tls);
    const refused = connectError(ofServer('ER_ACCESS_DENIED_ERROR', '28000'));
    expect(refused).toMatchObject({ message: 'ER_ACCESS_DENIED_ERROR (error 1366, SQLSTATE 28000)' });
    expect(isRefused(refused) && isRefused(tls)).toBe(true);
  });
});
