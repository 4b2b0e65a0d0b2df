import { libsqlDumpTable } from '../../adapters/libsql/libsql-dump-table.ts';
import { mysqlDumpTable } from '../../adapters/mysql/mysql-dump-table.ts';
import type { Dump } from '../../ports/dump.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { mysqlOptions } from './store-kinds.ts';

type Table = { readonly table: string; readonly key: string };
type OpenDump = { readonly dump: Dump; close(): Promise<void> };

const tables: Readonly<
  Record<Settings['store']['kind'], (store: Settings['store'], table: Table) => Promise<OpenDump>>
> = {
  libsql: ({ libsql }, table) => libsqlDumpTable(libsql.path, table),
  mysql: async ({ mysql }, table) => mysqlDumpTable(await mysqlOptions(mysql), table),
};

/** Opens a table of the database that the settings name, over a connection of its own. Throws `STORE_FAILED`, `DATA_INVALID`. */
export async function openDumpTable({ store }: Pick<Settings, 'store'>, table: Table): Promise<OpenDump> {
  return await tables[store.kind](store, table);
}
