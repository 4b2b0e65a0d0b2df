import type { RetrainStore } from '../../ports/retrain-store.ts';
import { SqlRetrainStore } from '../sql/sql-retrain-store.ts';
import { libsqlParts } from './libsql-decision-store.ts';
import { closeLibsql, type LibsqlSystem, openLibsql } from './open-libsql.ts';

/** Retrainings in the file of the embedded database; made where it is missing. `now`: epoch milliseconds. Throws `STORE_FAILED`. */
export async function openLibsqlRetrainStore(
  path: string,
  now: () => number = Date.now,
  system?: LibsqlSystem,
): Promise<RetrainStore> {
  const opened = await openLibsql(path, system);
  const parts = libsqlParts(opened, path, () => closeLibsql(opened), now);
  return new SqlRetrainStore({ ...parts, location: `the table retrain_run of ${path}` });
}
