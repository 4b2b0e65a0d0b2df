import type { DecisionStore, ReviewProgress } from '../ports/decision-store.ts';

const HOUR_MS = 3_600_000;
/** Every open page asks about as often; the counts are the same for all. */
const SAME_FOR_MS = 2_000;

export interface CountedReviews {
  readonly progress: ReviewProgress;
  readonly outbox: { readonly rows: number; readonly oldestSeconds: number };
}

export interface DecidedRows {
  readonly today: number;
  readonly last_hour: number;
}

/** Counts what waits and what was decided, at most every two seconds for all who ask. */
export class ReviewCounts {
  readonly #store: Pick<DecisionStore, 'progress' | 'outboxDepth'>;
  readonly #now: () => number;
  #counting: { readonly at: number; readonly counted: Promise<CountedReviews> } | undefined;

  constructor(store: Pick<DecisionStore, 'progress' | 'outboxDepth'>, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** "Today" is by the clock and the time zone of the server. Throws what the store throws. */
  count(): Promise<CountedReviews> {
    const at = this.#now();
    // A clock that was set back makes them old too.
    if (this.#counting !== undefined && Math.abs(at - this.#counting.at) < SAME_FOR_MS)
      return this.#counting.counted;
    const counted = this.#countAll(at);
    this.#counting = { at, counted };
    counted.catch(() => {
      this.#counting = undefined;
    });
    return counted;
  }

  async #countAll(at: number): Promise<CountedReviews> {
    const midnight = new Date(at).setHours(0, 0, 0, 0);
    const progress = await this.#store.progress([midnight, at - HOUR_MS]);
    return { progress, outbox: await this.#store.outboxDepth() };
  }
}

/** Rows that one person decided, or all people where no name is given. */
export function decidedRows({ people }: ReviewProgress, name?: string): DecidedRows {
  const chosen = people.filter((person) => name === undefined || person.name === name);
  const sum = (index: number) => chosen.reduce((total, { rows }) => total + (rows[index] ?? 0), 0);
  return { today: sum(0), last_hour: sum(1) };
}
