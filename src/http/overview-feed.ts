import type { CampaignStore } from '../ports/campaign-store.ts';
import type { InstalledModel } from './installed-model.ts';
import type { Readiness } from './ops-server.ts';
import type { OverviewEvent, PipelineFigures } from './overview-schemas.ts';
import { type CountedReviews, decidedRows, type ReviewCounts } from './review-counts.ts';

/** What a process knows of itself, beside its database. */
export interface OverviewSource {
  readonly process: OverviewEvent['process'];
  readonly readiness: () => Readiness;
  readonly outboxPublished: OverviewEvent['outbox_published'];
  /** Left out by a process without a pipeline. */
  readonly pipeline?: () => Promise<PipelineFigures>;
}

export interface OverviewFeedParts extends OverviewSource {
  readonly version: string;
  readonly model: () => InstalledModel | undefined;
  readonly counts: Pick<ReviewCounts, 'count'>;
  readonly campaigns: Pick<CampaignStore, 'list'>;
  /** Between two measurements. */
  readonly everySeconds: number;
  /** Epoch milliseconds; for tests. */
  readonly now?: () => number;
}

/** The same for all who listen, but for the rows that each has decided. */
export interface Overview {
  of(name: string): OverviewEvent;
}

type Listener = (overview: Overview) => void;

const COUNT_SECONDS = 5;
const CAMPAIGN_SECONDS = 30;
const CAMPAIGNS = 5;
/** A look waits so long for the database where it has nothing that was counted a moment ago; others show what was counted last. */
const FIRST_COUNT_MS = 500;
/** Counts that are older than this are those of a database that does not answer. */
const OLD_SECONDS = 20;

/** Measures once a second while anybody listens, once for all of them, and not at all while nobody does. */
export class OverviewFeed {
  readonly #parts: OverviewFeedParts;
  readonly #now: () => number;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #counting: Promise<void> | undefined;
  #counted: { readonly at: number; readonly value: CountedReviews } | undefined;
  #campaigns: { readonly at: number; readonly largest: readonly { id: number; open: number }[] } | undefined;

  constructor(parts: OverviewFeedParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Calls the listener at once, and then regularly. Returns what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    const { everySeconds } = this.#parts;
    this.#timer ??= setInterval(() => this.#look(), everySeconds * 1000).unref();
    this.#look();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  #look(): void {
    this.#looking ??= this.#measure().finally(() => {
      this.#looking = undefined;
    });
  }

  async #measure(): Promise<void> {
    const counting = this.#count();
    if (this.#recent === undefined) await Promise.race([counting, sleep(FIRST_COUNT_MS)]);
    const overview = await this.#overview();
    for (const listener of [...this.#listeners]) listener(overview);
  }

  async #overview(): Promise<Overview> {
    const { process: kind, version, readiness, outboxPublished, pipeline, model } = this.#parts;
    const at = this.#now();
    const { ready, reasons } = readiness();
    const own = {
      ...{ at, process: kind, version, uptime_seconds: process.uptime() },
      ...{ ready, reasons: [...reasons] },
      model: model()?.version ?? null,
      outbox_published: outboxPublished,
      pipeline: (await pipeline?.()) ?? null,
    };
    const counted = this.#recent;
    if (counted === undefined) return { of: () => ({ ...own, queue: null }) };
    const { progress, outbox } = counted;
    const queue = {
      open: progress.open,
      team: decidedRows(progress),
      outbox: { rows: outbox.rows, oldest_seconds: outbox.oldestSeconds },
      campaigns: this.#campaigns === undefined ? null : [...this.#campaigns.largest],
    };
    return { of: (name) => ({ ...own, queue: { ...queue, mine: decidedRows(progress, name) } }) };
  }

  get #recent(): CountedReviews | undefined {
    const counted = this.#counted;
    return counted === undefined || this.#isOlder(counted.at, OLD_SECONDS) ? undefined : counted.value;
  }

  /** Never rejects. What was counted last is shown meanwhile. */
  #count(): Promise<void> {
    if (this.#counted !== undefined && !this.#isOlder(this.#counted.at, COUNT_SECONDS))
      return Promise.resolve();
    this.#counting ??= this.#countNow().finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  async #countNow(): Promise<void> {
    const { counts, campaigns } = this.#parts;
    try {
      this.#counted = { value: await counts.count(), at: this.#now() };
      if (this.#campaigns !== undefined && !this.#isOlder(this.#campaigns.at, CAMPAIGN_SECONDS)) return;
      const { items } = await campaigns.list({ limit: CAMPAIGNS });
      this.#campaigns = { at: this.#now(), largest: items.map(({ id, open }) => ({ id, open })) };
    } catch {
      // The next look tries again; readiness and the log say why.
    }
  }

  #isOlder(at: number, seconds: number): boolean {
    // A clock that was set back makes it old too.
    return Math.abs(this.#now() - at) >= seconds * 1000;
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
