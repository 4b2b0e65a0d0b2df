import { randomUUID } from 'node:crypto';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import { SqlLabelLeases } from '../sql/sql-label-leases.ts';
import { SqlLabelSearch } from '../sql/sql-label-search.ts';
import { SqlLabelStore } from '../sql/sql-label-store.ts';
import { mysqlParts } from './mysql-decision-store.ts';
import type { MysqlOptions } from './mysql-options.ts';

/**
 * The training table in MySQL or MariaDB, to be labeled. The tables are made when it is first used. `now`: epoch milliseconds, in place
 * of the server's clock. Closing `store` closes both.
 */
export function mysqlLabelStore(
  options: MysqlOptions,
  now?: () => number,
): { readonly store: LabelStore; readonly search: LabelSearch; readonly leases: SqlLabelLeases } {
  const parts = mysqlParts(options, now);
  const held = { ...parts, holder: randomUUID() };
  const leases = new SqlLabelLeases(held);
  return { store: new SqlLabelStore(held), search: new SqlLabelSearch(parts), leases };
}
