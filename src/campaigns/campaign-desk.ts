import {
  type Campaign,
  type CampaignStore,
  type CampaignViews,
  type SampledCampaign,
  type SampledMessage,
  type SampleReason,
  sampleReasons,
} from '../ports/campaign-store.ts';
import type { Page } from '../ports/decision-store.ts';
import { CampaignCenter } from '../text/similarity/campaign-center.ts';
import { wordPairsOf, wordsOf } from '../text/similarity/campaign-words.ts';

/** Members that are compared with the center as it is now, of each reason. */
const LOOKED_AT = 40;
/** Of each reason, in the sample. */
const SHOWN = 4;

/** Campaigns as people see them before they decide. */
export class CampaignDesk implements CampaignViews {
  readonly #store: Pick<CampaignStore, 'list' | 'get' | 'unlikely'>;

  constructor(store: Pick<CampaignStore, 'list' | 'get' | 'unlikely'>) {
    this.#store = store;
  }

  list(query: { readonly after?: string; readonly limit: number }): Promise<Page<Campaign>> {
    return this.#store.list(query);
  }

  async show(id: number): Promise<SampledCampaign | undefined> {
    const found = await this.#store.get(id);
    if (found === undefined) return undefined;
    const { center: stored, ...campaign } = found;
    const center = CampaignCenter.read(stored.text);
    const items = await this.#store.unlikely(campaign.id, LOOKED_AT);
    const compared = items.map((item) => ({
      item,
      score: center.score(wordPairsOf(item.message)).score,
      foreign_words: center.longestForeignRun(wordsOf(item.message)),
    }));
    const scores = compared.map(({ score }) => score);
    return {
      ...campaign,
      sample: sampleOf(compared),
      score_min: scores.length === 0 ? null : Math.min(...scores),
      score_max: scores.length === 0 ? null : Math.max(...scores),
    };
  }
}

type Compared = Omit<SampledMessage, 'because'>;

/** Less is shown earlier. */
const ranks: Readonly<Record<SampleReason, (message: Compared) => number>> = {
  foreign_words: ({ foreign_words }) => -foreign_words,
  least_like: ({ score }) => score,
  lowest_probability: ({ item }) => item.probability ?? 2,
  newest: ({ item }) => -item.id,
};

function sampleOf(compared: readonly Compared[]): readonly SampledMessage[] {
  const left = new Set(compared);
  return sampleReasons.flatMap((because) => {
    const rank = ranks[because];
    const first = [...left].sort((a, b) => rank(a) - rank(b) || a.item.id - b.item.id).slice(0, SHOWN);
    for (const message of first) left.delete(message);
    return first.map((message) => ({ ...message, because }));
  });
}
