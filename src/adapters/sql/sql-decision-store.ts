import type { Kysely } from 'kysely';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { CampaignStore } from '../../ports/campaign-store.ts';
import type {
  ActivityEntry,
  DecidedDay,
  DecisionStore,
  DecisionTransaction,
  LeasedItems,
  ListedDecision,
  OutboxRow,
  Page,
  QueueItem,
  ReviewProgress,
} from '../../ports/decision-store.ts';
import type { GuardStore } from '../../ports/guard-store.ts';
import type { LabeledCandidates } from '../../ports/labeled-candidates.ts';
import type { LabeledScores } from '../../ports/labeled-scores.ts';
import type { ReportStore } from '../../ports/report-store.ts';
import type { SecondOpinions } from '../../ports/second-opinions.ts';
import type { ShadowStore } from '../../ports/shadow-store.ts';
import type { TrainingStore } from '../../ports/training-store.ts';
import { listActivity } from './activity-list.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { decidedByDay, listDecisions, progressSince } from './decision-lists.ts';
import { inTransaction } from './in-transaction.ts';
import { queueItemOf, selectQueue } from './queue-item.ts';
import { listQueue } from './queue-list.ts';
import { decodeCursor, encodeCursor } from './queue-order.ts';
import { integerOf } from './review-row.ts';
import { SqlAuditStore } from './sql-audit-store.ts';
import { SqlCampaignStore } from './sql-campaign-store.ts';
import { SqlDecisionTransaction } from './sql-decision-transaction.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import { SqlGuardStore } from './sql-guard-store.ts';
import { SqlLabeledCandidates } from './sql-labeled-candidates.ts';
import { SqlLabeledScores } from './sql-labeled-scores.ts';
import { leaseRows, releaseLease, renewLease, reopenExpired } from './sql-leases.ts';
import { finishOutboxRows, postponeOutboxRows, takeOutboxRows } from './sql-outbox.ts';
import { SqlReportStore } from './sql-report-store.ts';
import { SqlSecondOpinions } from './sql-second-opinions.ts';
import { SqlShadowStore } from './sql-shadow-store.ts';
import { SqlTrainingStore } from './sql-training-store.ts';
import { hasEnded, type LeaseRequest, type TimedTransaction } from './timed-transaction.ts';

export interface SqlDecisionStoreParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** Called after a commit where that alone does not survive a power cut. */
  readonly makeDurable: () => Promise<void>;
  /** Closes the database. */
  readonly close: () => Promise<void>;
  /** As in the port. */
  readonly settleSeconds: number;
  /** Epoch milliseconds, by one clock for all who use the database. */
  readonly now: (connection: Kysely<SluiceDatabase>) => Promise<number>;
  /** Runs what asks the database, again where transactions met, and turns what the driver throws into `STORE_FAILED`. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
}

/** The review queue for people in SQL; MySQL, MariaDB and libsql differ in their {@link SqlFlavour} alone. */
export class SqlDecisionStore implements DecisionStore {
  readonly campaigns: CampaignStore;
  readonly training: TrainingStore;
  readonly candidates: LabeledCandidates;
  readonly scores: LabeledScores;
  readonly secondOpinions: SecondOpinions;
  readonly reports: ReportStore;
  readonly shadow: ShadowStore;
  readonly guard: GuardStore;
  readonly audit: AuditStore;
  readonly #parts: SqlDecisionStoreParts;

  constructor(parts: SqlDecisionStoreParts) {
    this.#parts = parts;
    this.campaigns = new SqlCampaignStore({ ...parts, write: (work) => this.#write(work) });
    this.training = new SqlTrainingStore(parts);
    this.candidates = new SqlLabeledCandidates(parts);
    this.scores = new SqlLabeledScores(parts);
    this.secondOpinions = new SqlSecondOpinions(parts);
    this.reports = new SqlReportStore((work) => this.#write(work));
    const writing = {
      ...parts,
      write: <T>(work: (timed: TimedTransaction) => Promise<T>) => this.#write(work),
    };
    this.shadow = new SqlShadowStore(writing);
    this.guard = new SqlGuardStore(writing);
    this.audit = new SqlAuditStore(parts);
  }

  get settleSeconds(): number {
    return this.#parts.settleSeconds;
  }

  lease(request: LeaseRequest): Promise<LeasedItems> {
    return this.#write((parts) => leaseRows(parts, request));
  }

  renew(id: string, holder: string): Promise<{ readonly renewed: number; readonly until: number }> {
    return this.#write((parts) => renewLease(parts, id, holder));
  }

  release(id: string, holder: string): Promise<number> {
    return this.#write((parts) => releaseLease(parts, id, holder));
  }

  async leaseHolder(id: string): Promise<string | undefined> {
    const { database, guard } = this.#parts;
    const row = await guard(() =>
      database
        .selectFrom('review')
        .select('lease_holder')
        .where('lease_id', '=', id)
        .where('state', '=', 'leased')
        .unionAll(
          database
            .selectFrom('second_opinion')
            .select('lease_holder')
            .where('lease_id', '=', id)
            .where('state', '<>', 'closed'),
        )
        .executeTakeFirst(),
    );
    return row?.lease_holder ?? undefined;
  }

  transact<T>(work: (transaction: DecisionTransaction) => Promise<T>): Promise<T> {
    return this.#write(({ connection, flavour, now }) =>
      work(new SqlDecisionTransaction(connection, flavour, now)),
    );
  }

  async list(query: ListQuery): Promise<Page<QueueItem>> {
    const { database, flavour, guard } = this.#parts;
    if (query.state === 'open' || query.state === 'leased') await this.#reopenExpired();
    return guard(() => listQueue(database, flavour, query));
  }

  async item(id: number): Promise<QueueItem | undefined> {
    const { database, flavour, guard } = this.#parts;
    const row = await guard(() => selectQueue(database, flavour).where('id', '=', id).executeTakeFirst());
    return row === undefined ? undefined : queueItemOf(row, flavour);
  }

  async decisions({ by, after, limit }: DecisionsQuery): Promise<Page<ListedDecision>> {
    const { database, guard } = this.#parts;
    const before = after === undefined ? undefined : decodeCursor(after, 1)[0]!;
    return pageOf(await guard(() => listDecisions(database, { by, before, limit })), limit);
  }

  progress(since: readonly number[]): Promise<ReviewProgress> {
    const { database, guard } = this.#parts;
    return guard(() => progressSince(database, since));
  }

  decidedByDay(range: Parameters<DecisionStore['decidedByDay']>[0]): Promise<readonly DecidedDay[]> {
    const { database, guard } = this.#parts;
    return guard(() => decidedByDay(database, range));
  }

  activity(query: ActivityQuery): Promise<Page<ActivityEntry>> {
    const { database, flavour, guard } = this.#parts;
    return guard(() => listActivity(database, flavour, query));
  }

  async takeOutbox({
    holder,
    limit,
  }: Parameters<DecisionStore['takeOutbox']>[0]): Promise<readonly OutboxRow[]> {
    const { database, guard } = this.#parts;
    // A publisher looks every second, and mostly there is nothing: no transaction that writes for that.
    const waiting = await guard(() =>
      database.selectFrom('outbox').select('id').where('published_at', 'is', null).limit(1).execute(),
    );
    return waiting.length === 0 ? [] : this.#write((parts) => takeOutboxRows(parts, holder, limit));
  }

  async finishOutbox(rows: Parameters<DecisionStore['finishOutbox']>[0]): Promise<void> {
    if (rows.length > 0) await this.#write((parts) => finishOutboxRows(parts, rows));
  }

  async postponeOutbox(rows: Parameters<DecisionStore['postponeOutbox']>[0], seconds: number): Promise<void> {
    if (rows.length > 0) await this.#write((parts) => postponeOutboxRows(parts, rows, seconds));
  }

  async outboxDepth(): Promise<{ readonly rows: number; readonly oldestSeconds: number }> {
    const { database, guard, now } = this.#parts;
    return guard(async () => {
      const { rows, oldest } = await database
        .selectFrom('outbox')
        .select(({ fn }) => [
          fn.countAll<number | string>().as('rows'),
          fn.min<number | string | null>('created_at').as('oldest'),
        ])
        .where('published_at', 'is', null)
        .executeTakeFirstOrThrow();
      const at = oldest === null ? null : integerOf(oldest);
      const seconds = at === null ? 0 : Math.max(0, ((await now(database)) - at) / 1000);
      return { rows: integerOf(rows), oldestSeconds: seconds };
    });
  }

  async close(): Promise<void> {
    await this.#parts.close();
  }

  async #write<T>(work: (parts: TimedTransaction) => Promise<T>): Promise<T> {
    const { database, flavour, guard, makeDurable, now } = this.#parts;
    return guard(async () => {
      const result = await inTransaction(
        database,
        async (connection) => work({ connection, flavour, now: await now(connection) }),
        flavour.begin,
      );
      await makeDurable();
      return result;
    });
  }

  /** Where there are any: a list is read far more often than a lease ends. */
  async #reopenExpired(): Promise<void> {
    const { database, guard, now } = this.#parts;
    const expired = await guard(async () =>
      database
        .selectFrom('review')
        .select('id')
        .where('state', '=', 'leased')
        .where(hasEnded(await now(database)))
        .executeTakeFirst(),
    );
    if (expired !== undefined) await this.#write(reopenExpired);
  }
}

type ListQuery = Parameters<DecisionStore['list']>[0];
type DecisionsQuery = Parameters<DecisionStore['decisions']>[0];
type ActivityQuery = Parameters<DecisionStore['activity']>[0];

function pageOf<T extends { readonly id: number }>(items: readonly T[], limit: number): Page<T> {
  const last = items.length === limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : encodeCursor([last.id]) };
}
