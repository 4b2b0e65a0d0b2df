import { type Expression, type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';
import { COUNTED_ROWS } from '../../ports/training-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour, WordsWithin } from './sql-flavour.ts';

/** Ids that one page looks at where no index leads to few rows. */
export const WINDOW_IDS = 50_000;

/** One condition of a filter, which an index answers. */
export interface IndexedCondition {
  /** Undefined for an index of words, which the condition itself names. */
  readonly index: string | undefined;
  /** `within`: rows beyond need not be found. */
  readonly where: (within?: WordsWithin) => Expression<SqlBool>;
  /** Whether the index has its rows in the order of their ids. */
  readonly isOrdered: boolean;
}

export interface Listing {
  readonly table: string;
  readonly indexed: readonly IndexedCondition[];
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

/**
 * A page of rows that meet all conditions, newest first. Neither dialect knows which condition finds few rows, so the rows of each are
 * counted first, to a limit. If one finds few, its index leads to all of them. If a single condition finds many, its index has them in the right
 * order. If several find many each, there are many together as well, or none: the page then looks at a window of ids, and
 * may end before it is full.
 */
export async function newestFirst<Row extends { readonly id: number | string }>(
  connection: Connection,
  flavour: SqlFlavour,
  { table, indexed, others, before, limit }: Listing,
  columns: RawBuilder<unknown>,
): Promise<Listed<Row>> {
  const isSearched = indexed.some(({ index }) => index === undefined);
  const counted: { readonly condition: IndexedCondition; readonly rows: number }[] = [];
  for (const condition of indexed)
    counted.push({ condition, rows: await countOf(connection, flavour, table, condition) });
  const [best] = counted.sort((one, other) => one.rows - other.rows);
  const isNarrow = best !== undefined && best.rows <= COUNTED_ROWS;
  const isSingle = indexed.length + others.length <= 1 && (best === undefined || best.condition.isOrdered);
  const isSimple = isSingle && others.length === 0;
  const lead = isNarrow || isSimple ? best?.condition : undefined;
  const top = before ?? (isNarrow || isSimple ? Number.MAX_SAFE_INTEGER : await endOf(connection, table));
  const floor = isNarrow || isSimple ? 0 : Math.max(0, top - WINDOW_IDS);
  const from = flavour.fromIndex(table, lead?.index, isSearched);
  const within = { before: top, floor, most: limit + 1 };
  const where = (bounds?: WordsWithin) =>
    conditionsText([...indexed.map((each) => each.where(bounds)), ...others]);
  const found = await sql<Row>`select ${columns} from ${from}
    where ${where(isSimple ? within : undefined)} and id < ${top} and id >= ${floor}
    order by id desc limit ${limit + 1}`.execute(connection);
  const rows = found.rows.slice(0, limit);
  const isFull = found.rows.length > limit;
  const hasMore = isFull || (floor > 0 && (await hasBelow(connection, table, floor)));
  const next = !hasMore ? undefined : isFull ? integerOf(rows.at(-1)!.id) : floor;
  if (before !== undefined) return { rows, next, count: null, isExact: false };
  const single = await singleCount(connection, flavour, table, best?.rows);
  if (isSimple) return { rows, next, count: Math.min(single, COUNTED_ROWS), isExact: single <= COUNTED_ROWS };
  if (!isNarrow) return { rows, next, count: null, isExact: false };
  const all = await sql<{ rows: number | string }>`select count(*) as ${sql.ref('rows')} from ${from}
    where ${where()}`.execute(connection);
  return { rows, next, count: integerOf(all.rows[0]!.rows), isExact: true };
}

/** How many rows meet it, one more than {@link COUNTED_ROWS} at most. */
async function countOf(
  connection: Connection,
  flavour: SqlFlavour,
  table: string,
  { index, where }: IndexedCondition,
): Promise<number> {
  const most = COUNTED_ROWS + 1;
  const condition = where({ before: Number.MAX_SAFE_INTEGER, floor: 0, most });
  const from = flavour.fromIndex(table, index, index === undefined);
  const { rows } = await sql<{ rows: number | string }>`select count(*) as ${sql.ref('rows')} from
    (select 1 from ${from} where ${condition} limit ${sql.lit(most)}) as counted`.execute(connection);
  return integerOf(rows[0]!.rows);
}

async function singleCount(
  connection: Connection,
  flavour: SqlFlavour,
  table: string,
  counted: number | undefined,
): Promise<number> {
  if (counted !== undefined) return counted;
  return countOf(connection, flavour, table, {
    ...{ index: undefined, where: () => sql<SqlBool>`1 = 1`, isOrdered: true },
  });
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

function conditionsText(conditions: readonly Expression<SqlBool>[]): RawBuilder<unknown> {
  return conditions.length === 0 ? sql`1 = 1` : sql`${sql.join(conditions, sql` and `)}`;
}
