import type { Kysely, Selectable } from 'kysely';
import { SluiceError } from '../../core/errors.ts';
import type { GateReport } from '../../core/gate-report.ts';
import type { IntendedPromotion, RetrainRun, RetrainState } from '../../core/retrain-run.ts';
import type { NewRetrainRun, RetrainChange, RetrainHolder, RetrainStore } from '../../ports/retrain-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { inTransaction } from './in-transaction.ts';
import type { RetrainRunTable } from './retrain-tables.ts';
import { integerOf, integerOrNull } from './review-row.ts';
import type { SqlDecisionStoreParts } from './sql-decision-store.ts';
import type { TimedTransaction } from './timed-transaction.ts';

const LEASE = 'retrain';
const MAX_NAME = 191;
const MAX_NOTE = 4000;
/** Longest time for which a lock is taken. What ends later was written before the clock was set back. */
const MOST_MS = 3_600_000;
/** In these a run is not over. */
const open: readonly RetrainState[] = ['running', 'promoting'];

export interface SqlRetrainStoreParts extends Omit<SqlDecisionStoreParts, 'settleSeconds'> {
  /** For people. */
  readonly location: string;
}

/** The table `retrain_run`, and the lock of retrainings in `worker_lease`. */
export class SqlRetrainStore implements RetrainStore {
  readonly #parts: SqlRetrainStoreParts;

  constructor(parts: SqlRetrainStoreParts) {
    this.#parts = parts;
  }

  get location(): string {
    return this.#parts.location;
  }

  hold(holder: string, milliseconds: number): Promise<RetrainHolder | undefined> {
    return this.#write(async (parts) => {
      const { connection, now } = parts;
      const lease = await lockLease(parts);
      const until = now + milliseconds;
      if (lease === undefined) {
        await connection
          .insertInto('worker_lease')
          .values({ name: LEASE, holder, until, epoch: 1 })
          .execute();
        return undefined;
      }
      const isOthers = lease.holder !== holder;
      if (isOthers && lease.until > now && lease.until <= now + MOST_MS)
        return { holder: lease.holder, until: lease.until };
      await connection
        .updateTable('worker_lease')
        .set({ holder, until, epoch: isOthers ? lease.epoch + 1 : lease.epoch })
        .where('name', '=', LEASE)
        .execute();
      if (isOthers)
        await connection
          .updateTable('retrain_run')
          .set({ state: 'abandoned', finished_at: now, note: 'its process ended without an answer' })
          .where('state', '=', 'running')
          .execute();
      return undefined;
    });
  }

  async renew(holder: string, milliseconds: number): Promise<void> {
    await this.#write(async (parts) => {
      await lockAsHolder(parts, holder);
      await parts.connection
        .updateTable('worker_lease')
        .set({ until: parts.now + milliseconds })
        .where('name', '=', LEASE)
        .execute();
    });
  }

  async release(holder: string): Promise<void> {
    await this.#write(({ connection }) =>
      connection
        .updateTable('worker_lease')
        .set({ until: 0 })
        .where('name', '=', LEASE)
        .where('holder', '=', holder)
        .execute(),
    );
  }

  begin(holder: string, { by, gate, due }: NewRetrainRun): Promise<RetrainRun> {
    return this.#write(async (parts) => {
      await lockAsHolder(parts, holder);
      const { connection, now } = parts;
      const { insertId } = await connection
        .insertInto('retrain_run')
        .values({ state: 'running', who: by.slice(0, MAX_NAME), gate, due, started_at: now })
        .executeTakeFirstOrThrow();
      return await runOf(parts, Number(insertId));
    });
  }

  change(
    holder: string,
    id: number,
    { intended, report, note, ...rest }: RetrainChange,
  ): Promise<RetrainRun> {
    return this.#write(async (parts) => {
      await lockAsHolder(parts, holder);
      const { connection, now } = parts;
      const isOver = rest.state !== undefined && !open.includes(rest.state);
      const set = {
        ...rest,
        ...(intended === undefined ? {} : { intended: jsonOrNull(intended) }),
        ...(report === undefined ? {} : { report: jsonOrNull(report) }),
        ...(note === undefined ? {} : { note: note === null ? null : note.slice(0, MAX_NOTE) }),
        ...(isOver ? { finished_at: now } : {}),
      };
      const before = await runOf(parts, id);
      // Somebody who activates another model withdraws the promotion. That it was finished nevertheless is what counts.
      if (!open.includes(before.state) && rest.state !== 'promoted') return before;
      await connection.updateTable('retrain_run').set(set).where('id', '=', id).execute();
      return await runOf(parts, id);
    });
  }

  async promoting(): Promise<RetrainRun | undefined> {
    const [row] = await this.#select((rows) =>
      rows.where('state', '=', 'promoting').orderBy('id', 'desc').limit(1).execute(),
    );
    return row;
  }

  async run(id: number): Promise<RetrainRun | undefined> {
    const [row] = await this.#select((rows) => rows.where('id', '=', id).execute());
    return row;
  }

  runs(limit: number): Promise<readonly RetrainRun[]> {
    return this.#select((rows) => rows.orderBy('id', 'desc').limit(limit).execute());
  }

  dueBetween(from: number, until: number): Promise<readonly RetrainRun[]> {
    return this.#select((rows) =>
      rows.where('due', '>=', from).where('due', '<=', until).orderBy('id', 'desc').execute(),
    );
  }

  async scheduled(due: number, { by, gate }: Omit<NewRetrainRun, 'due'>): Promise<void> {
    await this.#write(({ connection, now }) =>
      connection
        .insertInto('retrain_run')
        .values({
          ...{ state: 'scheduled', who: by.slice(0, MAX_NAME), gate, due },
          ...{ started_at: now, finished_at: now, note: 'the schedule begins' },
        })
        .execute(),
    );
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  async #select(
    read: (rows: ReturnType<typeof selectRuns>) => Promise<readonly Selectable<RetrainRunTable>[]>,
  ): Promise<readonly RetrainRun[]> {
    const { database, guard } = this.#parts;
    const rows = await guard(() => read(selectRuns(database)));
    return rows.map(runOfRow);
  }

  async #write<T>(work: (parts: TimedTransaction) => Promise<T>): Promise<T> {
    const { database, flavour, guard, makeDurable, now } = this.#parts;
    return await guard(async () => {
      const result = await inTransaction(
        database,
        async (connection) => work({ connection, flavour, now: await now(connection) }),
        flavour.begin,
      );
      await makeDurable();
      return result;
    });
  }
}

async function lockLease({ connection, flavour }: TimedTransaction) {
  const row = await connection
    .selectFrom('worker_lease')
    .select(['holder', 'until', 'epoch'])
    .where('name', '=', LEASE)
    .modifyEnd(flavour.waitForLocked)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { holder: row.holder, until: integerOf(row.until), epoch: integerOf(row.epoch) };
}

/** One that ended stays with its last holder until another takes it, so that a process that was only slow goes on. */
async function lockAsHolder(parts: TimedTransaction, holder: string): Promise<void> {
  const lease = await lockLease(parts);
  if (lease?.holder !== holder)
    throw new SluiceError(
      'RETRAIN_RUNNING',
      `another process (${lease?.holder ?? 'unknown'}) took this retraining over, since this one was not heard of in time; "sluice retrain --list" shows what it does`,
    );
}

function selectRuns(connection: Kysely<SluiceDatabase>) {
  return connection.selectFrom('retrain_run').selectAll();
}

async function runOf({ connection }: TimedTransaction, id: number): Promise<RetrainRun> {
  return runOfRow(await selectRuns(connection).where('id', '=', id).executeTakeFirstOrThrow());
}

function runOfRow(row: Selectable<RetrainRunTable>): RetrainRun {
  const { id, state, step, who, gate, due, champion, challenger, note } = row;
  return {
    ...{ id: integerOf(id), state, step, by: who, gate, due: integerOrNull(due) },
    ...{ champion, challenger, note },
    intended: row.intended === null ? null : (JSON.parse(row.intended) as IntendedPromotion),
    report: row.report === null ? null : (JSON.parse(row.report) as GateReport),
    startedAt: integerOf(row.started_at),
    finishedAt: integerOrNull(row.finished_at),
  };
}

function jsonOrNull(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
