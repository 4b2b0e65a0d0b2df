import { CampaignIndex } from '../../../../src/text/similarity/campaign-index.ts';
import type { TestMessage } from './campaign-messages.ts';

/** The messages of each campaign, by their places in the list, the largest first. */
export function campaignsOf(texts: readonly string[]): readonly (readonly number[])[] {
  const index = new CampaignIndex();
  const placed = texts.map((text) => index.add(text).campaign);
  const into = new Map(index.takeChanges().merged);
  const groups = new Map<number, number[]>();
  for (const [place, campaign] of placed.entries()) {
    if (campaign === null) continue;
    const id = into.get(campaign) ?? campaign;
    groups.set(id, [...(groups.get(id) ?? []), place]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

/** What somebody gets who decides the largest campaigns, each by what most of it is, until this many decisions are made. */
export function decided(messages: readonly TestMessage[], decisions: number) {
  const campaigns = campaignsOf(messages.map(({ text }) => text));
  const isSpam = (place: number) => messages[place]!.template !== null;
  const asSpam = campaigns
    .slice(0, decisions)
    .filter((members) => members.filter(isSpam).length * 2 > members.length);
  const swept = asSpam.flat().filter((place) => !isSpam(place)).length;
  const missed = messages.filter((_, i) => isSpam(i)).length - (asSpam.flat().length - swept);
  return {
    /** Campaigns that were decided as spam, and all that have spam. */
    decisions: asSpam.length,
    withSpam: campaigns.filter((members) => members.some(isSpam)).length,
    /** Honest messages that were labeled as spam, and spam that was left. */
    swept,
    missed,
    wrongShare: (swept + missed) / messages.length,
  };
}
