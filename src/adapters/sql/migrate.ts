import { type Kysely, Migrator } from 'kysely';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { migrationsOf } from './migrations.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** Brings the tables up to what this version needs. Two at once wait for each other. Throws `STORE_FAILED`. */
export async function migrate(database: Kysely<SluiceDatabase>, flavour: SqlFlavour): Promise<void> {
  const migrator = new Migrator({
    db: database,
    provider: { getMigrations: async () => ({ ...migrationsOf(flavour) }) },
    migrationTableName: 'sluice_migration',
    migrationLockTableName: 'sluice_migration_lock',
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName;
  throw new SluiceError(
    'STORE_FAILED',
    `the database could not be migrated${failed === undefined ? '' : ` by ${failed}`}: ${describeError(error)}; its tables were not made by this or an earlier version, or its user may not change them`,
    { cause: error },
  );
}
