import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { SideTable, SqlFlavour } from '../sql/sql-flavour.ts';
import { anyCase, hasIndex, mysqlSearch } from './mysql-search.ts';

export interface MysqlFlavourOptions {
  readonly server: 'mysql' | 'mariadb';
  readonly trainingTable: string;
}

/** How long to wait while another daemon migrates. */
const LOCK_SECONDS = 300;

/** Collations that distinguish all different texts, trailing spaces included. No name is known to both servers. */
const exact = { mysql: 'utf8mb4_0900_bin', mariadb: 'utf8mb4_nopad_bin' } as const;

/** The dialect of MySQL 8.0 and of MariaDB 10.11, which differ in the names of collations. */
export function mysqlFlavour({ server, trainingTable }: MysqlFlavourOptions): SqlFlavour {
  const tableOptions = sql`engine = InnoDB default character set utf8mb4 collate ${sql.raw(exact[server])}`;
  return {
    rowsPerInsert: 500,
    // Escaped and in UTF-8 it may be six times as long; MariaDB takes 16 MiB by default.
    textPerInsert: 1024 * 1024,
    types: {
      key: sql`bigint not null auto_increment primary key`,
      id: sql`mediumtext`,
      name: sql`varchar(191)`,
      text: sql`mediumtext`,
      searched: sql`mediumtext character set utf8mb4 collate ${sql.raw(anyCase)}`,
      integer: sql`bigint`,
      real: sql`double`,
    },
    emptyText: sql`('')`,
    tableOptions,
    trainingTable,
    // A key holds 3072 bytes at most and an identifier may be longer, so their hash is what is unique.
    unique: (table, name, columns) =>
      table
        .addColumn(
          'identity' as never,
          sql`binary(32) generated always as (${identityOf(columns.map((column) => sql`${sql.id(column)}`))}) stored`,
        )
        .addUniqueConstraint(name, ['identity' as never]),
    hasIdentity: (identities) =>
      sql<SqlBool>`identity in (${sql.join(
        identities.map((identity) => identityOf(Object.values(identity).map((value) => sql`${value}`))),
      )})`,
    createIndex: async (database, index) => {
      if (!(await hasIndex(database, index.table, index.name)))
        await database.schema
          .createIndex(index.name)
          .on(index.table)
          .columns([...index.columns])
          .$call((builder) => (index.isUnique ? builder.unique() : builder))
          .execute();
    },
    createTextIndex: async (database, index) => {
      if (await hasIndex(database, index.table, index.name)) return;
      const columns = sql.join(index.columns.map((column) => sql.id(column)));
      await sql`create fulltext index ${sql.id(index.name)} on ${sql.id(index.table)} (${columns})`.execute(
        database,
      );
    },
    ...mysqlSearch,
    // A search by words has its own index, which a hint would take from it.
    fromIndex: (table, index, isSearched) =>
      index === undefined || isSearched
        ? sql`${sql.table(table)}`
        : sql`${sql.table(table)} force index (${sql.id(index)})`,
    columnsOf: async (database, table) => {
      const { rows } = await sql<{ name: string }>`select column_name as name from information_schema.columns
        where table_schema = database() and table_name = ${table}`.execute(database);
      return rows.map(({ name }) => name);
    },
    writtenColumnsOf: async (database, table) =>
      (await writtenColumns(database, table)).map(({ name }) => name),
    createSideTable: (database, side) => createSideTable(database, side, tableOptions),
    exclusively,
    begin: sql`begin`,
    skipLocked: sql`for update skip locked`,
    waitForLocked: sql`for update`,
    passOverExisting: (column) => sql`on duplicate key update ${sql.id(column)} = ${sql.id(column)}`,
    updateExisting: ({ columns, when }) => {
      // MariaDB does not know the alias of a row that MySQL has in place of `values`.
      const inserted = (column: string) => sql`values(${sql.id(column)})`;
      const condition = when(inserted);
      const set = columns.map(
        (column) => sql`${sql.id(column)} = if(${condition}, ${inserted(column)}, ${sql.id(column)})`,
      );
      return sql`on duplicate key update ${sql.join(set)}`;
    },
    selectText: (column) => sql`${column}`,
    decodeText: (value) => value as string,
  };
}

async function createSideTable(
  database: Kysely<unknown>,
  { name, of, column }: SideTable,
  options: RawBuilder<unknown>,
): Promise<void> {
  const list = (await writtenColumns(database, of)).map((each) =>
    each.name === 'id'
      ? sql`id ${sql.raw(each.type)} not null primary key`
      : sql`${sql.id(each.name)} ${sql.raw(each.type)} null`,
  );
  await sql`create table if not exists ${sql.id(name)} (${sql.join(list)}, ${sql.id(column)} bigint not null)
    ${options}`.execute(database);
}

/** Columns that are not generated, with their types as the server spells them. */
async function writtenColumns(
  database: Kysely<unknown>,
  table: string,
): Promise<readonly { readonly name: string; readonly type: string }[]> {
  const { rows } = await sql<
    Record<'name' | 'type', string> & Record<'charset' | 'collation', string | null>
  >`
    select column_name as name, column_type as type, character_set_name as charset, collation_name as collation
    from information_schema.columns where table_schema = database() and table_name = ${table}
    and coalesce(generation_expression, '') = '' order by ordinal_position`.execute(database);
  return rows.map(({ name, type, charset, collation }) => ({
    name,
    type: charset === null ? type : `${type} character set ${charset} collate ${collation}`,
  }));
}

/** The hash of a row's identifiers. Lengths stand before the parts, so that no two ways to divide a text are the same. */
function identityOf(parts: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  const withLengths = parts.flatMap((part) => [sql`length(${part})`, sql.lit(':'), part]);
  return sql`unhex(sha2(concat(${sql.join(withLengths)}), 256))`;
}

/** Under a named lock, which ends with the connection, and so with a daemon that is killed. */
async function exclusively<D>(
  database: Kysely<D>,
  work: (connection: Kysely<D>) => Promise<void>,
): Promise<void> {
  // Such names count for the whole server and hold 64 characters.
  const name = sql`concat('sluice ', md5(database()))`;
  await database.connection().execute(async (connection) => {
    const deadline = performance.now() + LOCK_SECONDS * 1000;
    for (;;) {
      // Asked for a second at a time: a longer wait would be a statement that misses its deadline.
      const { rows } = await sql<{ got: unknown }>`select get_lock(${name}, 1) as got`.execute(connection);
      if (Number(rows[0]?.got) === 1) break;
      if (performance.now() > deadline)
        throw new SluiceError('STORE_FAILED', `another daemon has been migrating for ${LOCK_SECONDS} s`, {
          retriable: true,
        });
    }
    try {
      await work(connection);
    } finally {
      await sql`do release_lock(${name})`.execute(connection).catch(() => undefined);
    }
  });
}
