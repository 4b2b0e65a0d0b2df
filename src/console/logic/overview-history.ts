import type { OverviewEvent } from '../../http/overview-schemas.ts';

export const HISTORY_SECONDS = 300;
/** Between two points that are further apart nothing is known. */
const GAP_SECONDS = 6;

export const seriesNames = [
  ...(['ham', 'review', 'spam', 'deadLetters'] as const),
  ...(['p50', 'p99', 'lag', 'busy', 'open'] as const),
] as const;
export type SeriesName = (typeof seriesNames)[number];

/** Figures of one moment; what was not known then is left out. */
export interface Point {
  /** Epoch milliseconds by the clock of the browser. */
  readonly at: number;
  readonly values: Readonly<Partial<Record<SeriesName, number>>>;
}

export function pointOf({ pipeline, queue }: OverviewEvent, at: number): Point {
  const rate = pipeline?.per_second;
  return {
    at,
    values: {
      ...(rate == null
        ? {}
        : { ham: rate.ham, review: rate.review, spam: rate.spam, deadLetters: rate.dead_letters }),
      ...(pipeline?.latency == null ? {} : { p50: pipeline.latency.p50, p99: pipeline.latency.p99 }),
      ...(pipeline == null ? {} : { busy: pipeline.pool.utilization }),
      ...(pipeline?.lag.is_known ? { lag: pipeline.lag.total } : {}),
      ...(queue == null ? {} : { open: queue.open }),
    },
  };
}

/** With one point more, and without those that are too old. */
export function withPoint(history: readonly Point[], point: Point): readonly Point[] {
  // A clock that was set back: what comes after it starts again.
  const before = history.filter(({ at }) => at <= point.at && at > point.at - HISTORY_SECONDS * 1000);
  return [...before, point];
}

export interface Line {
  /** Each part without a gap, as the `points` of an SVG polyline. */
  readonly parts: readonly string[];
  readonly last: number | undefined;
  readonly most: number | undefined;
  readonly least: number | undefined;
}

/** A box that lines are drawn in; `top`: the value at its upper edge. */
export interface Box {
  readonly width: number;
  readonly height: number;
  readonly now: number;
  readonly top: number;
}

/** The line of one series over the last five minutes, newest at the right edge. */
export function lineOf(history: readonly Point[], name: SeriesName, { width, height, now, top }: Box): Line {
  const known = history.flatMap(({ at, values }) => {
    const value = values[name];
    return value === undefined || at < now - HISTORY_SECONDS * 1000 ? [] : [{ at, value }];
  });
  const parts: string[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { at, value } of known) {
    if (at - before > GAP_SECONDS * 1000) parts.push([]);
    before = at;
    const x = width * (1 - (now - at) / (HISTORY_SECONDS * 1000));
    const y = height * (1 - (top > 0 ? Math.min(1, value / top) : 0));
    parts.at(-1)!.push(`${round(x)},${round(y)}`);
  }
  const values = known.map(({ value }) => value);
  return {
    // A point alone would not be seen.
    parts: parts.map((part) => (part.length === 1 ? [...part, part[0]!] : part).join(' ')),
    last: history.at(-1)?.values[name],
    most: values.length === 0 ? undefined : Math.max(...values),
    least: values.length === 0 ? undefined : Math.min(...values),
  };
}

/** A round number that is not less than any of the values: 1, 2 or 5 times a power of ten. `least`: at least this. */
export function topOf(history: readonly Point[], names: readonly SeriesName[], least: number): number {
  const most = history.reduce(
    (top, { values }) => Math.max(top, ...names.map((name) => values[name] ?? 0)),
    least,
  );
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [1, 2, 5, 10].find((each) => each * power >= most * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
