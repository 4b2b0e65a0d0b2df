import { createHmac, randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { ReportedRow, ReportStore, ReportTransaction } from '../../ports/report-store.ts';
import { type NewReviewItem, reviewOrigins } from '../../ports/review-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { storableText } from './lossless-text.ts';
import { messageKeyOf } from './queue-item.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { newReviewRow } from './sql-review-store.ts';
import { closeSecondOpinions } from './sql-second-opinions.ts';
import { knownStoreKey, storeKey } from './store-key.ts';
import type { TimedTransaction } from './timed-transaction.ts';

const REPORTER_KEY = 'reporter';
/** In the activity log, where nobody decided. */
const WHO = 'reports';

type Message = Pick<NewReviewItem, 'community' | 'message_id'>;

/** Reports in SQL, over the connection of the review queue. */
export class SqlReportStore implements ReportStore {
  readonly #write: <T>(work: (parts: TimedTransaction) => Promise<T>) => Promise<T>;

  /** `write`: runs `work` in a transaction that is durable when it resolves. */
  constructor(write: <T>(work: (parts: TimedTransaction) => Promise<T>) => Promise<T>) {
    this.#write = write;
  }

  report<T>(work: (transaction: ReportTransaction) => Promise<T>): Promise<T> {
    return this.#write((parts) => work(new SqlReportTransaction(parts)));
  }
}

class SqlReportTransaction implements ReportTransaction {
  readonly now: number;
  readonly #connection: Kysely<SluiceDatabase>;
  readonly #flavour: SqlFlavour;

  constructor({ connection, flavour, now }: TimedTransaction) {
    this.#connection = connection;
    this.#flavour = flavour;
    this.now = now;
  }

  async rows(message: Message): Promise<readonly ReportedRow[]> {
    const rows = await this.#connection
      .selectFrom('review')
      .select(['id', 'origin', 'state', 'label', 'labelled_at'])
      .select(({ ref }) => this.#flavour.selectText(ref('review.message')).as('message'))
      .where(this.#flavour.hasIdentity(reviewOrigins.map((origin) => identityOf(message, origin))))
      .orderBy('id')
      .modifyEnd(this.#flavour.waitForLocked)
      .execute();
    return rows.map(({ id, origin, state, label, labelled_at, message: text }) => ({
      ...{ id: integerOf(id), origin, state, label, labelled_at: integerOrNull(labelled_at) },
      message: this.#flavour.decodeText(text),
    }));
  }

  async add(report: Message & { readonly reporter: string }, row: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#connection
      .insertInto('report')
      .values({
        message_key: messageKeyOf(report),
        reporter: await this.#hashOf(report.reporter),
        ...{ review_id: row, created_at: this.now },
      })
      .modifyEnd(this.#flavour.passOverExisting('reporter'))
      .executeTakeFirstOrThrow();
    if (Number(numInsertedOrUpdatedRows ?? 0n) !== 1) return false;
    await this.#connection
      .updateTable('review')
      .set({ report_rank: sql<number>`report_rank - 1` })
      .where('id', '=', row)
      .execute();
    return true;
  }

  async reportsOf(reporter: string, since: number): Promise<number> {
    const { count } = await this.#connection
      .selectFrom('report')
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .where('reporter', '=', await this.#hashOf(reporter))
      .where('created_at', '>', since)
      .executeTakeFirstOrThrow();
    return integerOf(count);
  }

  async reportersSince(message: Message, since: number): Promise<number> {
    const { count } = await this.#connection
      .selectFrom('report')
      .select(({ fn }) => fn.countAll<number | string>().as('count'))
      .where('message_key', '=', messageKeyOf(message))
      .where('created_at', '>', since)
      .executeTakeFirstOrThrow();
    return integerOf(count);
  }

  async open(item: NewReviewItem): Promise<number> {
    const inserted = newReviewRow(item, this.now);
    await this.#connection
      .insertInto('review')
      .values(inserted)
      .modifyEnd(this.#flavour.passOverExisting('origin'))
      .execute();
    const [row] = (await this.rows(item)).filter(({ origin }) => origin === item.origin);
    const { id, state, message } = row!;
    const { message: text, sender, probability, reasons, model } = inserted;
    if (state !== 'labelled' && message !== text)
      // Edited: as for a message that comes again, another text may belong to another campaign.
      await this.#connection
        .updateTable('review')
        .set({ message: text, sender, probability, reasons, model, state: 'open' })
        .set({ campaign: 0, campaign_rank: 0, campaign_revision: 0, lease_holder: null, lease_until: null })
        .where('id', '=', id)
        .execute();
    // Those who reported it while another row of it was decided count, too.
    const reporters = await this.reportersSince(item, 0);
    await this.#connection
      .updateTable('review')
      .set({ report_rank: 0 - reporters })
      .where('id', '=', id)
      .execute();
    return id;
  }

  async reopen(row: number, reporters: number): Promise<void> {
    const before = await this.#connection
      .selectFrom('review')
      .select(['label'])
      .where('id', '=', row)
      .executeTakeFirstOrThrow();
    await this.#connection
      .updateTable('review')
      .set({
        ...{ state: 'open', label: null, labelled_by: null, labelled_at: null, unsure_count: 0 },
        ...{ lease_id: null, lease_holder: null, lease_until: null, revision: sql<number>`revision + 1` },
      })
      .where('id', '=', row)
      .execute();
    await closeSecondOpinions(this.#connection, [row]);
    await sql`delete from ${sql.table(this.#flavour.trainingTable)} where review_id = ${row}`.execute(
      this.#connection,
    );
    await this.#connection
      .insertInto('activity')
      .values({
        ...{ who: WHO, what: 'reopened', before: JSON.stringify([before.label]), when: this.now },
        after: JSON.stringify({ items: [row], reporters }),
      })
      .execute();
  }

  async #hashOf(reporter: string): Promise<string> {
    return hashOf(await storeKey(this.#connection, this.#flavour, REPORTER_KEY), reporter);
  }
}

/** Ids of the reports of one person, in one community or in all. */
export async function reportsBy(
  connection: Kysely<SluiceDatabase>,
  { sender, community }: { readonly sender: string; readonly community?: string },
): Promise<readonly number[]> {
  const key = await knownStoreKey(connection, REPORTER_KEY);
  if (key === undefined) return [];
  let query = connection
    .selectFrom('report')
    .select('report.id')
    .where('report.reporter', '=', hashOf(key, sender));
  if (community !== undefined)
    query = query
      .innerJoin('review', 'review.id', 'report.review_id')
      .where('review.community', '=', storableText(community));
  return (await query.execute()).map(({ id }) => integerOf(id));
}

/** The reports still count, and are nobody's. */
export async function disownReports(
  connection: Kysely<SluiceDatabase>,
  ids: readonly number[],
): Promise<void> {
  for (const id of ids)
    await connection
      .updateTable('report')
      .set({ reporter: randomBytes(32).toString('hex') })
      .where('id', '=', id)
      .execute();
}

function hashOf(key: string, reporter: string): string {
  return createHmac('sha256', key).update(storableText(reporter)).digest('hex');
}

function identityOf({ community, message_id }: Message, origin: NewReviewItem['origin']) {
  return { community: storableText(community), message_id: storableText(message_id), origin };
}
