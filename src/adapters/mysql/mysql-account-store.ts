import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { SluiceError } from '../../core/errors.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import { SqlAccountStore } from '../sql/sql-account-store.ts';
import { isAway, isDeadlock, isDuplicate, storeFailed } from './mysql-errors.ts';
import { mysqlFlavour } from './mysql-flavour.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { migrateMysql, openMysql, whereOf } from './open-mysql.ts';

const ATTEMPTS = 8;

/** Accounts in MySQL or MariaDB. The tables are made when it is first used. */
export function mysqlAccountStore(options: MysqlOptions): AccountStore {
  const database = openMysql(options);
  const where = whereOf(options);
  // Two people who take one name at the same time: the later one looks again, and is refused.
  const again = retry(
    handleWhen((error) => isDeadlock(error) || isDuplicate(error)),
    { maxAttempts: ATTEMPTS, backoff: new ExponentialBackoff({ initialDelay: 10, maxDelay: 300 }) },
  );
  let migrated: Promise<void> | undefined;
  const haveTables = async () => {
    migrated ??= migrateMysql(database, options);
    const migrating = migrated;
    try {
      await migrating;
    } catch (error) {
      if (migrated === migrating) migrated = undefined;
      // The driver's error decides whether to try again; that it was a migration is for people.
      throw error instanceof SluiceError && isAway(error.cause) ? error.cause : error;
    }
  };
  return new SqlAccountStore({
    database,
    flavour: mysqlFlavour({ server: 'mysql', trainingTable: options.trainingTable }),
    // A server acknowledges a commit when it is on its disk.
    makeDurable: async () => {},
    close: () => database.destroy(),
    guard: async (query) => {
      try {
        await haveTables();
        return await again.execute(query);
      } catch (error) {
        throw storeFailed(error, where);
      }
    },
  });
}
