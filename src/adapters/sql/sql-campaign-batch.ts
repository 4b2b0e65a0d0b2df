import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CampaignBatch } from '../../ports/campaign-store.ts';
import type { SluiceDatabase } from './database-schema.ts';
import { integerOf } from './review-row.ts';
import type { SqlFlavour, SqlUpdate } from './sql-flavour.ts';
import type { TimedTransaction } from './timed-transaction.ts';

const NONE = -1;

/** Writes what one batch of the assignment changes; runs in a transaction. */
export async function writeCampaignBatch(
  { connection, flavour, now }: TimedTransaction,
  batch: CampaignBatch,
): Promise<void> {
  await writeCampaigns(connection, flavour, batch, now);
  const changed = new Map(batch.changed.map((each) => [each.id, each]));
  for (const [from, into] of batch.merged) {
    await connection
      .updateTable('review')
      .set({ campaign: into, ...joining(changed.get(into)) })
      .where('campaign', '=', from)
      .execute();
    await connection
      .updateTable('campaign')
      .set({ merged_into: into, center: '', changed_at: now })
      .where('id', '=', from)
      .execute();
    await connection
      .updateTable('decision_campaign')
      .set({ campaign_id: into })
      .where('campaign_id', '=', from)
      .execute();
  }
  await writeRows(connection, flavour, batch, changed);
  for (const { id, members, before } of batch.changed)
    if (before > 0 && rankOf(before) !== rankOf(members))
      await connection
        .updateTable('review')
        .set({ campaign_rank: rankOf(members) })
        .where('campaign', '=', id)
        .where('state', 'in', ['open', 'leased'])
        .execute();
}

type Change = CampaignBatch['changed'][number];

/** What a row that joins takes over. */
function joining(change: Change | undefined) {
  return {
    campaign_revision: change?.revision ?? 0,
    campaign_rank: change === undefined ? 0 : rankOf(change.members),
  };
}

/** Each campaign's rows are written again only when it has twice the members. */
function rankOf(members: number): number {
  return 0 - Math.floor(Math.log2(members));
}

const replaced: SqlUpdate = {
  identity: ['id'],
  columns: ['version', 'revision', 'members', 'center', 'changed_at'],
  when: () => sql`1 = 1`,
};

async function writeCampaigns(
  connection: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  { version, changed }: CampaignBatch,
  now: number,
): Promise<void> {
  const rows = changed.map(({ id, revision, members, text }) => ({
    ...{ id, version, revision, members, center: text, created_at: now, changed_at: now },
  }));
  for (let from = 0; from < rows.length; from += flavour.rowsPerInsert)
    await connection
      .insertInto('campaign')
      .values(rows.slice(from, from + flavour.rowsPerInsert))
      .modifyEnd(flavour.updateExisting(replaced))
      .execute();
}

/** Those that still have the text that was placed, all in one statement. */
async function writeRows(
  connection: Kysely<SluiceDatabase>,
  flavour: SqlFlavour,
  { rows }: CampaignBatch,
  changed: ReadonlyMap<number, Change>,
): Promise<void> {
  if (rows.length === 0) return;
  const locked = await connection
    .selectFrom('review')
    .select(['id', 'campaign'])
    .select(({ ref }) => flavour.selectText(ref('review.message')).as('message'))
    .where(
      'id',
      'in',
      rows.map((row) => row.review_id),
    )
    .orderBy('id')
    .modifyEnd(flavour.waitForLocked)
    .execute();
  // Not by a condition: SQLite would take the index of the campaign for it, and read every row that has none.
  const without = locked.filter((row) => integerOf(row.campaign) === 0);
  const texts = new Map(without.map((row) => [integerOf(row.id), flavour.decodeText(row.message)]));
  const same = rows.filter((row) => texts.get(row.review_id) === row.message);
  if (same.length === 0) return;
  const each = (value: (row: (typeof same)[number]) => number): RawBuilder<number> =>
    sql<number>`case id ${sql.join(
      same.map((row) => sql`when ${row.review_id} then ${value(row)}`),
      sql` `,
    )} end`;
  await connection
    .updateTable('review')
    .set({
      campaign: each((row) => row.campaign ?? NONE),
      campaign_revision: each((row) => joining(changed.get(row.campaign ?? NONE)).campaign_revision),
      campaign_rank: each((row) => joining(changed.get(row.campaign ?? NONE)).campaign_rank),
      campaign_score: each((row) => row.score),
      campaign_run: each((row) => row.foreignRun),
    })
    .where(
      'id',
      'in',
      same.map((row) => row.review_id),
    )
    .execute();
}
