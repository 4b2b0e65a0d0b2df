import type { Actor, CampaignItem, DecisionRequest } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { hasRole } from '../core/require-role.ts';
import { MAX_CAMPAIGN_MEMBERS } from '../ports/campaign-store.ts';
import { type DecisionTransaction, type LockedRow, UNSURE_LIMIT } from '../ports/decision-store.ts';

/** A campaign of a request, with the rows that may belong to the decision. */
export interface RequestedCampaign {
  readonly item: CampaignItem;
  /** Undefined where there is no such campaign. */
  readonly ids: readonly number[] | undefined;
}

export async function requestedCampaigns(
  transaction: Pick<DecisionTransaction, 'campaignRows'>,
  items: readonly CampaignItem[],
): Promise<readonly RequestedCampaign[]> {
  const campaigns: RequestedCampaign[] = [];
  for (const item of items) {
    const excluded = new Set(item.exclude);
    const ids = await transaction.campaignRows(item.campaign_id, item.revision);
    campaigns.push({
      item,
      ids: ids?.filter((id) => !excluded.has(id)).slice(0, MAX_CAMPAIGN_MEMBERS),
    });
  }
  return campaigns;
}

/**
 * The rows that a decision on a campaign covers: the open ones that had joined when the person loaded it, without the excluded ones. Those
 * that somebody else holds, that only a lead may decide, or that this person was unsure about before are left in the queue. `rows`: the
 * locked ones, whose state is the one that counts. Throws `REVIEW_UNKNOWN`, and where no row is left `LEASE_HELD` or `REVIEW_DECIDED`.
 */
export function coveredRows(
  { item, ids }: RequestedCampaign,
  rows: ReadonlyMap<number, LockedRow>,
  { actor, label }: { readonly actor: Actor; readonly label: DecisionRequest['label'] },
): readonly number[] {
  const { campaign_id, revision = Number.POSITIVE_INFINITY } = item;
  if (ids === undefined)
    throw new SluiceError(
      'REVIEW_UNKNOWN',
      `there is no campaign ${campaign_id}, or it became part of another one; load the campaigns again`,
    );
  let held: string | undefined;
  const covered = ids.filter((id) => {
    const row = rows.get(id);
    if (row === undefined || row.item.campaign !== campaign_id || row.campaignRevision > revision)
      return false;
    if (row.status.state !== 'open' || row.item.state === 'erased') return false;
    if (row.lease !== null && row.lease.holder !== actor.name) {
      held = row.lease.holder;
      return false;
    }
    if (row.status.unsure >= UNSURE_LIMIT && !hasRole(actor, 'lead')) return false;
    return label !== 'unsure' || !row.unsureBy.includes(actor.name);
  });
  if (covered.length > 0) return covered;
  if (held !== undefined)
    throw new SluiceError(
      'LEASE_HELD',
      `all rows of campaign ${campaign_id} that are left are with others, among them ${held}; try again when the leases have ended`,
    );
  throw new SluiceError(
    'REVIEW_DECIDED',
    `campaign ${campaign_id} has no row left that you can decide; load it again`,
  );
}
