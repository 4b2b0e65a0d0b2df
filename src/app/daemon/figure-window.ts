/** Cumulative figures of one moment, by name. */
export interface FigureSample {
  /** Seconds of a clock that is never set back. */
  readonly at: number;
  readonly figures: ReadonlyMap<string, number>;
}

/** What cumulative figures have grown by over the last seconds. */
export class FigureWindow {
  readonly #keepSeconds: number;
  #samples: readonly FigureSample[] = [];

  /** `keepSeconds`: the longest that is asked for. */
  constructor(keepSeconds: number) {
    this.#keepSeconds = keepSeconds;
  }

  add(sample: FigureSample): void {
    this.#samples = [...this.#samples.filter(({ at }) => at >= sample.at - this.#keepSeconds), sample];
  }

  /**
   * Growth of each figure since the oldest sample of the last so many seconds, and how long ago that was; undefined where there is no
   * sample but the last. A figure that is new has grown from 0; one that is smaller than before, or gone, by nothing.
   */
  growth(
    seconds: number,
  ): { readonly seconds: number; readonly figures: ReadonlyMap<string, number> } | undefined {
    const last = this.#samples.at(-1);
    const first = this.#samples.find(({ at }) => at >= (last?.at ?? 0) - seconds);
    if (last === undefined || first === undefined || first.at >= last.at) return undefined;
    const figures = new Map(
      [...last.figures].map(([name, value]) => [name, Math.max(0, value - (first.figures.get(name) ?? 0))]),
    );
    return { seconds: last.at - first.at, figures };
  }
}

/**
 * A quantile of the values that a histogram counted, as Prometheus' `histogram_quantile`: linear between the limits of the bucket that
 * it falls in, and the highest limit where it is above that. `counts`: for each limit, of the values up to it; the last one is
 * infinite. Undefined where nothing was counted.
 */
export function histogramQuantile(
  quantile: number,
  counts: readonly { readonly limit: number; readonly count: number }[],
): number | undefined {
  const ascending = [...counts].sort((a, b) => a.limit - b.limit);
  const total = ascending.at(-1)?.count ?? 0;
  if (total === 0) return undefined;
  const rank = quantile * total;
  const index = ascending.findIndex(({ count }) => count >= rank);
  const { limit, count } = ascending[index]!;
  const below = ascending[index - 1] ?? { limit: 0, count: 0 };
  if (!Number.isFinite(limit)) return below.limit;
  return below.limit + ((limit - below.limit) * (rank - below.count)) / Math.max(1, count - below.count);
}
