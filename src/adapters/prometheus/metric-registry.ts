import { Counter, Gauge, Histogram, Registry, type RegistryContentType } from 'prom-client';
import { CountedHistogram } from './counted-histogram.ts';
import { type MetricDefinition, type MetricName, metricTable } from './metric-table.ts';

type Labels = Readonly<Record<string, string>>;
type NamesOf<Type extends MetricDefinition['type']> = {
  [Name in MetricName]: (typeof metricTable)[Name]['type'] extends Type ? Name : never;
}[MetricName];

export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type CountedHistogramName = {
  [Name in MetricName]: (typeof metricTable)[Name] extends { readonly counted: true } ? Name : never;
}[MetricName];
export type HistogramName = Exclude<NamesOf<'histogram'>, CountedHistogramName>;

/** One value of a metric at a moment; of a histogram, each bucket, the sum and the count are one. */
export interface MetricValue {
  /** As it is exported: a histogram's have `_bucket`, `_sum` and `_count` behind them. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * The metrics of the table in a registry of their own. Reporting never throws: prom-client rejects what is not finite
 * and counters that fall, and a wrong figure must not stop the pipeline that it describes.
 */
export class MetricRegistry {
  readonly registry: Registry<RegistryContentType> = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #histograms = new Map<string, Histogram>();
  readonly #counted = new Map<string, CountedHistogram>();

  constructor() {
    for (const [name, metric] of Object.entries<MetricDefinition>(metricTable)) {
      const shared = {
        name,
        help: metric.help,
        labelNames: Object.keys(metric.labels ?? {}),
        registers: [this.registry],
      };
      switch (metric.type) {
        case 'counter':
          this.#counters.set(name, new Counter(shared));
          break;
        case 'gauge':
          this.#gauges.set(name, new Gauge(shared));
          break;
        case 'histogram':
          if (metric.counted)
            this.#counted.set(name, new CountedHistogram({ ...shared, buckets: [...metric.buckets] }));
          else this.#histograms.set(name, new Histogram({ ...shared, buckets: [...metric.buckets] }));
          break;
      }
    }
  }

  /** Adding 0 shows the series, so that its first increase is seen as one. */
  add(name: CounterName, amount: number, labels: Labels = {}): void {
    if (amount >= 0 && Number.isFinite(amount)) this.#counters.get(name)!.inc(labels, amount);
  }

  removeCounter(name: CounterName, labels: Labels): void {
    this.#counters.get(name)!.remove(labels);
  }

  set(name: GaugeName, value: number, labels: Labels = {}): void {
    if (Number.isFinite(value)) this.#gauges.get(name)!.set(labels, value);
  }

  /** Shows exactly these series of the gauge and forgets the ones it had. */
  replace(name: GaugeName, series: readonly { readonly labels: Labels; readonly value: number }[]): void {
    this.#gauges.get(name)!.reset();
    for (const { labels, value } of series) this.set(name, value, labels);
  }

  /** A negative duration, as a clock set back gives, counts as none. */
  observe(name: HistogramName, value: number, labels: Labels = {}): void {
    if (Number.isFinite(value)) this.#histograms.get(name)!.observe(labels, Math.max(0, value));
  }

  /** `counts`: for each bucket, of the values in it alone; `sum` of the values. */
  addCounts(name: CountedHistogramName, counts: readonly number[], sum: number, labels: Labels = {}): void {
    if (counts.every((count) => count >= 0) && Number.isFinite(sum))
      this.#counted.get(name)!.add(labels, counts, sum);
  }

  /** What is exported of one metric at this moment. */
  async values(name: MetricName): Promise<readonly MetricValue[]> {
    const metric = await this.registry.getSingleMetric(name)!.get();
    return metric.values.map((each) => ({
      name: 'metricName' in each ? String(each.metricName) : name,
      labels: each.labels as MetricValue['labels'],
      value: each.value,
    }));
  }

  removeCounts(name: CountedHistogramName, labels: Labels): void {
    this.#counted.get(name)!.forget(labels);
  }
}
