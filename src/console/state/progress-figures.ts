import type { ReviewStatsAnswer } from '../../http/console-schemas.ts';
import type { Api } from './api.ts';
import { Observable } from './observable.ts';

const EVERY_SECONDS = 15;
/** The server counts every two seconds at most. */
const COUNTED_AGAIN_MS = 2_500;

/** What waits, and what one person and all have decided, as the server counts it. */
export class ProgressFigures {
  readonly stats = new Observable<ReviewStatsAnswer | undefined>(undefined);
  readonly #api: Api;
  #timer: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api) {
    this.#api = api;
  }

  start(): void {
    void this.load();
    this.#timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.load();
    }, EVERY_SECONDS * 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#again);
  }

  async load(): Promise<void> {
    try {
      this.stats.value = await this.#api.call<ReviewStatsAnswer>('/api/v1/review/stats');
    } catch {
      // The figures stay as they were; what matters is reported where decisions are sent.
    }
  }

  /** Counts decided rows, so that the figures do not fall back to what they were before, until the server is asked again. */
  count(rows: number): void {
    const stats = this.stats.value;
    if (stats !== undefined) {
      const added = (counts: ReviewStatsAnswer['mine']) => ({
        ...counts,
        today: counts.today + rows,
        last_hour: counts.last_hour + rows,
      });
      this.stats.value = {
        ...stats,
        open: Math.max(0, stats.open - rows),
        mine: added(stats.mine),
        team: added(stats.team),
      };
    }
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.load(), COUNTED_AGAIN_MS);
  }
}
