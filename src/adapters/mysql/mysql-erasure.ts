import { type SqlErasable, SqlErasure } from '../sql/sql-erasure.ts';
import { mysqlParts } from './mysql-decision-store.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { whereOf } from './open-mysql.ts';

/**
 * Erasure in MySQL or MariaDB. What is proven is what the server answers: its files are not on this machine. `now`: epoch
 * milliseconds, in place of the server's clock.
 */
export function mysqlErasure(options: MysqlOptions, now?: () => number): SqlErasable {
  const rows = new SqlErasure(mysqlParts(options, now));
  return {
    name: 'database',
    location: whereOf(options),
    keeps:
      'ids, labels and decisions stay, and verdicts, which have no text; the rows were scanned, not the files of the server',
    search: (wanted) => rows.search(wanted),
    count: (wanted) => rows.count(wanted),
    erase: (wanted) => rows.erase(wanted),
    expire: (before) => rows.expire(before),
    record: (entry) => rows.record(entry),
    contents: (wanted) => rows.contents(wanted),
    close: () => rows.close(),
  };
}
