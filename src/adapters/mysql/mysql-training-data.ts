import type { TrainingData } from '../../ports/training-data.ts';
import { SqlTrainingData } from '../sql/sql-training-data.ts';
import { mysqlParts } from './mysql-decision-store.ts';
import type { MysqlOptions } from './mysql-options.ts';

/** What models are trained on, in MySQL or MariaDB. The tables are made when it is first used. */
export function mysqlTrainingData(options: MysqlOptions): TrainingData {
  return new SqlTrainingData(mysqlParts(options));
}
