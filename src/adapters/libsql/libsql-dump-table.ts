import type { Dump } from '../../ports/dump.ts';
import { sqlDumpTable } from '../sql/sql-dump-table.ts';
import { libsqlParts } from './libsql-decision-store.ts';
import { closeLibsql, openLibsql } from './open-libsql.ts';

/** A table in the file of the embedded database, to be imported. Throws `STORE_FAILED`, and what {@link sqlDumpTable} throws. */
export async function libsqlDumpTable(
  path: string,
  table: { readonly table: string; readonly key: string },
): Promise<{ readonly dump: Dump; close(): Promise<void> }> {
  const opened = await openLibsql(path);
  const close = () => closeLibsql(opened);
  try {
    return { dump: await sqlDumpTable(libsqlParts(opened, path, close, Date.now), table), close };
  } catch (error) {
    await close();
    throw error;
  }
}
