import type { Kysely } from 'kysely';
import type { ModelRegistry } from '../../ports/model-registry.ts';
import type { SluiceDatabase } from '../sql/database-schema.ts';
import { SqlModelRegistry } from '../sql/sql-model-registry.ts';
import { storeFailed } from './mysql-errors.ts';
import { mysqlFlavour } from './mysql-flavour.ts';
import type { MysqlOptions } from './mysql-options.ts';
import { migrateMysql, openMysql, whereOf } from './open-mysql.ts';

/** A daemon that wants a hash can do without, and others wait for it to change its model. */
const HASH_DEADLINE_SECONDS = 1;

/** The table `models` in MySQL or MariaDB, over a connection for each call: models are pushed and activated rarely. */
export function mysqlModelRegistry(options: MysqlOptions, now: () => number = Date.now): ModelRegistry {
  const where = whereOf(options);
  const location = `the table models of ${where}`;
  const flavour = mysqlFlavour({ server: 'mysql', trainingTable: options.trainingTable });
  const asked = async <T>(
    deadlineSeconds: number,
    use: (registry: SqlModelRegistry, database: Kysely<SluiceDatabase>) => Promise<T>,
  ): Promise<T> => {
    const database = openMysql({ ...options, poolSize: 1, deadlineSeconds });
    // A server acknowledges a commit when it is on its disk.
    const makeDurable = async () => {};
    try {
      return await use(new SqlModelRegistry({ database, flavour, location, makeDurable, now }), database);
    } catch (error) {
      throw storeFailed(error, where);
    } finally {
      await database.destroy();
    }
  };
  const withTables = <T>(use: (registry: SqlModelRegistry) => Promise<T>) =>
    asked(options.deadlineSeconds, async (registry, database) => {
      await migrateMysql(database, options);
      return await use(registry);
    });
  return {
    location,
    pushed: (model) => withTables((registry) => registry.pushed(model)),
    activated: (model, decision) => withTables((registry) => registry.activated(model, decision)),
    refused: (version, refusal) => withTables((registry) => registry.refused(version, refusal)),
    compared: (model, gate) => withTables((registry) => registry.compared(model, gate)),
    list: () => withTables((registry) => registry.list()),
    sha256Of: (version) =>
      asked(Math.min(HASH_DEADLINE_SECONDS, options.deadlineSeconds), (registry) =>
        registry.sha256Of(version),
      ),
  };
}
