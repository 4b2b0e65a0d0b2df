import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { ReviewStore } from '../../ports/review-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { onATimer } from './on-a-timer.ts';

export interface ReviewMeasureParts {
  readonly reviews: Pick<ReviewStore, 'count' | 'list'>;
  readonly telemetry: Pick<Telemetry, 'reviewsMeasured'>;
  readonly log: Log;
  readonly everySeconds?: number;
  /** Epoch milliseconds; for tests. */
  readonly now?: () => number;
}

/** Counting reads an index as long as the store: often enough for people, seldom enough for the database. */
const EVERY_SECONDS = 60;

/** Measures the review queue, at once and then on a timer. While the store is unavailable the last figures stay. */
export function measureReviews(parts: ReviewMeasureParts): { stop(): Promise<void> } {
  const { reviews, telemetry, log, everySeconds = EVERY_SECONDS, now = Date.now } = parts;
  const measure = async () => {
    try {
      const counts = await reviews.count();
      const [oldest] = await reviews.list({ state: 'open', limit: 1 });
      const oldestSeconds = oldest === undefined ? 0 : (now() - oldest.created_at) / 1000;
      telemetry.reviewsMeasured({ counts, oldestSeconds });
    } catch (error) {
      log.warn(
        { error: describeError(error) },
        'what waits in the review store could not be counted; it is tried again',
      );
    }
  };
  return onATimer(measure, everySeconds);
}
