import type { TrainingData } from '../../ports/training-data.ts';
import { SqlTrainingData } from '../sql/sql-training-data.ts';
import { libsqlParts } from './libsql-decision-store.ts';
import { closeLibsql, openLibsql } from './open-libsql.ts';

/** What models are trained on, in the file of the embedded database; made where it is missing. Throws `STORE_FAILED`. */
export async function openLibsqlTrainingData(path: string): Promise<TrainingData> {
  const opened = await openLibsql(path);
  return new SqlTrainingData(libsqlParts(opened, path, () => closeLibsql(opened), Date.now));
}
