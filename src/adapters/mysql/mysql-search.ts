import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import type { SearchedColumn } from '../sql/searched-column.ts';
import type { RankedId, SqlFlavour } from '../sql/sql-flavour.ts';

/** A collation that takes letters of different case for the same. */
export const anyCase = 'utf8mb4_unicode_520_ci';

/** What InnoDB leaves out of an index of words by default: shorter words, and these. */
const LEAST_WORD = 3;
const MOST_WORD = 84;
const MOST_RANKED_WORDS = 12;
const STOP_WORDS = new Set(
  (
    'a about an are as at be by com de en for from how i in is it la of on or that the this to was what when where who will with und ' +
    'the www'
  ).split(' '),
);

/** The search by words, over a stored copy of the text in that collation. */
export const mysqlSearch: Pick<
  SqlFlavour,
  'createSearch' | 'searchedText' | 'parted' | 'wordsBegin' | 'idsWithWords' | 'isAmongNewest' | 'ranked'
> = {
  // The column itself distinguishes cases, so that an edited text is seen.
  createSearch: async (database, searched) => {
    if (searched.isIndexed) return;
    const { name, table } = searched;
    const column = sql.id(searched.column);
    const copy = searchedOf(searched);
    const { rows } = await sql`select 1 from information_schema.columns
    where table_schema = database() and table_name = ${table} and column_name = ${copy}`.execute(database);
    if (rows.length === 0)
      await sql`alter table ${sql.id(table)} add column ${sql.id(copy)} mediumtext character set utf8mb4
      collate ${sql.raw(anyCase)} generated always as (${column}) stored`.execute(database);
    if (!(await hasIndex(database, table, name)))
      await sql`create fulltext index ${sql.id(name)} on ${sql.id(table)} (${sql.id(copy)})`.execute(
        database,
      );
  },
  searchedText: (searched) => sql.ref(searchedOf(searched)),
  parted: (words) => {
    const isIndexed = (word: string) =>
      [...word].length >= LEAST_WORD && word.length <= MOST_WORD && !STOP_WORDS.has(word.toLowerCase());
    return { indexed: words.filter(isIndexed), others: words.filter((word) => !isIndexed(word)) };
  },
  wordsBegin,
  idsWithWords: (searched, words, { before, most }) =>
    sql`select id from ${sql.table(searched.table)} where ${wordsBegin(searched, words)} and id < ${before}
      order by id desc limit ${most}`,
  isAmongNewest: ({ table, columns }, words) =>
    sql<SqlBool>`match (${sql.join(columns.map((column) => sql.ref(`${table}.${column}`)))}) against (${words
      .map((word) => `+${word}`)
      .join(' ')} in boolean mode)`,
  // The index reads all rows of a word before it returns the first one, so the caller names rare words first.
  ranked: async (database, searched, words, limit) => {
    const score = sql`match (${sql.ref(searchedOf(searched))}) against (${words
      .slice(0, MOST_RANKED_WORDS)
      .join(' ')} in natural language mode)`;
    const { rows } = await sql<RankedId>`select id, ${score} as score from ${sql.table(searched.table)}
      where ${score} order by score desc limit ${sql.lit(limit)}`.execute(database);
    return rows;
  },
};

function wordsBegin(searched: SearchedColumn, words: readonly string[]): RawBuilder<SqlBool> {
  return sql<SqlBool>`match (${sql.ref(searchedOf(searched))}) against (${words
    .map((word) => `+${word}*`)
    .join(' ')} in boolean mode)`;
}

/** The column whose words are indexed: a copy, where the column itself distinguishes cases. */
function searchedOf({ column, isIndexed }: SearchedColumn): string {
  return isIndexed ? column : `${column}_searched`;
}

export async function hasIndex(database: Kysely<unknown>, table: string, name: string): Promise<boolean> {
  const { rows } = await sql`select 1 from information_schema.statistics
    where table_schema = database() and table_name = ${table} and index_name = ${name} limit 1`.execute(
    database,
  );
  return rows.length > 0;
}
