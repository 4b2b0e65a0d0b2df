import type { RetrainStore } from '../../ports/retrain-store.ts';
import { SqlRetrainStore } from '../sql/sql-retrain-store.ts';
import { mysqlParts } from './mysql-decision-store.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { whereOf } from './open-mysql.ts';

/**
 * Retrainings in MySQL or MariaDB. The tables are made when they are first used. `now`: epoch milliseconds, in place of the server's
 * clock, which is one for all.
 */
export function mysqlRetrainStore(options: MysqlOptions, now?: () => number): RetrainStore {
  return new SqlRetrainStore({
    ...mysqlParts(options, now),
    location: `the table retrain_run of ${whereOf(options)}`,
  });
}
