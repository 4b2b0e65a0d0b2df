import { describeError } from '../../core/errors.ts';
import type { Known, Series } from '../../core/report-facts.ts';
import { type Outcome, verdictNames } from '../../core/verdict.ts';
import type { TimeRange } from '../../ports/audit-store.ts';
import type { DaySpans, LiveMetrics } from '../../ports/live-metrics.ts';
import type { MetricName } from './metric-table.ts';
import type { PrometheusQuery, QueriedSeries } from './prometheus-query.ts';

const DAY_MS = 86_400_000;
/** A plot of a hand's breadth shows no more. */
export const MAX_POINTS = 200;
/** How often Prometheus looks at a daemon, in the settings that come with it. */
const SCRAPE_SECONDS = 15;
/** Rates need several samples. */
const LEAST_RATE_SECONDS = 8 * SCRAPE_SECONDS;
const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;

const metric = {
  messages: 'sluice_messages_total',
  deadLetters: 'sluice_dead_letters_total',
  latency: 'sluice_end_to_end_seconds',
  lag: 'sluice_source_lag',
} as const satisfies Readonly<Record<string, MetricName>>;
const DRIFT = 'sluice_drift_score';

/**
 * Figures of all daemons that a Prometheus scrapes. Counters are summed with `increase`, which knows restarts of a daemon; counts are
 * estimates therefore, as Prometheus extrapolates to the limits of a day.
 */
export class PrometheusLiveMetrics implements LiveMetrics {
  readonly #prometheus: Pick<PrometheusQuery, 'range' | 'location'>;

  constructor(prometheus: Pick<PrometheusQuery, 'range' | 'location'>) {
    this.#prometheus = prometheus;
  }

  verdicts(spans: DaySpans): Promise<Known<readonly Series[]>> {
    return this.#known(metric.messages, async () => {
      const ofVerdicts = await this.#daily(`sum by (verdict) (increase(${metric.messages}[WINDOW]))`, spans);
      if (ofVerdicts.length === 0) return [];
      const deadLetters = await this.#daily(`sum(increase(${metric.deadLetters}[WINDOW]))`, spans);
      // Before the first sample nothing is known, which is not the same as no message.
      const known = new Set(ofVerdicts.flatMap(({ points }) => points.map(({ at }) => at)));
      const series = (name: Outcome, found: QueriedSeries | undefined) => ofSpans(name, found, spans, known);
      const verdicts = verdictNames.map((name) =>
        series(
          name,
          ofVerdicts.find(({ labels }) => labels.verdict === name),
        ),
      );
      return [...verdicts, series('dead-letter', deadLetters[0])];
    });
  }

  latency(range: TimeRange): Promise<Known<readonly Series[]>> {
    const window = Math.max(LEAST_RATE_SECONDS, stepOf(range));
    const rate = `sum by (le) (rate(${metric.latency}_bucket[${window}s]))`;
    return this.#known(metric.latency, async () => {
      const found = await Promise.all(
        Object.entries(quantiles).map(async ([name, share]) => ({
          name,
          points: (await this.#range(`histogram_quantile(${share}, ${rate})`, range)).flatMap(
            ({ points }) => points,
          ),
        })),
      );
      return found.filter(({ points }) => points.length > 0);
    });
  }

  lag(range: TimeRange): Promise<Known<readonly Series[]>> {
    return this.#known(metric.lag, async () =>
      named(await this.#range(`sum by (topic) (${metric.lag})`, range), 'topic'),
    );
  }

  drift(range: TimeRange): Promise<Known<readonly Series[]>> {
    // The largest of each step: a point between two would be lost.
    const largest = `max by (signal) (max_over_time(${DRIFT}[${stepOf(range)}s]))`;
    return this.#known(DRIFT, async () => named(await this.#range(largest, range), 'signal'));
  }

  /** Spans end where the next one begins, and a window looks back from its end. */
  #daily(expression: string, { first, days, spans }: DaySpans): Promise<readonly QueriedSeries[]> {
    const length = days * DAY_MS;
    return this.#prometheus.range({
      expression: expression.replace('WINDOW', `${days}d`),
      ...{ start: first + length, end: first + spans * length, stepSeconds: length / 1000 },
    });
  }

  #range(expression: string, range: TimeRange): Promise<readonly QueriedSeries[]> {
    const stepSeconds = stepOf(range);
    // Counted from the end: of all points the newest must not be missing.
    const start = range.to - Math.floor((range.to - range.from) / 1000 / stepSeconds) * stepSeconds * 1000;
    return this.#prometheus.range({ expression, start, end: range.to, stepSeconds });
  }

  async #known(name: string, ask: () => Promise<readonly Series[]>): Promise<Known<readonly Series[]>> {
    try {
      const series = await ask();
      if (series.length > 0) return series;
      return {
        missing: `Prometheus at ${this.#prometheus.location} has no ${name} of this time. Check that it scrapes the daemons (http.ops), that they ran, and how long it keeps its data.`,
      };
    } catch (error) {
      return { missing: `${describeError(error)}.` };
    }
  }
}

/** Seconds between two points, so that there are at most {@link MAX_POINTS}. */
function stepOf({ from, to }: TimeRange): number {
  return Math.max(SCRAPE_SECONDS, Math.ceil((to - from) / 1000 / (MAX_POINTS - 1)));
}

/** Messages a day of each span that something is known of. */
function ofSpans(
  name: Outcome,
  found: QueriedSeries | undefined,
  { first, days, spans }: DaySpans,
  known: ReadonlySet<number>,
): Series {
  const length = days * DAY_MS;
  const values = new Map(found?.points.map(({ at, value }) => [at, value]));
  const points = Array.from({ length: spans }, (_, span) => first + span * length)
    .filter((at) => known.has(at + length))
    .map((at) => ({ at, value: Math.round((values.get(at + length) ?? 0) / days) }));
  return { name, points };
}

function named(found: readonly QueriedSeries[], label: string): readonly Series[] {
  return found
    .filter(({ points }) => points.length > 0)
    .map(({ labels, points }) => ({ name: labels[label] ?? '', points }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
