import type { MetricValue } from '../../adapters/prometheus/metric-registry.ts';
import type { PrometheusTelemetry } from '../../adapters/prometheus/prometheus-telemetry.ts';
import type { PipelineFigures, VerdictCounts } from '../../http/overview-schemas.ts';
import type { PartitionLag } from '../../ports/message-source.ts';
import { FigureWindow, histogramQuantile } from './figure-window.ts';
import type { Measured } from './measure-regularly.ts';

export interface PipelineFiguresParts {
  readonly metrics: Pick<PrometheusTelemetry, 'values'>;
  readonly lag: () => Pick<Measured, 'total' | 'partitions' | 'isKnown' | 'ageSeconds'>;
  readonly state: () => string;
  readonly mode: PipelineFigures['mode'];
  /** Of the source's offsets. */
  readonly unit: PipelineFigures['lag']['unit'];
  readonly hasSpool: boolean;
  /** Seconds between two measurements of the pool. */
  readonly poolWindowSeconds: number;
  /** Seconds of a clock that is never set back; for tests. */
  readonly elapsed?: () => number;
}

const RATE_SECONDS = 5;
const LATENCY_SECONDS = 60;
/** Partitions that are listed one by one. */
const PARTITIONS = 32;

/**
 * The figures of a daemon's own metrics, for people who watch it: nothing is counted a second time. Rates and quantiles are those of
 * the time between calls, so the first call has none.
 */
export class PipelineFiguresReader {
  readonly #parts: PipelineFiguresParts;
  readonly #elapsed: () => number;
  readonly #window = new FigureWindow(LATENCY_SECONDS);

  constructor(parts: PipelineFiguresParts) {
    this.#parts = parts;
    this.#elapsed = parts.elapsed ?? (() => performance.now() / 1000);
  }

  async read(): Promise<PipelineFigures> {
    const { metrics, lag, state, mode, unit, hasSpool } = this.#parts;
    const one = async (name: Parameters<typeof metrics.values>[0]) =>
      (await metrics.values(name))[0]?.value ?? 0;
    const messages = await metrics.values('sluice_messages_total');
    const deadLetters = await metrics.values('sluice_dead_letters_total');
    const latency = await metrics.values('sluice_end_to_end_seconds');
    const blocked = await metrics.values('sluice_sink_blocked_seconds');
    const counted = [...messages, ...deadLetters, ...latency];
    this.#window.add({
      at: this.#elapsed(),
      figures: new Map(counted.map((each) => [keyOf(each), each.value])),
    });
    const installed = await one('sluice_model_loaded_timestamp_seconds');
    return {
      state: state(),
      mode,
      model_installed_at: installed === 0 ? null : Math.round(installed * 1000),
      per_second: this.#perSecond([messages, deadLetters]),
      since_start: verdictCounts([messages, deadLetters], ({ value }) => value),
      latency: this.#latency(latency),
      lag: lagFigures(lag(), unit),
      pool: {
        threads: await one('sluice_pool_workers'),
        wanted: await one('sluice_pool_workers_wanted'),
        utilization: await one('sluice_pool_utilization_ratio'),
        queued: await one('sluice_pool_queue_size'),
        window_seconds: this.#parts.poolWindowSeconds,
      },
      spool: hasSpool
        ? {
            rows: await one('sluice_review_spool_rows'),
            fullness: await one('sluice_review_spool_used_ratio'),
          }
        : null,
      dead_letters: deadLetters
        .filter(({ value }) => value > 0)
        .map(({ labels, value }) => ({ reason: String(labels.reason), count: value })),
      blocked: blocked
        .filter(({ value }) => value > 0)
        .map(({ labels, value }) => ({ sink: String(labels.sink), seconds: value })),
    };
  }

  #perSecond(values: Counted): VerdictCounts | null {
    const growth = this.#window.growth(RATE_SECONDS);
    if (growth === undefined) return null;
    return verdictCounts(values, (each) => (growth.figures.get(keyOf(each)) ?? 0) / growth.seconds);
  }

  #latency(values: readonly MetricValue[]): PipelineFigures['latency'] {
    const growth = this.#window.growth(LATENCY_SECONDS);
    if (growth === undefined) return null;
    const counts = values
      .filter(({ labels }) => labels.le !== undefined)
      .map((each) => ({
        limit: each.labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(each.labels.le),
        count: growth.figures.get(keyOf(each)) ?? 0,
      }));
    const p50 = histogramQuantile(0.5, counts);
    const p99 = histogramQuantile(0.99, counts);
    return p50 === undefined || p99 === undefined ? null : { p50, p99, seconds: growth.seconds };
  }
}

type Counted = readonly [messages: readonly MetricValue[], deadLetters: readonly MetricValue[]];

/** Messages that could not be read are among the dead letters. */
function verdictCounts(
  [messages, deadLetters]: Counted,
  amount: (each: MetricValue) => number,
): VerdictCounts {
  const sum = (values: readonly MetricValue[]) => values.reduce((total, each) => total + amount(each), 0);
  const of = (verdict: string) => sum(messages.filter(({ labels }) => labels.verdict === verdict));
  return { ham: of('ham'), review: of('review'), spam: of('spam'), dead_letters: sum(deadLetters) };
}

function keyOf({ name, labels }: MetricValue): string {
  return JSON.stringify([name, labels]);
}

function lagFigures(
  { total, partitions, isKnown, ageSeconds }: ReturnType<PipelineFiguresParts['lag']>,
  unit: PipelineFigures['lag']['unit'],
): PipelineFigures['lag'] {
  const furthestFirst = (a: PartitionLag, b: PartitionLag) =>
    b.lag - a.lag || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition);
  const ordered = [...partitions].sort(furthestFirst);
  const rest = ordered.slice(PARTITIONS);
  return {
    unit,
    total,
    is_known: isKnown,
    age_seconds: ageSeconds,
    partitions: ordered.slice(0, PARTITIONS).map(({ topic, partition, lag, seconds }) => ({
      topic,
      partition,
      lag,
      seconds: seconds ?? null,
    })),
    others: { partitions: rest.length, lag: rest.reduce((sum, { lag }) => sum + lag, 0) },
  };
}
