import type { Dump } from '../../ports/dump.ts';
import { sqlDumpTable } from '../sql/sql-dump-table.ts';
import { mysqlParts } from './mysql-decision-store.ts';
import type { MysqlOptions } from './mysql-options.ts';

/** A table of the same database on the server, to be imported. Throws `STORE_FAILED`, and what {@link sqlDumpTable} throws. */
export async function mysqlDumpTable(
  options: MysqlOptions,
  table: { readonly table: string; readonly key: string },
): Promise<{ readonly dump: Dump; close(): Promise<void> }> {
  const parts = mysqlParts(options);
  try {
    return { dump: await sqlDumpTable(parts, table), close: parts.close };
  } catch (error) {
    await parts.close();
    throw error;
  }
}
