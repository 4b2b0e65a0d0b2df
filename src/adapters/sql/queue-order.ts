import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { ReviewFilter, ReviewOrder } from '../../ports/decision-store.ts';
import { storableText } from './lossless-text.ts';
import type { QueueRow } from './queue-item.ts';
import { reviewSearch } from './searched-column.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { hasWords } from './text-search.ts';

type OrderColumn = 'id' | 'distance' | 'audit_rank' | 'campaign_rank' | 'campaign' | 'report_rank';

/** Each ends with the id, so that no two rows are equal; an index leads with the state and goes on like this. */
export const orderColumns: Readonly<Record<ReviewOrder, readonly OrderColumn[]>> = {
  uncertainty: ['distance', 'id'],
  age: ['id'],
  audit: ['audit_rank', 'distance', 'id'],
  campaign: ['campaign_rank', 'campaign', 'id'],
  reports: ['report_rank', 'id'],
};

const orderIndexes: Readonly<Record<ReviewOrder, string>> = {
  uncertainty: 'review_by_distance',
  age: 'review_by_state',
  audit: 'review_by_audit',
  campaign: 'review_by_campaign',
  reports: 'review_by_reports',
};

/** Filters that other indexes answer with fewer rows. */
const narrow = ['q', 'campaign', 'reporters'] as const;

/**
 * The table of review rows, to be read in an order. For a few rows in the order of their ids MySQL would read the whole table in that
 * order, with a million decided rows before the first open one; so it is given the index.
 */
export function queueIn(flavour: SqlFlavour, order: ReviewOrder, filter: ReviewFilter): RawBuilder<unknown> {
  const isNarrow = narrow.some((each) => filter[each] !== undefined);
  return flavour.fromIndex('review', isNarrow ? undefined : orderIndexes[order], false);
}

/** The columns of an order, as `order by` lists them. */
export function orderedBy(order: ReviewOrder): RawBuilder<unknown> {
  return sql.join(orderColumns[order].map((column) => sql.ref(column)));
}

export function cursorOf(row: QueueRow, order: ReviewOrder): string {
  return encodeCursor(orderColumns[order].map((column) => Number(row[column])));
}

/** Rows behind the cursor. Throws `USAGE`. */
export function behind(cursor: string, order: ReviewOrder): Expression<SqlBool> {
  const columns = orderColumns[order];
  const values = decodeCursor(cursor, columns.length);
  const alternatives = columns.map((column, index) => {
    const same = columns.slice(0, index).map((each, at) => sql<SqlBool>`${sql.ref(each)} = ${values[at]}`);
    return sql<SqlBool>`(${sql.join([...same, sql`${sql.ref(column)} > ${values[index]}`], sql` and `)})`;
  });
  return sql<SqlBool>`(${sql.join(alternatives, sql` or `)})`;
}

export function encodeCursor(values: readonly number[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Throws `USAGE` for a text that {@link encodeCursor} did not make of so many numbers. */
export function decodeCursor(cursor: string, length: number): readonly number[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(values) && values.length === length && values.every(Number.isFinite))
      return values as number[];
  } catch {
    // Answered below, as is all else that is no cursor.
  }
  throw new SluiceError('USAGE', 'the cursor is not one of this list; start at its beginning');
}

/** Conditions of a filter on the table `review`; none for an empty filter. */
export function conditionsOf(flavour: SqlFlavour, filter: ReviewFilter = {}): readonly Expression<SqlBool>[] {
  const { community, min, max, model, origin, sender, q, from, to, campaign, reporters } = filter;
  const conditions: Expression<SqlBool>[] = [];
  const add = <T>(value: T | undefined, condition: (value: T) => Expression<SqlBool>) => {
    if (value !== undefined) conditions.push(condition(value));
  };
  add(community, (value) => sql`community = ${storableText(value)}`);
  add(min, (value) => sql`probability >= ${value}`);
  add(max, (value) => sql`probability <= ${value}`);
  add(model, (value) => sql`model = ${value}`);
  add(origin, (value) => sql`origin = ${value}`);
  add(sender, (value) => sql`sender = ${storableText(value)}`);
  add(q, (value) => hasWords(flavour, reviewSearch, storableText(value)));
  add(from, (value) => sql`created_at >= ${value}`);
  add(to, (value) => sql`created_at < ${value}`);
  add(campaign, (value) => sql`campaign = ${value}`);
  add(reporters, (value) => sql`report_rank <= ${-value}`);
  return conditions;
}
