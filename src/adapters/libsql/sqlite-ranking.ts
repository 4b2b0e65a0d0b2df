import { type Kysely, sql } from 'kysely';
import type { SearchedColumn } from '../sql/searched-column.ts';
import type { RankedId } from '../sql/sql-flavour.ts';

/** How many rows are looked at. */
export interface RankingBounds {
  /** Rows of a word up to which it is rare; so many of a frequent one are looked at. */
  readonly rareRows: number;
  /** Rows of all rare words together that are ranked; those of the rarest word in any case. */
  readonly rankedRows: number;
}

const defaultBounds: RankingBounds = { rareRows: 20_000, rankedRows: 60_000 };
/** Frequent words that a row has to have all of, the first of those that are given. */
const TOGETHER = [5, 3, 2, 1] as const;

/**
 * By FTS5's bm25, over rare words. Rows that have only frequent words come after these, the newest first: a campaign of which there are
 * millions is found by them. The work does not grow with the number of rows that have a word, beyond the bounds.
 */
export async function rankedRows<D>(
  database: Kysely<D>,
  { name }: SearchedColumn,
  words: readonly string[],
  limit: number,
  bounds: RankingBounds = defaultBounds,
): Promise<readonly RankedId[]> {
  const index = sql.id(name);
  const { rare, frequent } = await partedByRows(database, name, words, bounds);
  const found = new Map<number, RankedId>();
  if (rare.length > 0) {
    // The score of bm25 is lower for what is more relevant.
    const { rows } = await sql<{ id: number; score: number }>`select rowid as id, -rank as score from ${index}
      where ${index} match ${rare.map(quoted).join(' OR ')} order by rank limit ${sql.lit(limit)}`.execute(
      database,
    );
    for (const row of rows) found.set(row.id, row);
  }
  for (const [step, count] of TOGETHER.entries()) {
    if (found.size >= limit || frequent.length < (TOGETHER[step + 1] ?? 0) + 1) continue;
    const together = frequent.slice(0, count);
    const from = await newestFrom(database, name, together[0]!, bounds.rareRows);
    const { rows } = await sql<{ id: number }>`select rowid as id from ${index}
      where ${index} match ${together.map(quoted).join(' ')} and rowid >= ${from}
      order by rowid desc limit ${sql.lit(limit)}`.execute(database);
    for (const { id } of rows)
      if (!found.has(id) && found.size < limit) found.set(id, { id, score: -1 - step });
  }
  return [...found.values()];
}

/** The words that rows have, rarest first, and those that more rows have than are counted, in the order in which they are given. */
async function partedByRows<D>(
  database: Kysely<D>,
  name: string,
  words: readonly string[],
  { rareRows, rankedRows: most }: RankingBounds,
): Promise<{ readonly rare: readonly string[]; readonly frequent: readonly string[] }> {
  const index = sql.id(name);
  const counted: { readonly word: string; readonly rows: number }[] = [];
  for (const word of words) {
    const { rows } = await sql<{ rows: number }>`select count(*) as rows from (select 1 from ${index}
      where ${index} match ${quoted(word)} limit ${sql.lit(rareRows + 1)})`.execute(database);
    counted.push({ word, rows: rows[0]!.rows });
  }
  const known = counted.filter(({ rows }) => rows > 0 && rows <= rareRows).sort((a, b) => a.rows - b.rows);
  const rare: string[] = [];
  let sum = 0;
  for (const { word, rows } of known) {
    sum += rows;
    if (rare.length > 0 && sum > most) break;
    rare.push(word);
  }
  return { rare, frequent: counted.filter(({ rows }) => rows > rareRows).map(({ word }) => word) };
}

/** The id from which on a word is in so many rows. */
async function newestFrom<D>(
  database: Kysely<D>,
  name: string,
  word: string,
  count: number,
): Promise<number> {
  const index = sql.id(name);
  const { rows } = await sql<{ id: number }>`select rowid as id from ${index}
    where ${index} match ${quoted(word)} order by rowid desc limit 1 offset ${sql.lit(count - 1)}`.execute(
    database,
  );
  return rows[0]?.id ?? 0;
}

function quoted(word: string): string {
  return `"${word}"`;
}
