import { type Kysely, type SqlBool, sql } from 'kysely';
import type { SqlFlavour } from '../sql/sql-flavour.ts';

const LOCK_SECONDS = 10;
const LOOK_MS = 20;

// A mark of byte order is a character like any other inside a text.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** SQLite's dialect, as libsql speaks it. */
export const sqliteFlavour: SqlFlavour = {
  rowsPerInsert: 1,
  textPerInsert: Number.MAX_SAFE_INTEGER,
  types: {
    key: sql`integer primary key autoincrement`,
    id: sql`text`,
    name: sql`text`,
    text: sql`text`,
    searched: sql`text`,
    integer: sql`integer`,
    real: sql`real`,
  },
  emptyText: sql`''`,
  tableOptions: sql`strict`,
  trainingTable: 'training',
  unique: (table, name, columns) => table.addUniqueConstraint(name, [...columns]),
  hasIdentity: (identities) => {
    const each = identities.map(
      (identity) =>
        sql`(${sql.join(
          Object.entries(identity).map(([column, value]) => sql`${sql.id(column)} = ${value}`),
          sql` and `,
        )})`,
    );
    return sql<SqlBool>`(${sql.join(each, sql` or `)})`;
  },
  createIndex: async (database, { name, table, columns, isUnique }) => {
    await database.schema
      .createIndex(name)
      .ifNotExists()
      .on(table)
      .columns([...columns])
      .$call((builder) => (isUnique ? builder.unique() : builder))
      .execute();
  },
  createTextIndex,
  createSearch: async (database, { name, table, column, isIndexed }) => {
    if (!isIndexed) await createTextIndex(database, { name, table, columns: [column] });
    // A lease or another label changes a row as well, and not its text.
    const update = sql.id(`${name}_update`);
    const of = (row: 'new' | 'old') => sql.id(row, column);
    const index = sql.id(name);
    await sql`drop trigger if exists ${update}`.execute(database);
    await sql`create trigger ${update} after update of ${sql.id(column)} on ${sql.id(table)} begin
      insert into ${index} (${index}, rowid, ${sql.id(column)}) values ('delete', old.id, ${of('old')});
      insert into ${index} (rowid, ${sql.id(column)}) values (new.id, ${of('new')}); end`.execute(database);
  },
  searchedText: ({ column }) => sql.ref(column),
  parted: (words) => ({ indexed: words, others: [] }),
  wordsBegin: ({ name }, words) => {
    const index = sql.id(name);
    return sql<SqlBool>`id in (select rowid from ${index} where ${index} match ${matchOf(words)})`;
  },
  idsWithWords: ({ name }, words, { before, most }) => {
    const index = sql.id(name);
    return sql`select rowid as id from ${index} where ${index} match ${matchOf(words)} and rowid < ${before}
      order by rowid desc limit ${most}`;
  },
  isAmongNewest: ({ name, table }, words, limit) =>
    sql<SqlBool>`${sql.ref(`${table}.id`)} in (select rowid from ${sql.id(name)} where ${sql.id(name)} match ${words
      .map((word) => `"${word}"`)
      .join(' ')} order by rowid desc limit ${sql.lit(limit)})`,
  fromIndex: (table, index) =>
    index === undefined ? sql`${sql.table(table)}` : sql`${sql.table(table)} indexed by ${sql.id(index)}`,
  // `table_xinfo`, since `table_info` leaves generated columns out.
  columnsOf: async (database, table) => {
    const { rows } = await sql<{ name: string }>`select name from pragma_table_xinfo(${table})`.execute(
      database,
    );
    return rows.map(({ name }) => name);
  },
  writtenColumnsOf,
  // Columns without a type hold every value as it comes.
  createSideTable: async (database, { name, of, column }) => {
    const others = (await writtenColumnsOf(database, of)).filter((each) => each !== 'id');
    const list = sql.join([column, ...others].map((each) => sql.id(each)));
    await sql`create table if not exists ${sql.id(name)} (id integer primary key, ${list})`.execute(database);
  },
  exclusively,
  // A transaction that reads first and writes then would fail where another process wrote in between.
  begin: sql`begin immediate`,
  skipLocked: sql``,
  waitForLocked: sql``,
  passOverExisting: () => sql`on conflict do nothing`,
  updateExisting: ({ identity, columns, when }) => {
    const inserted = (column: string) => sql.id('excluded', column);
    const set = columns.map((column) => sql`${sql.id(column)} = ${inserted(column)}`);
    return sql`on conflict (${sql.join(identity.map((column) => sql.id(column)))}) do update set ${sql.join(set)} where ${when(inserted)}`;
  },
  // libsql stores a text whole and gives it back only as far as its first NUL.
  selectText: (column) => sql`cast(${column} as blob)`,
  decodeText: (value) => (typeof value === 'string' ? value : decoder.decode(value as ArrayBuffer)),
};

async function writtenColumnsOf(database: Kysely<unknown>, table: string): Promise<readonly string[]> {
  const { rows } = await sql<{
    name: string;
  }>`select name from pragma_table_xinfo(${table}) where hidden = 0`.execute(database);
  return rows.map(({ name }) => name);
}

/** All words, each as the beginning of one. */
function matchOf(words: readonly string[]): string {
  return words.map((word) => `"${word}"*`).join(' ');
}

/** An FTS5 table of the index's name that keeps no text of its own and follows its table by triggers. */
async function createTextIndex(
  database: Kysely<unknown>,
  {
    name,
    table,
    columns,
  }: { readonly name: string; readonly table: string; readonly columns: readonly string[] },
): Promise<void> {
  const [index, rows] = [sql.id(name), sql.id(table)];
  const list = sql.join(columns.map((column) => sql.id(column)));
  const of = (row: 'new' | 'old') => sql.join(columns.map((column) => sql.id(row, column)));
  const add = sql`insert into ${index} (rowid, ${list}) values (new.id, ${of('new')});`;
  const remove = sql`insert into ${index} (${index}, rowid, ${list}) values ('delete', old.id, ${of('old')});`;
  const trigger = (event: string) => sql.id(`${name}_${event}`);
  const statements = [
    sql`create virtual table if not exists ${index} using fts5 (${list}, content=${sql.lit(table)}, content_rowid='id')`,
    sql`create trigger if not exists ${trigger('insert')} after insert on ${rows} begin ${add} end`,
    sql`create trigger if not exists ${trigger('delete')} after delete on ${rows} begin ${remove} end`,
    sql`create trigger if not exists ${trigger('update')} after update on ${rows} begin ${remove} ${add} end`,
    sql`insert into ${index} (${index}) values ('rebuild')`,
  ];
  for (const statement of statements) await statement.execute(database);
}

async function exclusively<D>(
  database: Kysely<D>,
  work: (connection: Kysely<D>) => Promise<void>,
): Promise<void> {
  await database.connection().execute(async (connection) => {
    await beginAlone(connection);
    try {
      await work(connection);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
}

/** Not with libsql's own wait for a lock, which would block the thread. */
async function beginAlone<D>(connection: Kysely<D>): Promise<void> {
  const deadline = performance.now() + LOCK_SECONDS * 1000;
  for (;;) {
    try {
      await sql`begin immediate`.execute(connection);
      return;
    } catch (error) {
      const busy = String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');
      if (!busy || performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}
