import { type Expression, type Kysely, type SqlBool, sql } from 'kysely';
import type { TrainingFilter, TrainingPage, TrainingRow, TrainingStore } from '../../ports/training-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { labelIndexes, labelKeys, labelOfKey } from './label-tables.ts';
import { restoredText, storableText } from './lossless-text.ts';
import { type IndexedCondition, type Listing, newestFirst } from './newest-first.ts';
import { decodeCursor, encodeCursor } from './queue-order.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import { type SearchedColumn, trainingSearch } from './searched-column.ts';
import type { NewestWithin, SqlFlavour } from './sql-flavour.ts';
import { hasWords, indexedWords } from './text-search.ts';
import { KEY_CHARACTERS, trainingIndexes } from './training-tables.ts';

type ReadRow = Readonly<
  Record<'id' | 'label_key' | 'labelled_at' | 'review_id', number | string> &
    Record<'message' | 'community', unknown>
> & {
  readonly source: string;
  readonly labelled_by: string | null;
  readonly near_group: string | null;
};

export interface SqlTrainingStoreParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** Runs what asks the database, and turns what the driver throws into `STORE_FAILED`. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** The training table, to read. */
export class SqlTrainingStore implements TrainingStore {
  readonly #parts: SqlTrainingStoreParts;

  constructor(parts: SqlTrainingStoreParts) {
    this.#parts = parts;
  }

  async list({ filter = {}, after, limit }: Parameters<TrainingStore['list']>[0]): Promise<TrainingPage> {
    const { database, flavour, guard } = this.#parts;
    const before = after === undefined ? undefined : decodeCursor(after, 1)[0]!;
    const { trainingTable: table, selectText } = flavour;
    const columns = sql`id, label_key, ${selectText(sql.ref('message'))} as ${sql.ref('message')},
      ${selectText(sql.ref('community'))} as ${sql.ref('community')}, source, labelled_by, labelled_at, near_group, review_id`;
    return guard(async () => {
      const page = await newestFirst<ReadRow>(database, flavour, {
        ...{ table, columns, before, limit },
        ...conditionsOf(flavour, filter),
      });
      const decisions = await decisionsOf(database, page.rows);
      return {
        items: page.rows.map((row) => rowOf(row, flavour, decisions)),
        next: page.next === undefined ? null : encodeCursor([page.next]),
        count: page.count,
        count_is_exact: page.isExact,
      };
    });
  }
}

function rowOf(
  row: ReadRow,
  { decodeText }: SqlFlavour,
  decisions: ReadonlyMap<number, number>,
): TrainingRow {
  const id = integerOf(row.id);
  return {
    id,
    class: labelOfKey(integerOf(row.label_key)),
    message: decodeText(row.message),
    community: restoredText(decodeText(row.community)),
    source: row.source,
    labelled_by: row.labelled_by,
    labelled_at: integerOrNull(row.labelled_at),
    near_group: row.near_group,
    review_id: integerOrNull(row.review_id),
    decision: decisions.get(id) ?? null,
  };
}

function conditionsOf(
  flavour: SqlFlavour,
  filter: TrainingFilter,
): Pick<Listing, 'indexed' | 'words' | 'others'> {
  const { class: label, source, labelled_by, community, from, to } = filter;
  const indexed: IndexedCondition[] = [];
  const add = (of: keyof typeof trainingIndexes, where: Expression<SqlBool>, isOrdered = true) =>
    indexed.push({ index: trainingIndexes[of].name, where, isOrdered });
  if (label !== undefined) {
    const where = sql<SqlBool>`label_key = ${labelKeys[label]}`;
    indexed.push({ index: labelIndexes.label, where, isOrdered: true });
  }
  if (source !== undefined) add('source', sql`source = ${source}`);
  if (labelled_by !== undefined) add('labelled_by', keyed('labelled_by', 'person_key', labelled_by));
  if (community !== undefined) add('community', keyed('community', 'community_key', storableText(community)));
  if (from !== undefined || to !== undefined)
    add('time', sql`labelled_at >= ${from ?? 0} and labelled_at < ${to ?? Number.MAX_SAFE_INTEGER}`, false);
  if (filter.q === undefined) return { indexed, others: [] };
  const q = storableText(filter.q);
  const searched: SearchedColumn = { ...trainingSearch, table: flavour.trainingTable };
  const where = hasWords(flavour, searched, q);
  const words = indexedWords(flavour, q);
  if (words === undefined) return { indexed, others: [where] };
  const newest = (within: NewestWithin) => flavour.idsWithWords(searched, words, within);
  return { indexed, others: [], words: { where, newest } };
}

/** By the indexed beginning, which is mostly the whole; to compare the whole as well, each row would have to be read. */
function keyed(column: string, key: string, value: string): Expression<SqlBool> {
  const isWhole = value.length < KEY_CHARACTERS && !value.includes('\0');
  const isLike = sql<SqlBool>`${sql.ref(key)} = substr(${value}, 1, ${sql.lit(KEY_CHARACTERS)})`;
  return isWhole ? isLike : sql<SqlBool>`(${isLike} and ${sql.ref(column)} = ${value})`;
}

/** Of rows that a decision labeled: the last one that gave a row the person and the time that it has. */
async function decisionsOf(
  database: Kysely<SluiceDatabase>,
  rows: readonly ReadRow[],
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  if (rows.length === 0) return found;
  const byId = new Map(rows.map((row) => [integerOf(row.id), row]));
  const reviewed = rows.filter(({ review_id }) => review_id !== null);
  const byReview = new Map(reviewed.map((row) => [integerOf(row.review_id), row]));
  const relabels = await database
    .selectFrom('decision_training')
    .innerJoin('decision', 'decision.id', 'decision_training.decision_id')
    .select(['decision_training.training_id as row', 'decision.id', 'decided_by', 'decided_at'])
    .where('decision_training.training_id', 'in', [...byId.keys()])
    .execute();
  const decisions =
    byReview.size === 0
      ? []
      : await database
          .selectFrom('decision_item')
          .innerJoin('decision', 'decision.id', 'decision_item.decision_id')
          .select(['decision_item.review_id as row', 'decision.id', 'decided_by', 'decided_at'])
          .where('decision_item.review_id', 'in', [...byReview.keys()])
          .execute();
  const look = (made: typeof relabels, known: ReadonlyMap<number, ReadRow>) => {
    for (const { row: of, id, decided_by, decided_at } of made) {
      const row = known.get(integerOf(of));
      if (row === undefined || row.labelled_by !== decided_by) continue;
      if (integerOrNull(row.labelled_at) !== integerOf(decided_at)) continue;
      const before = found.get(integerOf(row.id)) ?? 0;
      found.set(integerOf(row.id), Math.max(before, integerOf(id)));
    }
  };
  look(relabels, byId);
  look(decisions, byReview);
  return found;
}
