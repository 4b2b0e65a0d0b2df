import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import { type Kysely, sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { DecisionStore } from '../../ports/decision-store.ts';
import type { SluiceDatabase } from '../sql/database-schema.ts';
import { SqlDecisionStore, type SqlDecisionStoreParts } from '../sql/sql-decision-store.ts';
import { isAway, isDeadlock, isDuplicate, storeFailed } from './mysql-errors.ts';
import { mysqlFlavour } from './mysql-flavour.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { migrateMysql, openMysql, settleSecondsOf, whereOf } from './open-mysql.ts';

const ATTEMPTS = 8;

/**
 * The review queue in MySQL or MariaDB. Leases end by the server's clock, which is one for all. The tables are made when it
 * is first used. `now`: epoch milliseconds, in place of the server's clock.
 */
export function mysqlDecisionStore(options: MysqlOptions, now?: () => number): DecisionStore {
  return new SqlDecisionStore(mysqlParts(options, now));
}

/** What all stores for people are built on; opens nothing yet. */
export function mysqlParts(options: MysqlOptions, now?: () => number): SqlDecisionStoreParts {
  const database = openMysql(options);
  const where = whereOf(options);
  // Two decisions on different rows of one message count its verdicts at the same time; the later one counts again.
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
  return {
    database,
    flavour: mysqlFlavour({ server: 'mysql', trainingTable: options.trainingTable }),
    settleSeconds: settleSecondsOf(options),
    // A server acknowledges a commit when it is on its disk.
    makeDurable: async () => {},
    close: () => database.destroy(),
    now: now === undefined ? serverTime : async () => now(),
    guard: async (query) => {
      try {
        await haveTables();
        return await again.execute(query);
      } catch (error) {
        throw storeFailed(error, where);
      }
    },
  };
}

async function serverTime(connection: Kysely<SluiceDatabase>): Promise<number> {
  const { rows } = await sql<{
    now: number | string;
  }>`select floor(unix_timestamp(now(3)) * 1000) as now`.execute(connection);
  return Number(rows[0]!.now);
}
