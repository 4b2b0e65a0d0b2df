import { EventEmitter } from 'node:events';
import type { Connection } from 'mysql2';
import { describe, expect, it } from 'vitest';
import { DeadlineConnection } from '../../../src/adapters/mysql/deadline-connection.ts';

/** A driver's connection that answers each statement as the test says. */
class FakeDriver extends EventEmitter {
  destroyed = false;
  readonly answers: Readonly<Record<string, string>>;

  constructor(answers: Readonly<Record<string, string>>) {
    super();
    this.answers = answers;
  }

  query(sql: string, _parameters: unknown, callback: (error: Error | null, result: unknown) => void): void {
    const code = this.answers[sql];
    setImmediate(() =>
      code === undefined
        ? callback(null, [])
        : callback(
            Object.assign(new Error(`${code}: 'text of a row'`), { code, sqlState: 'HY000' }),
            undefined,
          ),
    );
  }

  destroy(): void {
    this.destroyed = true;
  }
}

function connection(answers: Readonly<Record<string, string>>) {
  const driver = new FakeDriver(answers);
  const lost: boolean[] = [];
  const made = new DeadlineConnection({
    raw: driver as unknown as Connection,
    where: 'MySQL',
    deadlineSeconds: 60,
    released: () => {},
    lost: ({ isDemoted }) => lost.push(isDemoted),
  });
  return { made, driver, lost };
}

describe('a connection to MySQL', () => {
  it.each(['ER_OPTION_PREVENTS_STATEMENT', 'ER_READ_ONLY_MODE', 'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION'])(
    'a connection to MySQL is destroyed when the server answers %s, because the next one may lead to another server',
    async (code) => {
      const { made, driver, lost } = connection({ insert: code });
      await made.run('begin');
      await expect(made.run('insert')).rejects.toMatchObject({ code });
      expect(driver.destroyed).toBe(true);
      expect(lost).toEqual([true]);
      // It has been rolled back by that.
      await made.run('rollback');
      await expect(made.run('select 1')).rejects.toMatchObject({ code: 'STORE_FAILED', retriable: true });
    },
  );

  it.each(['ER_LOCK_WAIT_TIMEOUT', 'ER_DATA_TOO_LONG', 'ER_NO_SUCH_TABLE'])(
    'a connection to MySQL stays open after %s, which is not a failure of its server',
    async (code) => {
      const { made, driver } = connection({ insert: code });
      await expect(made.run('insert')).rejects.toMatchObject({ code });
      await made.run('rollback');
      expect(driver.destroyed).toBe(false);
      expect(made.isLost).toBe(false);
    },
  );

  it('a connection to MySQL is destroyed when a rollback fails, because its transaction would continue with the next statement', async () => {
    const { made, lost } = connection({ rollback: 'ER_UNKNOWN_ERROR' });
    await expect(made.run('rollback')).rejects.toMatchObject({ code: 'ER_UNKNOWN_ERROR' });
    expect(made.isLost).toBe(true);
    expect(lost).toEqual([false]);
  });

  it('a connection to MySQL throws errors with their code, without the parts of the row that the server quotes', async () => {
    const { made } = connection({ insert: 'ER_DATA_TOO_LONG' });
    const error = (await made.run('insert').catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toBe('ER_DATA_TOO_LONG (SQLSTATE HY000)');
    expect(error.stack).not.toContain('text of a row');
  });
});
