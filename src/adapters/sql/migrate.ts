import { type Kysely, sql } from 'kysely';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { migrationsOf, type SqlMigration } from './migrations.ts';
import type { SqlFlavour } from './sql-flavour.ts';

const RECORD = 'sluice_migration';

/**
 * Brings the tables up to what this version needs; two at once wait for each other. What a newer version has added stays
 * and harms nobody, so an older daemon can start beside it. Throws `STORE_FAILED` with the driver's error as its cause.
 */
export async function migrate(
  database: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  migrations: readonly SqlMigration[] = migrationsOf(flavour),
): Promise<void> {
  const isDone = async (connection: Kysely<SluiceDatabase>) => {
    const { rows } = await sql<{ name: string }>`select name from ${sql.id(RECORD)}`.execute(connection);
    const names = new Set(rows.map(({ name }) => name));
    return ({ name }: SqlMigration) => names.has(name);
  };
  let current: string | undefined;
  try {
    // Where nothing is to be done, the right to change tables is not needed.
    if (
      await isDone(database).then(
        (done) => migrations.every(done),
        () => false,
      )
    )
      return;
    await flavour.exclusively(database, async (connection) => {
      await connection.schema
        .createTable(RECORD)
        .ifNotExists()
        .addColumn('name', 'varchar(255)', (column) => column.notNull().primaryKey())
        .addColumn('timestamp', 'varchar(255)', (column) => column.notNull())
        .execute();
      const done = await isDone(connection);
      for (const { name, up } of migrations.filter((migration) => !done(migration))) {
        current = name;
        await up(connection as unknown as Kysely<unknown>);
        const at = new Date().toISOString();
        await sql`insert into ${sql.id(RECORD)} (name, timestamp) values (${name}, ${at})`.execute(
          connection,
        );
      }
    });
  } catch (error) {
    throw new SluiceError(
      'STORE_FAILED',
      `the database could not be migrated${current === undefined ? '' : ` by ${current}`}: ${describeError(error)}; its tables were not made by this or an earlier version, or its user may not change them`,
      { cause: error },
    );
  }
}
