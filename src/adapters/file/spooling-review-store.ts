import { describeError, SluiceError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { NewReviewItem, ReviewItem, ReviewState, ReviewStore } from '../../ports/review-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { ReviewSpool, SpooledPart } from './review-spool.ts';

export interface SpoolingReviewStoreParts {
  /** Where everything goes in the end. Must skip the rows that it has already. */
  readonly store: ReviewStore;
  readonly spool: ReviewSpool;
  readonly telemetry: Pick<Telemetry, 'reviewItemsAdded' | 'spoolMeasured'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'sleep'>;
}

const FIRST_PAUSE_SECONDS = 0.25;
const LONGEST_PAUSE_SECONDS = 1;
/** After about a minute of failing, somebody should look. */
const FAILURES_BEFORE_ERROR = 60;

/**
 * A review store that accepts items while the one behind it is unavailable: they wait in a spool and are written in their
 * order once it is back. Reading goes to the store alone, which does not know yet what waits.
 */
export class SpoolingReviewStore implements ReviewStore {
  readonly #parts: SpoolingReviewStoreParts;
  readonly #closing = new AbortController();
  #draining: Promise<void> | undefined;

  /** Begins with what an earlier run has left in the spool. Closes both when it is closed. */
  constructor(parts: SpoolingReviewStoreParts) {
    this.#parts = parts;
    this.#measure();
    if (!parts.spool.isEmpty) {
      parts.log.info(
        { rows: parts.spool.rows },
        'rows wait in the spool from before and go to the database now',
      );
      this.#drainSoon();
    }
  }

  /**
   * Returns how many were new, or 0 where they were put into the spool; those are counted when they are stored. Throws
   * `STORE_FAILED`, retriable, once the spool is full, and `SINK_FAILED` where its disk accepts nothing.
   */
  async add(items: readonly NewReviewItem[]): Promise<number> {
    if (items.length === 0) return 0;
    const { store, spool } = this.#parts;
    // Behind what waits already, so that the order stays.
    if (this.#draining === undefined && spool.isEmpty) {
      try {
        return await store.add(items);
      } catch (error) {
        if (!isOfTheStore(error)) throw error;
      }
    }
    await spool.append(items);
    this.#measure();
    this.#drainSoon();
    return 0;
  }

  list(query: Parameters<ReviewStore['list']>[0]): Promise<readonly ReviewItem[]> {
    return this.#parts.store.list(query);
  }

  count(): Promise<Readonly<Record<ReviewState, number>>> {
    return this.#parts.store.count();
  }

  /** What still waits goes to the store after the next start. */
  async close(): Promise<void> {
    const { store, spool, log } = this.#parts;
    this.#closing.abort();
    await this.#draining;
    await spool.close();
    if (spool.rows > 0)
      log.warn({ rows: spool.rows }, 'rows wait in the spool; they go to the database after the next start');
    await store.close();
  }

  #drainSoon(): void {
    if (this.#closing.signal.aborted) return;
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined;
      // Whatever was appended while it ended.
      if (!this.#parts.spool.isEmpty) this.#drainSoon();
    });
  }

  async #drain(): Promise<void> {
    const { spool, log, clock } = this.#parts;
    const { signal } = this.#closing;
    let pause = FIRST_PAUSE_SECONDS;
    let stored = 0;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const part = await spool.first();
        if (part === undefined) break;
        await this.#pass(part);
        stored += part.items.length;
        pause = FIRST_PAUSE_SECONDS;
        failures = 0;
      } catch (error) {
        const fields = { error: describeError(error), rows: spool.rows };
        failures++;
        if (failures === 1) log.warn(fields, 'rows wait in the spool until the database accepts them');
        if (failures === FAILURES_BEFORE_ERROR)
          log.error(fields, 'rows still wait in the spool; check the database and the disk of the spool');
        await clock.sleep(pause, signal);
        pause = Math.min(LONGEST_PAUSE_SECONDS, pause * 2);
      }
      this.#measure();
    }
    if (stored > 0 && spool.isEmpty)
      log.info({ rows: stored }, 'all that waited in the spool is in the database');
  }

  async #pass({ items, remove }: SpooledPart): Promise<void> {
    const { telemetry } = this.#parts;
    try {
      telemetry.reviewItemsAdded(await this.#parts.store.add(items));
    } catch (error) {
      if (!isOfTheStore(error) || error.retriable) throw error;
      for (const item of items) telemetry.reviewItemsAdded(await this.#passOne(item));
    }
    await remove();
  }

  /** One that the store will never take must not hold up the rest. */
  async #passOne(item: NewReviewItem): Promise<number> {
    const { store, spool, log } = this.#parts;
    try {
      return await store.add([item]);
    } catch (error) {
      if (!isOfTheStore(error) || error.retriable) throw error;
      await spool.refuse([JSON.stringify(item)]);
      const { topic, partition, offset } = item.position;
      log.error(
        { topic, partition, offset, error: describeError(error) },
        'a row cannot be stored and is put aside in refused.jsonl of the spool; repair and store it by hand',
      );
      return 0;
    }
  }

  #measure(): void {
    const { spool, telemetry } = this.#parts;
    telemetry.spoolMeasured({ rows: spool.rows, fullness: spool.fullness });
  }
}

function isOfTheStore(error: unknown): error is SluiceError {
  return error instanceof SluiceError && error.code === 'STORE_FAILED';
}
