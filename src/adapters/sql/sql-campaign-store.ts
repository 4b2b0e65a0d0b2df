import type { Kysely } from 'kysely';
import type { Campaign, CampaignBatch, CampaignStore, StoredCenter } from '../../ports/campaign-store.ts';
import type { Page, QueueItem } from '../../ports/decision-store.ts';
import { type CampaignRow, campaignsOf } from './campaign-view.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { LEASE_MS, latestEnd, type QueueRow, queueItemOf, selectQueue } from './queue-item.ts';
import { decodeCursor, encodeCursor } from './queue-order.ts';
import { integerOf } from './review-row.ts';
import { writeCampaignBatch } from './sql-campaign-batch.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import type { TimedTransaction } from './timed-transaction.ts';

const ASSIGNMENT = 'campaigns';
const waiting = ['open', 'leased'] as const;

export interface SqlCampaignStoreParts {
  readonly database: Kysely<SluiceDatabase>;
  readonly flavour: SqlFlavour;
  /** As of the decision store. */
  readonly guard: <T>(query: () => Promise<T>) => Promise<T>;
  /** Runs `work` in a transaction that is durable when it resolves. */
  readonly write: <T>(work: (parts: TimedTransaction) => Promise<T>) => Promise<T>;
}

/** Campaigns in SQL, over the connection of the review queue. */
export class SqlCampaignStore implements CampaignStore {
  readonly #parts: SqlCampaignStoreParts;

  constructor(parts: SqlCampaignStoreParts) {
    this.#parts = parts;
  }

  holdAssignment(holder: string): Promise<number | undefined> {
    return this.#parts.write(async ({ connection, flavour, now }) => {
      const lease = await holderOf(connection, flavour.waitForLocked);
      const until = now + LEASE_MS;
      if (lease === undefined) {
        await connection
          .insertInto('worker_lease')
          .values({ name: ASSIGNMENT, holder, until, epoch: 1 })
          .execute();
        return 1;
      }
      const isLive = lease.until > now && lease.until <= latestEnd(now);
      if (isLive && lease.holder !== holder) return undefined;
      const epoch = isLive ? lease.epoch : lease.epoch + 1;
      await connection
        .updateTable('worker_lease')
        .set({ holder, until, epoch })
        .where('name', '=', ASSIGNMENT)
        .execute();
      return epoch;
    });
  }

  async releaseAssignment(holder: string): Promise<void> {
    await this.#parts.write(({ connection }) =>
      connection
        .updateTable('worker_lease')
        .set({ until: 0 })
        .where('name', '=', ASSIGNMENT)
        .where('holder', '=', holder)
        .execute(),
    );
  }

  async forgetOtherVersions(version: string): Promise<void> {
    const { database, guard, write } = this.#parts;
    for (;;) {
      const rows = await guard(() =>
        database
          .selectFrom('campaign')
          .select('id')
          .where('version', '<>', version)
          .where('merged_into', 'is', null)
          .limit(200)
          .execute(),
      );
      if (rows.length === 0) return;
      const ids = rows.map(({ id }) => integerOf(id));
      await write(async ({ connection }) => {
        await connection
          .updateTable('review')
          .set({ campaign: 0, campaign_rank: 0, campaign_revision: 0 })
          .where('campaign', 'in', ids)
          .where('state', 'in', waiting)
          .execute();
        await connection.updateTable('campaign').set({ merged_into: 0 }).where('id', 'in', ids).execute();
      });
    }
  }

  async centers({ version, after, limit }: Parameters<CampaignStore['centers']>[0]) {
    const { database, guard, write } = this.#parts;
    const rows = await guard(() =>
      database
        .selectFrom('campaign')
        .select(['id', 'version', 'revision', 'members', 'center', 'merged_into'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute(),
    );
    const live = rows.filter((row) => row.version === version && row.merged_into === null);
    const single = live.filter((row) => integerOf(row.members) === 1).map((row) => integerOf(row.id));
    const open = await guard(() => this.#withOpenRows(single));
    // The last one stays, since the next id is the one after it.
    const last = rows.length < limit ? rows.at(-1) : undefined;
    const dead = single.filter((id) => !open.has(id) && id !== Number(last?.id));
    if (dead.length > 0)
      await write(({ connection }) => connection.deleteFrom('campaign').where('id', 'in', dead).execute());
    const isDead = new Set(dead);
    const items: StoredCenter[] = live
      .map((row) => ({ id: integerOf(row.id), revision: integerOf(row.revision), text: row.center }))
      .filter(({ id }) => !isDead.has(id));
    const highest = rows.length === 0 ? after : integerOf(rows.at(-1)!.id);
    return { items, highest, next: rows.length === limit ? integerOf(rows.at(-1)!.id) : null };
  }

  async unassigned(limit: number) {
    const { database, flavour, guard } = this.#parts;
    const found: { readonly id: number; readonly message: string }[] = [];
    for (const state of waiting) {
      const rows = await guard(() =>
        database
          .selectFrom('review')
          .select('id')
          .select(({ ref }) => flavour.selectText(ref('review.message')).as('message'))
          .where('campaign', '=', 0)
          .where('state', '=', state)
          // The audit sample has no campaigns: their scores and decisions say much of a near-duplicate.
          .where('origin', '<>', 'audit')
          .orderBy('id')
          .limit(limit - found.length)
          .execute(),
      );
      found.push(...rows.map((row) => ({ id: integerOf(row.id), message: flavour.decodeText(row.message) })));
      if (found.length === limit) break;
    }
    return found;
  }

  assign(holder: string, epoch: number, batch: CampaignBatch): Promise<boolean> {
    return this.#parts.write(async (parts) => {
      const { connection, flavour, now } = parts;
      const lease = await holderOf(connection, flavour.waitForLocked);
      const isMine = lease?.holder === holder && lease.epoch === epoch && lease.until > now;
      if (isMine) await writeCampaignBatch(parts, batch);
      return isMine;
    });
  }

  async list({ after, limit }: Parameters<CampaignStore['list']>[0]): Promise<Page<Campaign>> {
    const { database, guard } = this.#parts;
    let query = selectCampaigns(database)
      .where('members', '>=', 2)
      .where('merged_into', 'is', null)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('review')
            .select('review.id')
            .whereRef('review.campaign', '=', 'campaign.id')
            .where('review.state', 'in', waiting),
        ),
      );
    if (after !== undefined) {
      const [members, id] = decodeCursor(after, 2);
      query = query.where(({ or, and, eb }) =>
        or([eb('members', '<', members!), and([eb('members', '=', members!), eb('id', '<', id!)])]),
      );
    }
    return guard(async () => {
      const found = await query
        .orderBy('members', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      const rows = found.slice(0, limit);
      const last = found.length > limit ? rows.at(-1) : undefined;
      return {
        items: await campaignsOf(database, rows),
        next: last === undefined ? null : encodeCursor([integerOf(last.members), integerOf(last.id)]),
      };
    });
  }

  async get(id: number) {
    const { database, guard } = this.#parts;
    return guard(async () => {
      let row: CampaignRow | undefined;
      for (let next: number | null = id; next !== null && next !== 0; next = mergedInto(row)) {
        row = await selectCampaigns(database).where('id', '=', next).executeTakeFirst();
        if (row === undefined) return undefined;
      }
      if (row === undefined || mergedInto(row) !== null) return undefined;
      const [campaign] = await campaignsOf(database, [row]);
      const center = { id: campaign!.id, revision: campaign!.revision, text: row.center };
      return { ...campaign!, center };
    });
  }

  async unlikely(id: number, ofEach: number): Promise<readonly QueueItem[]> {
    const { database, flavour, guard } = this.#parts;
    const found = new Map<number, QueueItem>();
    for (const [column, direction] of [
      ['campaign_score', 'asc'],
      ['campaign_run', 'desc'],
      ['probability', 'asc'],
      ['id', 'desc'],
    ] as const) {
      const rows = await guard(() =>
        selectQueue(database, flavour)
          .where('campaign', '=', id)
          .where('state', 'in', waiting)
          .orderBy(column, direction)
          .orderBy('id')
          .limit(ofEach)
          .execute(),
      );
      for (const row of rows) found.set(integerOf(row.id), queueItemOf(row as QueueRow, flavour));
    }
    return [...found.values()];
  }

  async #withOpenRows(ids: readonly number[]): Promise<ReadonlySet<number>> {
    if (ids.length === 0) return new Set();
    const rows = await this.#parts.database
      .selectFrom('review')
      .select('campaign')
      .distinct()
      .where('campaign', 'in', [...ids])
      .where('state', 'in', waiting)
      .execute();
    return new Set(rows.map(({ campaign }) => integerOf(campaign)));
  }
}

function selectCampaigns(database: Kysely<SluiceDatabase>) {
  return database.selectFrom('campaign').selectAll();
}

function mergedInto(row: CampaignRow | undefined): number | null {
  return row === undefined || row.merged_into === null ? null : integerOf(row.merged_into);
}

async function holderOf(connection: Kysely<SluiceDatabase>, waitForLocked: SqlFlavour['waitForLocked']) {
  const row = await connection
    .selectFrom('worker_lease')
    .select(['holder', 'until', 'epoch'])
    .where('name', '=', ASSIGNMENT)
    .modifyEnd(waitForLocked)
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : { holder: row.holder, until: integerOf(row.until), epoch: integerOf(row.epoch) };
}
