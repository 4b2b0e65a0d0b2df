import type { RowLabel } from '../../core/decision.ts';
import type { SampledCampaignAnswer } from '../../http/campaign-schemas.ts';
import type { DecisionBody } from '../../http/console-schemas.ts';

export type SampledMessageAnswer = SampledCampaignAnswer['sample'][number];
/** Messages that stay in the queue, by the id of their row. */
export type Excluded = ReadonlyMap<number, SampledMessageAnswer>;

/** Fewer are decided one by one. */
const FEWEST = 2;

/** Whether it is worth a card beside the message. */
export function isShown(campaign: SampledCampaignAnswer | undefined): campaign is SampledCampaignAnswer {
  return campaign !== undefined && campaign.open >= FEWEST;
}

/**
 * The sample, and behind it what was excluded from an earlier sample of the same campaign: it stays excluded, so it stays in sight.
 */
export function previewed(campaign: SampledCampaignAnswer, excluded: Excluded): SampledMessageAnswer[] {
  const sampled = new Set(campaign.sample.map(({ item }) => item.id));
  return [...campaign.sample, ...[...excluded.values()].filter(({ item }) => !sampled.has(item.id))];
}

export function toggled(excluded: Excluded, message: SampledMessageAnswer): Excluded {
  const next = new Map(excluded);
  if (!next.delete(message.item.id)) next.set(message.item.id, message);
  return next;
}

/** How many messages a decision covers, if others hold none of them. */
export function countToDecide(campaign: SampledCampaignAnswer, excluded: Excluded): number {
  return Math.max(0, campaign.open - excluded.size);
}

/** Messages of a sample for a glance: other texts than the one that is shown, each once. */
export function glance(campaign: SampledCampaignAnswer, shown: string, most = 3): SampledMessageAnswer[] {
  const seen = new Set([shown]);
  const found: SampledMessageAnswer[] = [];
  for (const sampled of campaign.sample) {
    const { message } = sampled.item;
    if (seen.has(message)) continue;
    seen.add(message);
    found.push(sampled);
    if (found.length === most) break;
  }
  return found;
}

/** By the id and the revision of the answer: the campaign that was asked for may be part of this one by now. */
export function campaignDecision(
  label: RowLabel,
  { id, revision }: SampledCampaignAnswer,
  excluded: Excluded,
): DecisionBody {
  const exclude = [...excluded.keys()].sort((one, other) => one - other);
  return { label, items: [{ campaign_id: id, revision, ...(exclude.length > 0 ? { exclude } : {}) }] };
}
