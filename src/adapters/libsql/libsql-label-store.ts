import { randomUUID } from 'node:crypto';
import type { LabelSearch } from '../../ports/label-search.ts';
import type { LabelStore } from '../../ports/label-store.ts';
import { SqlLabelLeases } from '../sql/sql-label-leases.ts';
import { SqlLabelSearch } from '../sql/sql-label-search.ts';
import { SqlLabelStore } from '../sql/sql-label-store.ts';
import { libsqlParts } from './libsql-decision-store.ts';
import { closeLibsql, type LibsqlSystem, openLibsql } from './open-libsql.ts';

/**
 * The training table in the file of the embedded database, to be labeled; made where it is missing. `now`: epoch milliseconds. Closing
 * `store` closes both. Throws `STORE_FAILED`.
 */
export async function openLibsqlLabelStore(
  path: string,
  now: () => number = Date.now,
  system?: LibsqlSystem,
): Promise<{ readonly store: LabelStore; readonly search: LabelSearch; readonly leases: SqlLabelLeases }> {
  const opened = await openLibsql(path, system);
  const parts = libsqlParts(opened, path, () => closeLibsql(opened), now);
  const held = { ...parts, holder: randomUUID() };
  const leases = new SqlLabelLeases(held);
  return { store: new SqlLabelStore(held), search: new SqlLabelSearch(parts), leases };
}
