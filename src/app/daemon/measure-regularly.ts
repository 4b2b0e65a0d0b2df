import { describeError } from '../../core/errors.ts';
import type { PipelineHealth } from '../../pipeline/pipeline.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource, PartitionLag } from '../../ports/message-source.ts';
import { type SinkName, sinkNames } from '../../ports/sink-names.ts';
import type { Health, Telemetry } from '../../ports/telemetry.ts';
import type { PoolMeasure } from '../../scoring/score-pool.ts';
import type { Broker } from '../open/kinds.ts';

export interface Measured {
  /** Lag over all partitions, as last measured. */
  readonly total: number;
  /** Of each partition, as last measured. */
  readonly partitions: readonly PartitionLag[];
  /** Whether {@link total} is what the last look found: false where the source could not be asked, or is out of its group. */
  readonly isKnown: boolean;
  /** Seconds since the lag was last measured with success, or since the start. */
  readonly ageSeconds: number;
  /** From this age on the lag counts as unknown. */
  readonly oldSeconds: number;
  /** Scoring threads, as last counted; undefined before that. */
  readonly threads: number | undefined;
  /** Looks now. Never rejects. */
  look(): Promise<void>;
  stop(): void;
}

export interface MeasureParts {
  readonly source: Pick<MessageSource, 'lag' | 'status' | 'pausedPartitions'>;
  /** Of a source that has one. */
  readonly broker?: Broker | undefined;
  readonly scorer: { measure(): PoolMeasure };
  readonly health: () => PipelineHealth & Pick<Health, 'memory'>;
  readonly telemetry: Pick<
    Telemetry,
    'dependencyMeasured' | 'healthMeasured' | 'lagMeasured' | 'partitionsPaused' | 'poolMeasured'
  >;
  /** Between two reports of lag and pool to telemetry; people who watch see it sooner. */
  readonly intervalSeconds: number;
  /** Between two looks. */
  readonly lookSeconds: number;
  readonly log: Log;
  readonly clock?: Clock;
}

/** A lag that is measured every few seconds is unknown after a minute. */
const LEAST_OLD_SECONDS = 60;

/** Measures lag, pool and health on a timer: a partition that is stuck reports nothing by itself. */
export function measureRegularly(parts: MeasureParts): Measured {
  const measuring = new Measuring(parts);
  const timer = setInterval(() => measuring.tick(), parts.lookSeconds * 1000);
  timer.unref();
  measuring.tick();
  return {
    get total() {
      return measuring.total;
    },
    get partitions() {
      return measuring.partitions;
    },
    get isKnown() {
      return measuring.isKnown;
    },
    get ageSeconds() {
      return measuring.ageSeconds;
    },
    oldSeconds: measuring.oldSeconds,
    get threads() {
      return measuring.threads;
    },
    look: () => measuring.look(),
    stop: () => clearInterval(timer),
  };
}

class Measuring {
  readonly #parts: MeasureParts;
  readonly #clock: Clock;
  readonly oldSeconds: number;
  total = 0;
  partitions: readonly PartitionLag[] = [];
  threads: number | undefined;
  #lastLookWorked = false;
  #warned = false;
  /** Seconds of `Clock.elapsed()`. */
  #measuredAt: number;
  #reportedLagAt = Number.NEGATIVE_INFINITY;
  #reportedPoolAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  #hasMeasured = false;

  constructor(parts: MeasureParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
    this.#measuredAt = this.#clock.elapsed();
    this.oldSeconds = Math.max(LEAST_OLD_SECONDS, 4 * parts.intervalSeconds);
  }

  get isKnown(): boolean {
    return this.#lastLookWorked && this.ageSeconds <= this.oldSeconds;
  }

  get ageSeconds(): number {
    return this.#clock.elapsed() - this.#measuredAt;
  }

  /** What is known without asking anybody comes first, also where a look does not end. */
  tick(): void {
    this.#reportHealth();
    if (this.#looking === undefined) void this.#lookOnce();
  }

  async look(): Promise<void> {
    // One that is under way may have looked before what its caller wants to see.
    while (this.#looking !== undefined) await this.#looking;
    await this.#lookOnce();
  }

  get #isOutOfGroup(): boolean {
    return this.#parts.source.status?.().member === false;
  }

  /** Whether the broker answers is seen by whether it answers for the lag. */
  #reportBroker(up: boolean): void {
    const { broker, telemetry } = this.#parts;
    if (broker !== undefined) telemetry.dependencyMeasured({ dependency: broker.dependency, up });
  }

  #lookOnce(): Promise<void> {
    this.#looking = this.#measureLag().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  #reportHealth(): void {
    const { source, broker, scorer, health, telemetry, intervalSeconds } = this.#parts;
    if (source.pausedPartitions !== undefined) telemetry.partitionsPaused(source.pausedPartitions());
    const { commitsFailingSeconds, sinkWaits, memory } = health();
    const sinkWaitSeconds = Object.fromEntries(sinkNames.map((sink) => [sink, 0])) as Record<
      SinkName,
      number
    >;
    for (const { sink, seconds } of sinkWaits) sinkWaitSeconds[sink] = seconds;
    const status = source.status?.();
    telemetry.healthMeasured({
      membership:
        broker === undefined || status === undefined
          ? undefined
          : { group: broker.group, isMember: status.member },
      partitions: status?.partitions ?? (this.#hasMeasured ? this.partitions.length : undefined),
      lagAgeSeconds: this.ageSeconds,
      commitsFailingSeconds,
      sinkWaitSeconds,
      memory,
    });
    const now = this.#clock.elapsed();
    if (now - this.#reportedPoolAt < intervalSeconds) return;
    this.#reportedPoolAt = now;
    const { wanted: threadsWanted, ...pool } = scorer.measure();
    this.threads = pool.threads;
    telemetry.poolMeasured({ ...pool, threadsWanted });
  }

  async #measureLag(): Promise<void> {
    const { source, log } = this.#parts;
    try {
      const lag = await source.lag();
      // Out of its group it may know no partition: that is no lag of 0, and the figures of before are kept.
      if (lag.length === 0 && this.#isOutOfGroup) {
        this.#lastLookWorked = false;
        return;
      }
      this.#reportBroker(true);
      this.#measured(lag);
      if (this.#warned) log.info({}, 'the lag can be measured again');
      this.#warned = false;
    } catch (error) {
      this.#lastLookWorked = false;
      this.#reportBroker(false);
      if (!this.#warned)
        log.warn(
          { error: describeError(error) },
          'the lag cannot be measured; the metrics keep the last figures, and it is tried again',
        );
      this.#warned = true;
    }
  }

  #measured(lag: readonly PartitionLag[]): void {
    const { telemetry, intervalSeconds } = this.#parts;
    const now = this.#clock.elapsed();
    this.partitions = lag;
    this.#hasMeasured = true;
    this.total = lag.reduce((sum, partition) => sum + partition.lag, 0);
    // What waits for a source that is out of its group is known, and yet not all that others may have left.
    this.#lastLookWorked = !this.#isOutOfGroup;
    this.#measuredAt = now;
    if (now - this.#reportedLagAt < intervalSeconds) return;
    this.#reportedLagAt = now;
    telemetry.lagMeasured(lag);
  }
}
