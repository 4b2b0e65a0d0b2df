import { describeError, SluiceError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { WatchedCall } from './sink-watch.ts';

const FIRST_WAIT_SECONDS = 0.1;
const LONGEST_WAIT_SECONDS = 10;
/** After about a minute of failing, somebody should look. */
const ATTEMPTS_BEFORE_ERROR = 12;

export interface RetryOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the waiting: the last error is thrown. */
  readonly giveUp: AbortSignal;
  /** What is being tried, for the log: "publish verdicts". */
  readonly what: string;
  readonly onRetry: () => void;
  /** Called once for each action, with `what`. */
  readonly watch?: (what: string) => WatchedCall | undefined;
}

export function isRetriable(thrown: unknown): boolean {
  return thrown instanceof SluiceError && thrown.retriable;
}

/** Seconds before attempt number `attempt` (1 is the first retry): doubling, capped, the later half left to chance. */
export function waitBefore(attempt: number, chance = Math.random()): number {
  const longest = Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (attempt - 1));
  return longest / 2 + (longest / 2) * chance;
}

/** Calls `action` until it succeeds, for as long as it takes. Anything but a retriable error is thrown at once. */
export async function untilAccepted<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const watched = options.watch?.(options.what);
  try {
    return await tryUntilAccepted(action, options, watched);
  } finally {
    watched?.ended();
  }
}

async function tryUntilAccepted<T>(
  action: () => Promise<T>,
  { clock, log, giveUp, what, onRetry }: RetryOptions,
  watched: WatchedCall | undefined,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await action();
      if (attempt > 1) log.info({ what, attempts: attempt }, 'works again');
      return result;
    } catch (thrown) {
      watched?.failed(thrown);
      if (!isRetriable(thrown) || giveUp.aborted) throw thrown;
      const fields = { what, attempts: attempt, error: describeError(thrown) };
      if (attempt === 1) log.warn(fields, 'failed and will be tried again until it works; nothing is lost');
      if (attempt === ATTEMPTS_BEFORE_ERROR)
        log.error(fields, 'still failing; the batches that need it wait until it works');
      await clock.sleep(waitBefore(attempt), giveUp);
      if (giveUp.aborted) throw thrown;
      onRetry();
    }
  }
}
