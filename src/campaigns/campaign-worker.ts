import { describeError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { CampaignAssigner } from './campaign-assigner.ts';

/** A new row is part of its campaign after this long at the latest, where the assignment keeps up. */
const LOOK_SECONDS = 1;
/** Between two looks while the database is unavailable. */
const FAILED_SECONDS = 5;

export interface CampaignWorkerParts {
  readonly assigner: Pick<CampaignAssigner, 'run' | 'release'>;
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>;
  /** Of the thread's time, at most (0 … 1): what else runs on it must not wait for long. */
  readonly share: number;
  /** How busy the thread was since the last call (0 … 1). */
  readonly busyShare: () => number;
  readonly log: Log;
}

/** Of its share, what it takes of a thread that others keep busy all the time. */
const LEAST = 0.02;

/** Assigns new review rows about once a second, until it is stopped. Any number of processes may run one. */
export class CampaignWorker {
  readonly #parts: CampaignWorkerParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: CampaignWorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Resolves when the batch that is being assigned is done, and another process may go on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#running === undefined) return;
    await this.#running;
    await this.#parts.assigner.release().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { assigner, clock, log, share, busyShare } = this.#parts;
    const { signal } = this.#stopping;
    let hasFailed = false;
    let since = clock.elapsed();
    // What others took while this rested last. A queue forms long before the thread is full, so the rest is taken by its square.
    let others = 0;
    const rest = async () => {
      const worked = clock.elapsed() - since;
      busyShare();
      await clock.sleep(worked * (1 / (share * Math.max(LEAST, (1 - others) ** 2)) - 1), signal);
      others = busyShare();
      since = clock.elapsed();
    };
    while (!signal.aborted) {
      try {
        since = clock.elapsed();
        await assigner.run(signal, rest);
        if (hasFailed) log.info({}, 'review rows are assigned to campaigns again');
        hasFailed = false;
      } catch (error) {
        if (!hasFailed)
          log.warn(
            { error: describeError(error) },
            'review rows cannot be assigned to campaigns; they stay in the queue, and it is tried again',
          );
        hasFailed = true;
      }
      await clock.sleep(hasFailed ? FAILED_SECONDS : LOOK_SECONDS, signal);
    }
  }
}
