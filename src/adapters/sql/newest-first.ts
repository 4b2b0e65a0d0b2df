import { type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { COUNTED_ROWS } from '../../ports/training-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf } from './review-row.ts';
import type { NewestWithin, SqlFlavour } from './sql-flavour.ts';

/** Ids that one page looks at where no index leads to few rows. */
const WINDOW_IDS = 50_000;
/** Ids of one list. */
const IDS_AT_ONCE = 500;

/** One condition of a filter, which an index answers. */
export interface IndexedCondition {
  readonly index: string;
  readonly where: Expression<SqlBool>;
  /** Whether the index has its rows in the order of their ids. */
  readonly isOrdered: boolean;
}

/** A search that the index of words answers. */
export interface WordCondition {
  readonly where: Expression<SqlBool>;
  /** The statement that selects `id`, newest first. */
  readonly newest: (within: NewestWithin) => RawBuilder<unknown>;
}

export interface Listing {
  readonly table: string;
  readonly columns: RawBuilder<unknown>;
  readonly indexed: readonly IndexedCondition[];
  readonly words?: WordCondition | undefined;
  /** Conditions that no index answers. */
  readonly others: readonly Expression<SqlBool>[];
  /** Rows with lower ids alone. */
  readonly before: number | undefined;
  readonly limit: number;
}

export interface Listed<Row> {
  readonly rows: readonly Row[];
  /** The id below which the next page begins; undefined at the end. */
  readonly next: number | undefined;
  /** As in `TrainingPage`. */
  readonly count: number | null;
  readonly isExact: boolean;
}

type Connection = Kysely<SluiceDatabase>;
type AnyRow = { readonly id: number | string };

/**
 * A page of rows that meet all conditions, newest first. Neither dialect knows which condition finds few rows, so the rows of each are
 * counted first, to a limit. If one finds few, its index leads to all of them. Else the newest rows with the words are looked at, if words are
 * searched. If a single condition finds many, its index has them in the right order. If several find many each, the page looks at a
 * window of ids, and may end before it is full.
 */
export async function newestFirst<Row extends AnyRow>(
  connection: Connection,
  flavour: SqlFlavour,
  listing: Listing,
): Promise<Listed<Row>> {
  const { table, indexed, words, others, before, limit } = listing;
  const counted: { readonly condition: IndexedCondition; readonly rows: number }[] = [];
  for (const condition of indexed)
    counted.push({ condition, rows: await countOf(connection, flavour, table, condition) });
  const [best] = counted.sort((one, other) => one.rows - other.rows);
  if (best !== undefined && best.rows <= COUNTED_ROWS)
    return byIndex(connection, flavour, listing, best.condition);
  if (words !== undefined) return byWords(connection, listing, words);
  const isSimple = indexed.length <= 1 && others.length === 0 && best?.condition.isOrdered !== false;
  if (!isSimple) return byWindow(connection, listing);
  const from = flavour.fromIndex(table, best?.condition.index, false);
  const where = conditionsOf(indexed.map((each) => each.where));
  const top = before ?? Number.MAX_SAFE_INTEGER;
  const found = await sql<Row>`select ${listing.columns} from ${from} where ${where} and id < ${top}
    order by id desc limit ${limit + 1}`.execute(connection);
  const rows = found.rows.slice(0, limit);
  const next = found.rows.length > limit ? integerOf(rows.at(-1)!.id) : undefined;
  if (before !== undefined) return { rows, next, count: null, isExact: false };
  const all = best?.rows ?? (await countWhere(connection, from, where));
  return { rows, next, count: Math.min(all, COUNTED_ROWS), isExact: all <= COUNTED_ROWS };
}

/** One index leads to few rows: all of them are looked at once, for the page and its count. */
async function byIndex<Row extends AnyRow>(
  connection: Connection,
  flavour: SqlFlavour,
  { table, columns, indexed, words, others, before, limit }: Listing,
  { index }: IndexedCondition,
): Promise<Listed<Row>> {
  const where = conditionsOf([
    ...indexed.map((each) => each.where),
    ...(words === undefined ? [] : [words.where]),
    ...others,
  ]);
  const isFirst = before === undefined;
  const found = await sql<AnyRow>`select id from ${flavour.fromIndex(table, index, words !== undefined)}
    where ${where} and id < ${before ?? Number.MAX_SAFE_INTEGER} order by id desc
    limit ${isFirst ? COUNTED_ROWS : limit + 1}`.execute(connection);
  const ids = found.rows.slice(0, limit).map(({ id }) => integerOf(id));
  const page =
    ids.length === 0
      ? []
      : (
          await sql<Row>`select ${columns} from ${sql.table(table)} where id in (${sql.join(ids)})
            order by id desc`.execute(connection)
        ).rows;
  return {
    rows: page,
    next: found.rows.length > limit ? ids.at(-1) : undefined,
    count: isFirst ? found.rows.length : null,
    isExact: isFirst,
  };
}

/** Several conditions that find many rows each: there are many together as well, or none. */
async function byWindow<Row extends AnyRow>(
  connection: Connection,
  { table, columns, indexed, others, before, limit }: Listing,
): Promise<Listed<Row>> {
  const top = before ?? (await endOf(connection, table));
  const floor = Math.max(0, top - WINDOW_IDS);
  const where = conditionsOf([...indexed.map((each) => each.where), ...others]);
  const found = await sql<Row>`select ${columns} from ${sql.table(table)} where ${where}
    and id < ${top} and id >= ${floor} order by id desc limit ${limit + 1}`.execute(connection);
  const rows = found.rows.slice(0, limit);
  const isFull = found.rows.length > limit;
  const hasMore = isFull || (floor > 0 && (await hasBelow(connection, table, floor)));
  const next = !hasMore ? undefined : isFull ? integerOf(rows.at(-1)!.id) : floor;
  return { rows, next, count: null, isExact: false };
}

/** The index of words has its rows by their ids; a search goes through all of them, so it is made once for a page and its count. */
async function byWords<Row extends AnyRow>(
  connection: Connection,
  { table, columns, indexed, others, before, limit }: Listing,
  words: WordCondition,
): Promise<Listed<Row>> {
  const top = before ?? Number.MAX_SAFE_INTEGER;
  const newest = await sql<AnyRow>`${words.newest({ before: top, most: COUNTED_ROWS + 1 })}`.execute(
    connection,
  );
  const isWhole = newest.rows.length <= COUNTED_ROWS;
  const ids = newest.rows.slice(0, COUNTED_ROWS).map(({ id }) => integerOf(id));
  const rest = [...indexed.map((each) => each.where), ...others];
  const isSimple = rest.length === 0;
  const counts = before === undefined && isWhole && !isSimple;
  const rows: Row[] = [];
  let count = 0;
  for (let from = 0; from < ids.length && (counts || rows.length <= limit); from += IDS_AT_ONCE) {
    const where = conditionsOf([
      sql<SqlBool>`id in (${sql.join(ids.slice(from, from + IDS_AT_ONCE))})`,
      ...rest,
    ]);
    if (rows.length <= limit) {
      const more = await sql<Row>`select ${columns} from ${sql.table(table)} where ${where}
        order by id desc limit ${counts ? IDS_AT_ONCE : limit + 1 - rows.length}`.execute(connection);
      rows.push(...more.rows);
      count += more.rows.length;
    } else count += await countWhere(connection, sql.table(table), where);
  }
  const isFull = rows.length > limit;
  const page = rows.slice(0, limit);
  const next = isFull ? integerOf(page.at(-1)!.id) : isWhole ? undefined : ids.at(-1);
  if (before !== undefined) return { rows: page, next, count: null, isExact: false };
  if (isSimple) return { rows: page, next, count: ids.length, isExact: isWhole };
  return { rows: page, next, count: counts ? count : null, isExact: counts };
}

/** How many rows meet it, one more than {@link COUNTED_ROWS} at most. */
function countOf(
  connection: Connection,
  flavour: SqlFlavour,
  table: string,
  { index, where }: IndexedCondition,
): Promise<number> {
  return countWhere(connection, flavour.fromIndex(table, index, false), where);
}

async function countWhere(
  connection: Connection,
  from: RawBuilder<unknown>,
  where: Expression<unknown>,
): Promise<number> {
  const { rows } = await sql<{ rows: number | string }>`select count(*) as ${sql.ref('rows')} from
    (select 1 from ${from} where ${where} limit ${sql.lit(COUNTED_ROWS + 1)}) as counted`.execute(connection);
  return integerOf(rows[0]!.rows);
}

/** Above the highest id. */
async function endOf(connection: Connection, table: string): Promise<number> {
  const { rows } = await sql<{ last: number | string | null }>`select max(id) as ${sql.ref('last')}
    from ${sql.table(table)}`.execute(connection);
  return integerOf(rows[0]?.last ?? 0) + 1;
}

async function hasBelow(connection: Connection, table: string, id: number): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(table)} where id < ${id} limit 1`.execute(connection);
  return rows.length > 0;
}

function conditionsOf(conditions: readonly Expression<SqlBool>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`1 = 1` : sql`${sql.join(conditions, sql` and `)}`;
}
