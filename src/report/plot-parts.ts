import type { PlotSpec } from './draw-plot.ts';
import { colorOf, type Look, lookOf } from './palette.ts';

/** Of the area within the axes, in pixels: as large as a phone shows it without making the letters too small. */
export const WIDTH = 340;
export const HEIGHT = 240;

/** A series by its name, and how it is drawn. */
export interface Drawn {
  readonly name: string;
  readonly look: Look;
}

export function drawnBy(names: readonly string[]): Drawn[] {
  return names.map((name, index) => ({ name, look: lookOf(index) }));
}

/** Color, dash and shape by the field `series`; with a legend where there are several. */
export function seriesEncoding(
  series: readonly Drawn[],
  channels: readonly ('color' | 'strokeDash' | 'shape')[],
) {
  const domain = series.map(({ name }) => name);
  const ranges = {
    color: series.map(({ look }) => colorOf(look.color)),
    strokeDash: series.map(({ look }) => look.dash),
    shape: series.map(({ look }) => look.shape),
  };
  const symbol = channels.includes('strokeDash') ? { symbolType: 'stroke', symbolSize: 500 } : {};
  const legend = series.length > 1 ? { title: null, columns: columnsFor(domain), ...symbol } : null;
  return Object.fromEntries(
    channels.map((channel) => [
      channel,
      { field: 'series', type: 'nominal', scale: { domain, range: ranges[channel] }, legend },
    ]),
  );
}

/** A layer for each series, in its look, that adds nothing to the legend. */
export function layerOfEach<T extends { readonly series: string }>(
  values: readonly T[],
  series: readonly Drawn[],
  mark: object,
  encoding: object,
): PlotSpec[] {
  return series.map(({ name, look: { color, shape } }) => ({
    data: { values: values.filter((value) => value.series === name) },
    mark: { color: colorOf(color), shape, ...mark },
    encoding,
  }));
}

/** As many as fit side by side. */
function columnsFor(names: readonly string[]): number {
  const longest = Math.max(...names.map(({ length }) => length));
  return Math.max(1, Math.min(names.length, Math.floor(WIDTH / (longest * 7 + 40))));
}

/** A quantity along an axis: a share in percent, unless stated otherwise. */
export function quantity(
  field: string,
  title: string,
  { axis = {}, ...more }: { readonly axis?: object; readonly scale?: object } = {},
) {
  return { field, type: 'quantitative', title, axis: { format: '~%', tickCount: 6, ...axis }, ...more };
}

export const wholeRange = { domain: [0, 1], nice: false };

/** A line from corner to corner or from side to side that is no data. */
export function referenceLine(values: readonly { readonly x: number; readonly y: number }[]): PlotSpec {
  return {
    data: { values },
    mark: { type: 'line', color: colorOf('muted'), strokeWidth: 1, strokeDash: [3, 3] },
    encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
  };
}

/** One row of a dot plot: an estimate, with limits where it has some. */
export interface Dot {
  readonly row: string;
  readonly series: string;
  readonly estimate: number;
  readonly low?: number;
  readonly high?: number;
}

export interface DotPanel {
  readonly title: string;
  readonly dots: readonly Dot[];
  /** Of the axis: shares in percent if left out. */
  readonly format?: string;
}

const ROW_HEIGHT = 19;
const SERIES_HEIGHT = 11;

/** Dots with intervals in rows, one panel below the other; panels without dots are left out, since none may be empty. */
export function dotPlot(
  rows: readonly string[],
  series: readonly Drawn[],
  panels: readonly DotPanel[],
): PlotSpec {
  const position = {
    y: {
      field: 'row',
      type: 'nominal',
      sort: rows,
      title: null,
      axis: { grid: true, domain: false, ticks: false },
    },
    ...(series.length > 1
      ? { yOffset: { field: 'series', sort: series.map(({ name }) => name), scale: { paddingOuter: 0.6 } } }
      : {}),
  };
  const step = series.length > 1 ? Math.max(ROW_HEIGHT, (series.length + 1) * SERIES_HEIGHT) : ROW_HEIGHT;
  const longest = Math.max(...rows.map(({ length }) => length));
  return {
    vconcat: panels
      .filter(({ dots }) => dots.length > 0)
      .map(({ title, dots, format = '~%' }) => ({
        data: { values: dots },
        width: Math.max(200, WIDTH - Math.min(170, longest * 6)),
        height: new Set(dots.map(({ row }) => row)).size * step,
        layer: [
          {
            transform: [{ filter: 'isValid(datum.low)' }],
            mark: { type: 'rule', strokeWidth: 2, opacity: 0.75 },
            encoding: {
              ...position,
              x: { field: 'low', type: 'quantitative' },
              x2: { field: 'high' },
              ...seriesEncoding(series, ['color']),
            },
          },
          {
            mark: { type: 'point', filled: true, size: 55, opacity: 1 },
            encoding: {
              ...position,
              x: quantity('estimate', title, { axis: { format }, scale: { zero: false, nice: true } }),
              ...seriesEncoding(series, ['color', 'shape']),
            },
          },
        ],
      })),
    spacing: 14,
  };
}
