import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { ActivityKind } from '../../core/activity-kinds.ts';
import type { ErasableStore, ScannedContent, ScannedPiece, Wanted } from '../../ports/erasable-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { AT_ONCE, chunksOf, ErasureReader, type ErasureRows, type OwnedRow } from './erasure-rows.ts';
import { inTransaction } from './in-transaction.ts';
import { removedTableOf } from './label-tables.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { disownReports, reportsBy } from './sql-report-store.ts';
import { closeSecondOpinions } from './sql-second-opinions.ts';

export interface SqlErasureParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  readonly makeDurable: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Epoch milliseconds. */
  readonly now: (connection: Kysely<SluiceDatabase>) => Promise<number>;
  /** Runs what asks the database, again where transactions met, and turns what the driver throws into `STORE_FAILED`. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** One entry of the activity log, which names nobody. */
export interface ErasureEntry {
  readonly who: string;
  readonly what: ActivityKind;
  readonly after: object;
}

/** What is left of the text of a step. */
const ERASED_STEP = '(erased)';

/** Tables with the columns that may hold a text, and who wrote it. */
const scanned = {
  review: ['community', 'message_id', 'message', 'sender', 'reasons', 'audit_reasons'],
  messages: ['body'],
  shadow_disagreement: [
    ...(['community', 'message_id', 'message', 'sender', 'active_reasons', 'shadow_reasons'] as const),
  ],
  decision: ['note'],
  outbox: ['verdict'],
  activity: ['before', 'after'],
  label_step: ['about', 'parameters', 'position'],
} as const;

/** Ids stay, and a text may repeat its own. */
const kept: ReadonlySet<string> = new Set(['community', 'message_id']);

/**
 * Erases in SQL. A review row keeps its ids and its label and is `erased`; training rows, also those that label steps removed, and rows of
 * `messages` and of disagreements of two models are deleted; notes that quote are emptied, and so is what a label step was asked for. Verdicts in the outbox have no text.
 */
export class SqlErasure {
  readonly #parts: SqlErasureParts;

  constructor(parts: SqlErasureParts) {
    this.#parts = parts;
  }

  async search(wanted: Wanted): Promise<void> {
    await this.#rows(wanted);
  }

  async count(wanted: Wanted): Promise<number> {
    const { database, guard } = this.#parts;
    const reports = await guard(() => reportsOf(database, wanted));
    return sizeOf(await this.#rows(wanted)) + reports.length;
  }

  /** All tables in one transaction. */
  erase(wanted: Wanted): Promise<number> {
    const { flavour } = this.#parts;
    return this.#write(async (connection) => {
      const rows = await readerOf(connection, flavour).rowsOf(wanted);
      const dirty = rows.review.filter(({ isDirty }) => isDirty).map(({ id }) => id);
      await eraseReviews(connection, dirty, { keepSender: false });
      const remove = async (table: string, ids: readonly number[]) => {
        for (const some of chunksOf(ids))
          await sql`delete from ${sql.table(table)} where id in (${sql.join(some)})`.execute(connection);
      };
      await remove(
        flavour.trainingTable,
        rows.training.map(({ id }) => id),
      );
      await remove(
        removedTableOf(flavour.trainingTable),
        rows.removed.map(({ id }) => id),
      );
      await remove(
        'messages',
        rows.messages.map(({ id }) => id),
      );
      await remove(
        'shadow_disagreement',
        rows.shadow.map(({ id }) => id),
      );
      for (const some of chunksOf(rows.notes))
        await sql`update decision set note = null where id in (${sql.join(some)})`.execute(connection);
      // Such a step can still be undone; nothing is left that it could be finished by.
      for (const some of chunksOf(rows.steps))
        await sql`update label_step set about = ${ERASED_STEP}, parameters = 'null', ${sql.ref('position')} = null
          where id in (${sql.join(some)})`.execute(connection);
      const reports = await reportsOf(connection, wanted);
      await disownReports(connection, reports);
      return sizeOf(rows) + reports.length;
    });
  }

  /** Erases the text of rows that were decided before a time, epoch milliseconds. Returns how many. */
  async expire(before: number): Promise<number> {
    let expired = 0;
    for (;;) {
      const some = await this.#write(async (connection) => {
        const rows = await connection
          .selectFrom('review')
          .select('id')
          .where('state', '=', 'labelled')
          .where('labelled_at', '<', before)
          .orderBy('id')
          .limit(AT_ONCE)
          .execute();
        await eraseReviews(
          connection,
          rows.map(({ id }) => integerOf(id)),
          { keepSender: true },
        );
        return rows.length;
      });
      if (some === 0) return expired;
      expired += some;
    }
  }

  async record({ who, what, after }: ErasureEntry): Promise<void> {
    const { now } = this.#parts;
    await this.#write(async (connection) => {
      const when = await now(connection);
      await connection
        .insertInto('activity')
        .values({ who, what, before: null, after: JSON.stringify(after), when })
        .execute();
    });
  }

  /** The texts of all rows, as they are read back. */
  async *contents(wanted: Wanted): AsyncGenerator<ScannedContent> {
    for (const table of this.#tables()) yield { name: table, pieces: this.#pieces(table, wanted) };
  }

  /** What others wrote, and what stays though it may repeat a word: verdicts, and names of tables and columns. */
  async *others(wanted: Wanted): AsyncGenerator<Uint8Array> {
    for (const table of this.#tables())
      for await (const { bytes, isOthers } of this.#pieces(table, wanted)) if (isOthers) yield bytes;
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  #tables(): readonly string[] {
    const { trainingTable } = this.#parts.flavour;
    return [...Object.keys(scanned), trainingTable, removedTableOf(trainingTable)];
  }

  async *#pieces(table: string, wanted: Wanted): AsyncGenerator<ScannedPiece> {
    const { database, flavour } = this.#parts;
    const reader = readerOf(database, flavour);
    const owned = await this.#rows(wanted);
    const ownedOf: Readonly<Record<string, readonly OwnedRow[]>> = {
      review: owned.review,
      messages: owned.messages,
      shadow_disagreement: owned.shadow,
      [flavour.trainingTable]: owned.training,
      [removedTableOf(flavour.trainingTable)]: owned.removed,
    };
    const own = new Set(ownedOf[table]?.map(({ id }) => id));
    const hasOwners = ownedOf[table] !== undefined;
    const columns: readonly string[] = scanned[table as keyof typeof scanned] ?? ['message'];
    const list = sql.join([
      sql`id`,
      ...columns.map((column) => sql`${flavour.selectText(sql.ref(column))} as ${sql.id(column)}`),
    ]) as RawBuilder<unknown>;
    for await (const rows of reader.pages(list, sql.table(table)))
      for (const row of rows)
        for (const column of columns) {
          const bytes = Buffer.from(reader.decoded(row[column]));
          const isOthers =
            table === 'outbox' || kept.has(column) || (hasOwners && !own.has(integerOf(row.id as number)));
          if (bytes.length > 0) yield { bytes, fresh: bytes.length, isOthers };
        }
  }

  async #rows(wanted: Wanted): Promise<ErasureRows> {
    const { database, flavour, guard } = this.#parts;
    return guard(() => readerOf(database, flavour).rowsOf(wanted));
  }

  async #write<T>(work: (connection: Kysely<SluiceDatabase>) => Promise<T>): Promise<T> {
    const { database, flavour, guard, makeDurable } = this.#parts;
    return guard(async () => {
      const result = await inTransaction(database, work, flavour.begin);
      await makeDurable();
      return result;
    });
  }
}

/** What every kind of database offers of {@link ErasableStore} by way of {@link SqlErasure}. */
export type SqlErasable = ErasableStore & Pick<SqlErasure, 'expire' | 'record'>;

function readerOf(connection: Kysely<SluiceDatabase>, flavour: SqlFlavour): ErasureReader {
  return new ErasureReader(connection as unknown as Kysely<never>, flavour);
}

/** Reports that a sender made; their names are hashed, so no scan of bytes finds them. */
async function reportsOf(
  connection: Kysely<SluiceDatabase>,
  { subject }: Wanted,
): Promise<readonly number[]> {
  return subject.kind === 'sender' ? reportsBy(connection, subject) : [];
}

function sizeOf({ review, training, removed, messages, shadow, notes, steps }: ErasureRows): number {
  const dirty = review.filter(({ isDirty }) => isDirty).length;
  return (
    dirty + [training, removed, messages, shadow, notes, steps].reduce((sum, { length }) => sum + length, 0)
  );
}

/** `keepSender`: so that an erasure of the sender still finds the training row that the text stays in. */
async function eraseReviews(
  connection: Kysely<SluiceDatabase>,
  ids: readonly number[],
  { keepSender }: { readonly keepSender: boolean },
): Promise<void> {
  for (const some of chunksOf(ids)) {
    await closeSecondOpinions(connection, some);
    await sql`update review set message = '', reasons = '[]', state = 'erased', revision = revision + 1,
      audit_reasons = case when audit_reasons is null then null else '[]' end,
      ${keepSender ? sql`` : sql`sender = null,`}
      lease_id = null, lease_holder = null, lease_until = null where id in (${sql.join(some)})`.execute(
      connection,
    );
  }
}
