import type { Kysely, Selectable } from 'kysely';
import type { Campaign } from '../../ports/campaign-store.ts';
import type { CampaignTable, SluiceDatabase } from './database-schema.ts';
import { integerOf } from './review-row.ts';

export type CampaignRow = Selectable<CampaignTable>;

/** What people see of these campaigns, in the same order: with counts of their open rows, and the last decision on each. */
export async function campaignsOf(
  database: Kysely<SluiceDatabase>,
  rows: readonly CampaignRow[],
): Promise<readonly Campaign[]> {
  const ids = rows.map(({ id }) => integerOf(id));
  if (ids.length === 0) return [];
  const open = await openRowsOf(database, ids);
  const decisions = await decisionsOf(database, ids);
  return rows.map((row) => {
    const id = integerOf(row.id);
    const counts = open.get(id);
    const decision = decisions.get(id);
    return {
      id,
      revision: integerOf(row.revision),
      members: integerOf(row.members),
      open: counts === undefined ? 0 : integerOf(counts.open),
      senders: counts === undefined ? 0 : integerOf(counts.senders),
      without_sender: counts === undefined ? 0 : integerOf(counts.open) - integerOf(counts.with_sender),
      probability_min: counts?.min ?? null,
      probability_max: counts?.max ?? null,
      label: decision?.label ?? null,
      decided_by: decision?.decided_by ?? null,
      decided_at: decision === undefined ? null : integerOf(decision.decided_at),
      created_at: integerOf(row.created_at),
      changed_at: integerOf(row.changed_at),
    };
  });
}

async function openRowsOf(database: Kysely<SluiceDatabase>, ids: readonly number[]) {
  const rows = await database
    .selectFrom('review')
    .select(({ fn, ref }) => [
      'campaign',
      fn.countAll<number | string>().as('open'),
      fn.count<number | string>(ref('sender')).distinct().as('senders'),
      fn.count<number | string>(ref('sender')).as('with_sender'),
      fn.min('probability').as('min'),
      fn.max('probability').as('max'),
    ])
    .where('campaign', 'in', [...ids])
    .where('state', 'in', ['open', 'leased'])
    .groupBy('campaign')
    .execute();
  return new Map(rows.map((row) => [integerOf(row.campaign), row]));
}

/** Decisions that were taken back do not count. */
async function decisionsOf(database: Kysely<SluiceDatabase>, ids: readonly number[]) {
  const rows = await database
    .selectFrom('decision_campaign')
    .innerJoin('decision', 'decision.id', 'decision_campaign.decision_id')
    .select(['campaign_id', 'label', 'decided_by', 'decided_at'])
    .where('campaign_id', 'in', [...ids])
    .where('label', 'in', ['spam', 'ham'])
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('decision as undo').select('undo.id').whereRef('undo.undoes', '=', 'decision.id')),
      ),
    )
    .orderBy('decision.id')
    .execute();
  return new Map(
    rows.flatMap((row) =>
      row.label === 'spam' || row.label === 'ham'
        ? [[integerOf(row.campaign_id), { ...row, label: row.label }] as const]
        : [],
    ),
  );
}
