import { Histogram } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

interface Counted {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
}

/** A histogram that takes what was counted elsewhere; prom-client's own takes one value at a time. */
export class CountedHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #limits: readonly number[];
  readonly #series = new Map<string, Counted>();

  /** `buckets`: upper limits, ascending. */
  constructor(options: ConstructorParameters<typeof Histogram>[0] & { readonly buckets: number[] }) {
    super(options);
    this.#name = options.name;
    this.#help = options.help;
    this.#limits = options.buckets;
  }

  /** `counts`: one for each limit, of the values up to it and above the one before; `sum` of the values. */
  add(labels: Labels, counts: readonly number[], sum: number): void {
    const key = JSON.stringify(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels, counts: this.#limits.map(() => 0), sum: 0 };
      this.#series.set(key, series);
    }
    for (let i = 0; i < series.counts.length; i++) series.counts[i]! += counts[i] ?? 0;
    series.sum += sum;
  }

  forget(labels: Labels): void {
    this.#series.delete(JSON.stringify(labels));
  }

  /** What prom-client makes its text of. */
  async getForPromString(): Promise<object> {
    const values = [...this.#series.values()].flatMap(({ labels, counts, sum }) => {
      const value = (suffix: string, amount: number, own: object = {}) => ({
        metricName: `${this.#name}_${suffix}`,
        labels: own,
        sharedLabels: labels,
        value: amount,
      });
      let upTo = 0;
      const buckets = counts.map((count, i) => {
        upTo += count;
        return value('bucket', upTo, { le: this.#limits[i] });
      });
      return [...buckets, value('bucket', upTo, { le: '+Inf' }), value('sum', sum), value('count', upTo)];
    });
    return { name: this.#name, help: this.#help, type: 'histogram', aggregator: 'sum', values };
  }
}
