import type { CampaignStore } from '../ports/campaign-store.ts';
import { CampaignCenter } from '../text/similarity/campaign-center.ts';
import { CampaignIndex } from '../text/similarity/campaign-index.ts';
import { CAMPAIGN_VERSION } from '../text/similarity/campaign-words.ts';

/** Some milliseconds of work between two times that others get their turn. */
const ROWS_AT_ONCE = 20;
const CENTERS_AT_ONCE = 500;
/** Then it is read again without the messages that were decided. With 100,000 open rows it never is. */
const MAX_CAMPAIGNS = 150_000;

export interface CampaignAssignerParts {
  readonly store: Pick<
    CampaignStore,
    'holdAssignment' | 'releaseAssignment' | 'forgetOtherVersions' | 'centers' | 'unassigned' | 'assign'
  >;
  /** Unique to this process. */
  readonly holder: string;
}

/** Assigns review rows to campaigns, batch by batch. Of all processes that have one, one at a time assigns. */
export class CampaignAssigner {
  readonly #parts: CampaignAssignerParts;
  #known: { readonly epoch: number; readonly index: CampaignIndex } | undefined;

  constructor(parts: CampaignAssignerParts) {
    this.#parts = parts;
  }

  /**
   * Assigns the rows that wait for it. Returns how many; 0 where there are none, or another process assigns. Throws what the store
   * throws; then it begins again with what is stored. `signal` stops it between two batches, and `between` is awaited there.
   */
  async run(signal?: AbortSignal, between?: () => Promise<void>): Promise<number> {
    let assigned = 0;
    try {
      while (signal?.aborted !== true) {
        const rows = await this.#batch();
        if (rows === 0) break;
        assigned += rows;
        await between?.();
      }
    } catch (error) {
      // What the index has learned may not have been stored.
      this.#known = undefined;
      throw error;
    }
    return assigned;
  }

  /** Lets another process assign at once. */
  async release(): Promise<void> {
    this.#known = undefined;
    await this.#parts.store.releaseAssignment(this.#parts.holder);
  }

  async #batch(): Promise<number> {
    const { store, holder } = this.#parts;
    const rows = await store.unassigned(ROWS_AT_ONCE);
    if (rows.length === 0) return 0;
    const epoch = await store.holdAssignment(holder);
    if (epoch === undefined) return 0;
    const index = await this.#indexOf(epoch);
    const placed = rows.map(({ id, message }) => {
      const { campaign, score, foreignRun } = index.add(message);
      return { review_id: id, message, campaign, score, foreignRun };
    });
    const { changed, merged } = index.takeChanges();
    const into = new Map(merged);
    const stored = await store.assign(holder, epoch, {
      version: CAMPAIGN_VERSION,
      // A later message of the batch may have merged the campaign.
      rows: placed.map((row) => ({ ...row, campaign: followed(row.campaign, into) })),
      changed,
      merged,
    });
    if (!stored) this.#known = undefined;
    return stored ? rows.length : 0;
  }

  async #indexOf(epoch: number): Promise<CampaignIndex> {
    if (this.#known?.epoch === epoch && this.#known.index.size < MAX_CAMPAIGNS) return this.#known.index;
    const { store, holder } = this.#parts;
    await store.forgetOtherVersions(CAMPAIGN_VERSION);
    const index = new CampaignIndex();
    for (let after: number | null = 0; after !== null; ) {
      const page: Awaited<ReturnType<CampaignStore['centers']>> = await store.centers({
        ...{ version: CAMPAIGN_VERSION, after, limit: CENTERS_AT_ONCE },
      });
      for (const { id, revision, text } of page.items) index.load(id, revision, CampaignCenter.read(text));
      index.startIdsAfter(page.highest);
      after = page.next;
      // Reading many takes a while; a holder of before may have come back in between, which `assign` then notices.
      await store.holdAssignment(holder);
    }
    this.#known = { epoch, index };
    return index;
  }
}

function followed(campaign: number | null, into: ReadonlyMap<number, number>): number | null {
  let id = campaign;
  while (id !== null && into.has(id)) id = into.get(id)!;
  return id;
}
