import { describeError, SluiceError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RetrainHolder, RetrainStore } from '../ports/retrain-store.ts';

export interface LockParts {
  readonly runs: Pick<RetrainStore, 'hold' | 'renew' | 'release'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How long others wait for a process that is not heard of any more. */
  readonly lockSeconds: number;
}

/** How often the lock is renewed in the time for which it is taken. */
const RENEWALS = 3;

/**
 * Runs `work` while this process alone retrains, of all that use the database. The signal aborts where another took over because this one
 * was not heard of in time. A database that does not answer for a while changes nothing: nobody else can take the lock either. Throws
 * `RETRAIN_RUNNING` where another process has it.
 */
export async function whileLocked<T>(
  { runs, clock, log, lockSeconds }: LockParts,
  holder: string,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const milliseconds = lockSeconds * 1000;
  const other = await runs.hold(holder, milliseconds);
  if (other !== undefined) throw running(other);
  const [ended, lost] = [new AbortController(), new AbortController()];
  const renew = async () => {
    for (;;) {
      await clock.sleep(lockSeconds / RENEWALS, ended.signal);
      if (ended.signal.aborted) return;
      try {
        await runs.renew(holder, milliseconds);
      } catch (error) {
        if (error instanceof SluiceError && error.code === 'RETRAIN_RUNNING') return lost.abort(error);
        log.warn({ error: describeError(error) }, 'the lock of retrainings could not be renewed');
      }
    }
  };
  const renewing = renew();
  try {
    return await work(lost.signal);
  } finally {
    ended.abort();
    await renewing;
    await runs.release(holder).catch((error: unknown) => {
      log.warn(
        { error: describeError(error) },
        `the lock of retrainings could not be released; it ends after ${lockSeconds} s`,
      );
    });
  }
}

function running({ holder, until }: RetrainHolder): SluiceError {
  return new SluiceError(
    'RETRAIN_RUNNING',
    `another process retrains (${holder}); "sluice retrain --list" shows what it does. If it was killed, its lock ends at ${new Date(until).toISOString()} by the clock of the database`,
    { retriable: true },
  );
}
