import type { Campaign, CampaignStore } from '../ports/campaign-store.ts';
import type { Page, QueueItem } from '../ports/decision-store.ts';
import { CampaignCenter } from '../text/similarity/campaign-center.ts';
import { wordPairsOf, wordsOf } from '../text/similarity/campaign-words.ts';

/** Members that are compared with the center as it is now, of each reason. */
const LOOKED_AT = 40;
/** Of each reason, in the sample. */
const SHOWN = 4;

export const sampleReasons = ['foreign_words', 'least_like', 'lowest_probability', 'newest'] as const;
export type SampleReason = (typeof sampleReasons)[number];

export interface SampledMessage {
  readonly item: QueueItem;
  /** Why it is shown. */
  readonly because: SampleReason;
  /** How like the center it is; from 8 on it belongs to the campaign. */
  readonly score: number;
  /** Length of the longest run of words that are not the campaign's. */
  readonly foreign_words: number;
}

export interface SampledCampaign extends Campaign {
  /** Each message once. */
  readonly sample: readonly SampledMessage[];
  /** Lowest and highest score of the messages that were compared. */
  readonly score_min: number | null;
  readonly score_max: number | null;
}

/** Campaigns as people see them before they decide. */
export class CampaignDesk {
  readonly #store: Pick<CampaignStore, 'list' | 'get' | 'unlikely'>;

  constructor(store: Pick<CampaignStore, 'list' | 'get' | 'unlikely'>) {
    this.#store = store;
  }

  list(query: { readonly after?: string; readonly limit: number }): Promise<Page<Campaign>> {
    return this.#store.list(query);
  }

  /**
   * A campaign with the members that are most likely to be something else: a harmless message on the same template is among them. One that
   * has become part of another is answered by that one; undefined where there is none.
   */
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
