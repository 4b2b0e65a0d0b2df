import { type CompiledQuery, type Insertable, type Kysely, sql } from 'kysely';
import {
  type NewReviewItem,
  type ReviewItem,
  type ReviewState,
  type ReviewStore,
  reviewStates,
} from '../../ports/review-store.ts';
import { auditColumns, scoreColumnsOf } from './audit-columns.ts';
import type { ReviewTable, SluiceDatabase } from './database-schema.ts';
import { inTransaction } from './in-transaction.ts';
import { storableText } from './lossless-text.ts';
import { integerOf, reviewColumns, reviewItemOf, reviewTexts } from './review-row.ts';
import type { SqlFlavour, SqlUpdate } from './sql-flavour.ts';

export interface SqlReviewStoreParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** Called after a commit where that alone does not survive a power cut. */
  readonly makeDurable: () => Promise<void>;
  /** Closes the database. */
  readonly close: () => Promise<void>;
  /** As in the port. */
  readonly settleSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Runs what asks the database, and turns what the driver throws into `STORE_FAILED`, saying whether to try again. */
  readonly guard: <T>(access: Access, query: () => Promise<T>) => Promise<T>;
}

/** A server that only reads still answers what does not write. */
export type Access = 'read' | 'write';

/** The review store in SQL; MySQL, MariaDB and libsql differ in their {@link SqlFlavour} alone. */
export class SqlReviewStore implements ReviewStore {
  readonly #parts: SqlReviewStoreParts;
  readonly #statements = new Map<string, CompiledQuery>();

  constructor(parts: SqlReviewStoreParts) {
    this.#parts = parts;
  }

  get settleSeconds(): number {
    return this.#parts.settleSeconds;
  }

  async add(items: readonly NewReviewItem[]): Promise<number> {
    if (items.length === 0) return 0;
    const { database, flavour, now } = this.#parts;
    const createdAt = now();
    return this.#parts.guard('write', async () => {
      const added = await inTransaction(database, async (transaction) => {
        let added = 0;
        for (const chunk of chunksOf(items, flavour)) {
          const parameters = chunk.flatMap((item) => valuesOf(item, createdAt));
          const run = (kind: StatementKind) =>
            transaction.executeQuery({ ...this.#statementOf(kind, chunk.length), parameters });
          const { numAffectedRows } = await run('insert');
          const inserted = Number(numAffectedRows ?? 0n);
          added += inserted;
          // Apart from the insert: MySQL's count of both would not say how many were new.
          if (inserted < chunk.length) await run('update');
        }
        return added;
      });
      await this.#parts.makeDurable();
      return added;
    });
  }

  async list({ state, after = 0, limit }: ReviewQuery): Promise<readonly ReviewItem[]> {
    const { database, flavour } = this.#parts;
    const rows = await this.#parts.guard('read', () =>
      database
        .selectFrom('review')
        .select(reviewColumns)
        .select(reviewTexts(flavour))
        .where('state', '=', state)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    return rows.map((row) => reviewItemOf(row, flavour));
  }

  async count(): Promise<Readonly<Record<ReviewState, number>>> {
    const { database } = this.#parts;
    const rows = await this.#parts.guard('read', () =>
      database
        .selectFrom('review')
        .select(['state', ({ fn }) => fn.countAll<number | string>().as('count')])
        .groupBy('state')
        .execute(),
    );
    const counts = new Map(rows.map(({ state, count }) => [state, integerOf(count)]));
    return Object.fromEntries(reviewStates.map((state) => [state, counts.get(state) ?? 0])) as Record<
      ReviewState,
      number
    >;
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  /** Building the statement costs more than running it, so each number of rows is built once. */
  #statementOf(kind: StatementKind, rows: number): CompiledQuery {
    const key = `${kind} ${rows}`;
    let compiled = this.#statements.get(key);
    if (compiled === undefined) {
      const { database, flavour } = this.#parts;
      const placeholder = Object.fromEntries(columns.map((column) => [column, ''])) as unknown as InsertedRow;
      compiled = database
        .insertInto('review')
        .values(Array.from({ length: rows }, () => placeholder))
        .modifyEnd(
          kind === 'insert' ? flavour.passOverExisting('origin') : flavour.updateExisting(newestVersion),
        )
        .compile();
      this.#statements.set(key, compiled);
    }
    return compiled;
  }
}

/** `insert` skips rows that are there; `update`, of the same rows, changes those of messages that were edited. */
type StatementKind = 'insert' | 'update';

type ReviewQuery = Parameters<ReviewStore['list']>[0];

const columns = [
  'community',
  'message_id',
  'message',
  'sender',
  'probability',
  'reasons',
  'model',
  'source_topic',
  'source_partition',
  'source_offset',
  'origin',
  'state',
  'created_at',
  ...auditColumns,
] as const satisfies readonly (keyof ReviewTable)[];

/**
 * What an edited message changes. Where the source repeats an older version, the newer one stays; positions of different
 * partitions cannot be compared. The order of the columns matters: each assignment leaves the condition as it was, since an
 * equal offset is not older, and the text comes last.
 */
const newestVersion: SqlUpdate = {
  identity: ['community', 'message_id', 'origin'],
  columns: [
    ...['sender', 'probability', 'reasons', 'model', 'state', 'lease_holder', 'lease_until'],
    // To their defaults: another text may belong to another campaign.
    ...['campaign', 'campaign_rank', 'campaign_revision'],
    ...auditColumns,
    ...['source_offset', 'source_topic', 'source_partition', 'message'],
  ],
  when: (inserted) => sql`state in ('open', 'leased') and message <> ${inserted('message')}
    and not (source_topic = ${inserted('source_topic')} and source_partition = ${inserted('source_partition')}
      and source_offset > ${inserted('source_offset')})`,
};

type InsertedRow = Pick<Insertable<ReviewTable>, (typeof columns)[number]>;

/** In order; each with as much as one statement may hold, and at least one row. */
function* chunksOf(
  items: readonly NewReviewItem[],
  { rowsPerInsert, textPerInsert }: SqlFlavour,
): Generator<readonly NewReviewItem[]> {
  let from = 0;
  let text = 0;
  for (let at = 0; at < items.length; at++) {
    const { message, message_id, community, sender } = items[at]!;
    const more = message.length + message_id.length + community.length + (sender?.length ?? 0);
    if (at > from && (at - from === rowsPerInsert || text + more > textPerInsert)) {
      yield items.slice(from, at);
      from = at;
      text = 0;
    }
    text += more;
  }
  yield items.slice(from);
}

/** An open row, as it is inserted; `createdAt`: epoch milliseconds. */
export function newReviewRow(item: NewReviewItem, createdAt: number): InsertedRow {
  const { position, model, origin } = item;
  return {
    ...scoreColumnsOf(item),
    ...{ message: item.message, model, origin },
    community: storableText(item.community),
    message_id: storableText(item.message_id),
    sender: item.sender === null ? null : storableText(item.sender),
    source_topic: position.topic,
    source_partition: position.partition,
    source_offset: position.offset,
    state: 'open',
    created_at: createdAt,
  };
}

function valuesOf(item: NewReviewItem, createdAt: number): readonly unknown[] {
  const row = newReviewRow(item, createdAt);
  return columns.map((column) => row[column]);
}
