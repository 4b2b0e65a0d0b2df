import { type Kysely, type Selectable, sql } from 'kysely';
import { type GuardCounts, type GuardState, noGuardCounts } from '../../core/guard-counts.ts';
import type { GuardDecision, GuardedVersion, GuardStore } from '../../ports/guard-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf } from './review-row.ts';
import type { ModelGuardTable } from './shadow-tables.ts';
import type { SqlShadowStoreParts } from './sql-shadow-store.ts';
import type { TimedTransaction } from './timed-transaction.ts';

/** What all daemons know of versions, in SQL, over the connection of the review queue. */
export class SqlGuardStore implements GuardStore {
  readonly #parts: Pick<SqlShadowStoreParts, 'database' | 'guard' | 'write'>;

  constructor(parts: Pick<SqlShadowStoreParts, 'database' | 'guard' | 'write'>) {
    this.#parts = parts;
  }

  async list(limit: number): Promise<readonly GuardedVersion[]> {
    const { database, guard } = this.#parts;
    const rows = await guard(() =>
      database
        .selectFrom('model_guard')
        .selectAll()
        .orderBy('changed_at', 'desc')
        .orderBy('version', 'desc')
        .limit(limit)
        .execute(),
    );
    return rows.map(guardedOf);
  }

  add(version: string, before: string | null, counts: GuardCounts): Promise<GuardedVersion> {
    return this.#parts.write(async (parts) => {
      await haveRow(parts, version, before);
      await parts.connection
        .updateTable('model_guard')
        .set({
          messages: sql<number>`messages + ${counts.messages}`,
          spam_more: sql<number>`spam_more + ${counts.spamMore}`,
          spam_fewer: sql<number>`spam_fewer + ${counts.spamFewer}`,
          review_more: sql<number>`review_more + ${counts.reviewMore}`,
          review_fewer: sql<number>`review_fewer + ${counts.reviewFewer}`,
        })
        .where('version', '=', version)
        .execute();
      return guardedOf(await rowOf(parts.connection, version));
    });
  }

  decide(version: string, { state, who, why }: GuardDecision): Promise<GuardedVersion> {
    return this.#parts.write(async (parts) => {
      const { connection, now } = parts;
      await haveRow(parts, version, null);
      const before = await rowOf(connection, version);
      if (before.state === 'confirmed' && state === 'passed') await touch(parts, version);
      if (stays(before.state, state)) return guardedOf(await rowOf(connection, version));
      await connection
        .updateTable('model_guard')
        .set({ state, decided: `${who}: ${why}`, changed_at: now })
        .where('version', '=', version)
        .execute();
      if (state !== 'passed' && before.state !== state)
        await connection
          .insertInto('activity')
          .values({
            ...{ who, what: 'model', when: now },
            before: JSON.stringify({ model: version, guard: before.state }),
            after: JSON.stringify({ model: version, guard: state, reason: why }),
          })
          .execute();
      return guardedOf(await rowOf(connection, version));
    });
  }
}

/** Whether a version that is in one state stays as it is when another one is asked for. */
function stays(before: GuardState, state: GuardDecision['state']): boolean {
  if (before === 'confirmed') return state !== 'confirmed';
  return before === 'tripped' && state !== 'confirmed';
}

/** It has become active again. */
async function touch({ connection, now }: TimedTransaction, version: string): Promise<void> {
  await connection
    .updateTable('model_guard')
    .set({ changed_at: now })
    .where('version', '=', version)
    .execute();
}

async function haveRow(
  { connection, flavour, now }: TimedTransaction,
  version: string,
  before: string | null,
): Promise<void> {
  await connection
    .insertInto('model_guard')
    .values({
      ...{ version, state: 'watching', before_version: before, decided: null },
      ...columnsOf(noGuardCounts),
      ...{ began_at: now, changed_at: now },
    })
    .modifyEnd(flavour.passOverExisting('state'))
    .execute();
}

function columnsOf({ messages, spamMore, spamFewer, reviewMore, reviewFewer }: GuardCounts) {
  return {
    ...{ messages, spam_more: spamMore, spam_fewer: spamFewer },
    ...{ review_more: reviewMore, review_fewer: reviewFewer },
  };
}

async function rowOf(
  connection: Kysely<SluiceDatabase>,
  version: string,
): Promise<Selectable<ModelGuardTable>> {
  return await connection
    .selectFrom('model_guard')
    .selectAll()
    .where('version', '=', version)
    .executeTakeFirstOrThrow();
}

function guardedOf(row: Selectable<ModelGuardTable>): GuardedVersion {
  return {
    ...{ version: row.version, state: row.state, before: row.before_version, decided: row.decided },
    messages: integerOf(row.messages),
    spamMore: integerOf(row.spam_more),
    spamFewer: integerOf(row.spam_fewer),
    reviewMore: integerOf(row.review_more),
    reviewFewer: integerOf(row.review_fewer),
    beganAt: integerOf(row.began_at),
    changedAt: integerOf(row.changed_at),
  };
}
