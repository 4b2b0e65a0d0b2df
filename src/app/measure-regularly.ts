import { describeError } from '../core/errors.ts';
import type { Log } from '../ports/log.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { PoolMeasure } from '../scoring/score-pool.ts';

export interface Measured {
  /** Over all partitions, at the last look. */
  readonly total: number;
  /** Whether there was a look yet. */
  readonly measured: boolean;
  /** Looks now. Never rejects. */
  look(): Promise<void>;
  stop(): void;
}

export interface MeasureParts {
  readonly source: MessageSource;
  readonly scorer: { measure(): PoolMeasure };
  readonly telemetry: Telemetry;
  /** Between two reports to telemetry; people who watch see it sooner. */
  readonly intervalSeconds: number;
  /** Between two looks. */
  readonly lookSeconds: number;
  readonly log: Log;
}

/** Measures lag and pool on a timer: a partition that is stuck reports nothing by itself. */
export function measureRegularly({
  source,
  scorer,
  telemetry,
  intervalSeconds,
  lookSeconds,
  log,
}: MeasureParts): Measured {
  let total = 0;
  let measured = false;
  let told = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;
  const measure = async () => {
    // Known without asking anyone, also where nobody answers.
    if (source.pausedPartitions !== undefined) telemetry.partitionsPaused(source.pausedPartitions());
    try {
      const lag = await source.lag();
      total = lag.reduce((sum, partition) => sum + partition.lag, 0);
      measured = true;
      if (performance.now() - told >= intervalSeconds * 1000) {
        told = performance.now();
        telemetry.lagMeasured(lag);
        telemetry.poolMeasured(scorer.measure());
      }
    } catch (error) {
      log.warn({ error: describeError(error) }, 'the lag could not be measured; it is tried again');
    }
  };
  const look = async () => {
    // One that is under way may have looked before what its caller wants to see.
    await looking;
    looking = measure();
    await looking;
  };
  const timer = setInterval(() => void look(), lookSeconds * 1000);
  timer.unref();
  void look();
  return {
    get total() {
      return total;
    },
    get measured() {
      return measured;
    },
    look,
    stop: () => clearInterval(timer),
  };
}
