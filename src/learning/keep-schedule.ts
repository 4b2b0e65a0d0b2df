import { describeError, SluiceError } from '../core/errors.ts';
import type { Gate } from '../core/gate-report.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RetrainStore } from '../ports/retrain-store.ts';
import { isDone, type RetrainOutcome } from './retrain.ts';

/** When to retrain. Times are epoch milliseconds; null where there is none. */
export interface Schedule {
  /** The last time at or before this one. */
  previous(at: number): number | null;
  /** The first time after this one. */
  next(at: number): number | null;
}

export interface ScheduleParts {
  readonly schedule: Schedule;
  readonly clock: Clock;
  readonly runs: Pick<RetrainStore, 'dueBetween' | 'promoting' | 'scheduled'>;
  /** Retrains for a time of the schedule. */
  readonly run: (due: number) => Promise<RetrainOutcome>;
  /** Finishes a promotion that was cut off. */
  readonly resume: () => Promise<RetrainOutcome>;
  readonly by: string;
  readonly gate: Gate;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** The clock is looked at again after at most so long: it may have been set, and a timer does not follow it. */
const LOOK_SECONDS = 60;
/** A run that begins later than this was missed. */
const LATE_MS = 5 * 60_000;

/**
 * Retrains at each time of the schedule until the signal aborts, never twice at once. Which time was run last is in the store, so that one
 * that was missed, because no process ran or the clock jumped over it, is made up once; of several the last. An error is logged, and the
 * next time is waited for; one that came before the run could be recorded is tried again every minute.
 */
export async function keepSchedule(parts: ScheduleParts): Promise<void> {
  const { schedule, clock, log, signal } = parts;
  const look = new ScheduleLook(parts);
  log.info({ next: timeOf(schedule.next(clock.now())) }, 'waiting for the next retraining');
  while (!signal.aborted) {
    await look.once();
    if (signal.aborted) return;
    const now = clock.now();
    const next = schedule.next(now);
    const seconds = next === null ? LOOK_SECONDS : (next - now) / 1000;
    await clock.sleep(Math.min(Math.max(seconds, 0.001), LOOK_SECONDS), signal);
  }
}

class ScheduleLook {
  readonly #parts: ScheduleParts;
  #hasBegun = false;
  /** The time that was last reported, so that one that is tried again is reported once. */
  #reported: number | undefined;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
  }

  async once(): Promise<void> {
    const { schedule, clock, runs, log } = this.#parts;
    try {
      const now = clock.now();
      const due = schedule.previous(now);
      if (due === null) return;
      await this.#begin(due, now);
      const isDue = !isDone(await runs.dueBetween(due, now));
      if (isDue) await this.#run(due, now);
      else if ((await runs.promoting()) !== undefined) await this.#resume();
    } catch (error) {
      // Its process does what is due, or will be found to have ended.
      if (error instanceof SluiceError && error.code === 'RETRAIN_RUNNING')
        return log.debug({ error: error.message }, 'another process retrains');
      log.error({ ...codeOf(error), error: describeError(error) }, 'the retraining failed');
    }
  }

  /** Where no schedule has been kept on this database before, its times count from now on. */
  async #begin(due: number, now: number): Promise<void> {
    if (this.#hasBegun) return;
    const { runs, by, gate } = this.#parts;
    if ((await runs.dueBetween(0, now)).length === 0) await runs.scheduled(due, { by, gate });
    this.#hasBegun = true;
  }

  async #run(due: number, now: number): Promise<void> {
    const { log, run, schedule, clock } = this.#parts;
    if (this.#reported !== due) {
      if (now - due > LATE_MS) log.warn({ due: timeOf(due) }, 'a retraining was missed and is made up once');
      else log.info({ due: timeOf(due) }, 'time to retrain');
    }
    this.#reported = due;
    const { run: ran, resumed } = await run(due);
    const next = timeOf(schedule.next(clock.now()));
    log.info(
      {
        ...{ due: timeOf(due), next, answer: ran?.state ?? 'done by another process' },
        ...{ challenger: ran?.challenger ?? null, note: ran?.note ?? null },
        ...(resumed === null ? {} : { resumed: resumed.challenger, resumedAs: resumed.state }),
      },
      'retraining is done',
    );
  }

  async #resume(): Promise<void> {
    const { log, resume } = this.#parts;
    const { resumed } = await resume();
    if (resumed !== null)
      log.info({ model: resumed.challenger, answer: resumed.state }, 'a promotion that was cut off is done');
  }
}

function timeOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

function codeOf(error: unknown): { readonly code?: string } {
  return error instanceof SluiceError ? { code: error.code } : {};
}
