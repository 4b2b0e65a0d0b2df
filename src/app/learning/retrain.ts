import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Gate } from '../../core/gate-report.ts';
import type { RetrainRun } from '../../core/retrain-run.ts';
import { keepSchedule } from '../../learning/keep-schedule.ts';
import { type RetrainOutcome, type RetrainPoint, retrain } from '../../learning/retrain.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { RetrainStore } from '../../ports/retrain-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';
import { type RetrainTraining, retrainParts } from './retrain-parts.ts';
import { scheduleOf } from './retrain-schedule.ts';

export interface RetrainOptions extends RetrainTraining {
  readonly by: string;
  readonly gate: Gate;
  /** Train though there are no new labels. */
  readonly anyway: boolean;
  /** Only finish a promotion that was cut off. */
  readonly resumeOnly: boolean;
  readonly signal: AbortSignal;
  /** For tests: called at each moment at which the process may be killed. */
  readonly reached?: (point: RetrainPoint) => Promise<void>;
  /** For tests. */
  readonly clock?: Clock;
}

export interface RetrainScheduleOptions extends Omit<RetrainOptions, 'resumeOnly'> {
  /** Of cron. */
  readonly pattern: string;
  /** IANA. */
  readonly timeZone: string;
}

/** One retraining with the settings' database, model store and activation. Throws as `retrain` of `src/learning` does. */
export async function runRetraining(
  settings: Settings,
  log: Log,
  options: RetrainOptions,
): Promise<RetrainOutcome> {
  return await withRuns(settings, (runs) => once(settings, log, runs, { ...options, due: null }));
}

/** Retrains by a schedule, until the signal aborts. Throws `USAGE` for a schedule or time zone that is none. */
export async function runRetrainSchedule(
  settings: Settings,
  log: Log,
  { pattern, timeZone, ...options }: RetrainScheduleOptions,
): Promise<void> {
  const schedule = scheduleOf(pattern, timeZone);
  const { clock = systemClock, by, gate, signal } = options;
  await withRuns(settings, async (runs) => {
    log.info({ schedule: pattern, timeZone, runs: runs.location }, 'retraining by a schedule');
    await keepSchedule({
      ...{ schedule, clock, runs, by, gate, log, signal },
      run: (due) => once(settings, log, runs, { ...options, resumeOnly: false, due }),
      resume: () => once(settings, log, runs, { ...options, resumeOnly: true, due: null }),
    });
  });
}

/** Newest first. */
export async function listRetrainings(settings: Settings, limit: number): Promise<readonly RetrainRun[]> {
  return await withRuns(settings, (runs) => runs.runs(limit));
}

async function once(
  settings: Settings,
  log: Log,
  runs: RetrainStore,
  options: RetrainOptions & { readonly due: number | null },
): Promise<RetrainOutcome> {
  const { by, gate, due, anyway, resumeOnly, signal, reached } = options;
  const parts = retrainParts(settings, log, runs, options);
  // Readable, and unlike that of every other run: of one process as well, so that what one left is not taken for the next one's.
  const holder = `${hostname()} process ${process.pid} ${randomUUID().slice(0, 8)}`;
  return await retrain(
    { holder, by, gate, due, anyway, resumeOnly, signal },
    { ...parts, ...(reached === undefined ? {} : { reached }) },
  );
}

async function withRuns<T>(
  { store }: Pick<Settings, 'store'>,
  work: (runs: RetrainStore) => Promise<T>,
): Promise<T> {
  const runs = await adapters.store[store.kind].openRetrainings(store);
  try {
    return await work(runs);
  } finally {
    await runs.close();
  }
}
