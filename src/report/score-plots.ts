import type { BandCount, ModelReport } from '../core/report-facts.ts';
import { verdictNames } from '../core/verdict.ts';
import type { Plot, PlotSpec } from './draw-plot.ts';
import { count, percent } from './figure-text.ts';
import type { Named } from './model-names.ts';
import { type ColorName, colorOf, looks } from './palette.ts';
import { drawnBy, quantity, seriesEncoding, WIDTH, wholeRange } from './plot-parts.ts';

export interface Histogram {
  readonly spam: readonly number[];
  readonly ham: readonly number[];
}

export const labels = ['spam', 'ham'] as const;
const labelColors = { spam: 'vermilion', ham: 'blue' } as const satisfies Record<string, ColorName>;
export const verdictColors = {
  ham: 'blue',
  review: 'ocher',
  spam: 'vermilion',
} as const satisfies Record<(typeof verdictNames)[number], ColorName>;

/** Counts of scores, spam above ham, on a scale that shows a few beside thousands. */
export function histogramPlot(
  histograms: readonly Named<Histogram>[],
  models: readonly Named<ModelReport>[],
): Plot {
  const shown = models.filter(({ name }) => histograms.some((each) => each.name === name));
  return {
    name: 'scores',
    title: 'Scores by class',
    description: `Counts of messages by score. ${histograms
      .map(({ name, value }) => `${name}: ${labels.map((label) => spread(label, value[label])).join('; ')}.`)
      .join(' ')}`,
    spec: {
      vconcat: labels.map((label) => panel(label, histograms, shown)),
      spacing: 12,
    },
  };
}

/** How many are far from the middle, where the class is clear. */
function spread(label: string, counts: readonly number[]): string {
  const half = counts.length / 2;
  const sum = (part: readonly number[]) => part.reduce((total, each) => total + each, 0);
  return `of ${count(sum(counts))} ${label}, ${count(sum(counts.slice(Math.ceil(half))))} have a score above 0.5, and ${count(counts.at(-1) ?? 0)} one in the highest step`;
}

function panel(
  label: (typeof labels)[number],
  histograms: readonly Named<Histogram>[],
  models: readonly Named<ModelReport>[],
): PlotSpec {
  const series = drawnBy(histograms.map(({ name }) => name));
  const values = histograms.flatMap(({ name, value }) => {
    const counts = value[label];
    const steps = counts.map((messages, index) => ({
      series: name,
      messages,
      from: index / counts.length,
      to: (index + 1) / counts.length,
    }));
    return steps;
  });
  const y = quantity('messages', `${label} messages`, {
    scale: { type: 'sqrt', nice: true },
    axis: { format: '~s', tickCount: 4 },
  });
  const x = quantity('from', label === 'ham' ? 'Score' : '', {
    scale: wholeRange,
    axis: { format: '.1f', labels: label === 'ham' },
  });
  const bars = {
    data: { values },
    mark: { type: 'rect', color: colorOf(labelColors[label]), stroke: colorOf('paper'), strokeWidth: 1 },
    encoding: {
      x,
      x2: { field: 'to' },
      y,
      y2: { datum: 0 },
    },
  };
  const outline = {
    data: { values: values.flatMap((step) => [step, { ...step, from: step.to }]) },
    mark: { type: 'line' },
    encoding: { x, y, order: { field: 'from' }, ...seriesEncoding(series, ['color', 'strokeDash']) },
  };
  return {
    width: WIDTH,
    height: 120,
    layer: [
      histograms.length === 1 ? bars : outline,
      {
        data: { values: limits(models) },
        mark: { type: 'rule', strokeWidth: 1.5, strokeDash: [4, 3], color: colorOf('ink') },
        encoding: { x: { field: 'at', type: 'quantitative' } },
      },
      ...(label === 'spam' ? [limitLabels(models)] : []),
    ],
  };
}

function limits(models: readonly Named<ModelReport>[]) {
  const all = models.flatMap(({ value: { thresholds } }) => [thresholds.rejectMin, thresholds.rejectMax]);
  return [...new Set(all)].map((at) => ({ at }));
}

/** Where the band lies that people review. */
function limitLabels(models: readonly Named<ModelReport>[]): PlotSpec {
  const places = new Map(
    models.map(({ value: { thresholds } }) => [(thresholds.rejectMin + thresholds.rejectMax) / 2, 'review']),
  );
  return {
    data: { values: [...places].map(([at, text]) => ({ at, text })) },
    mark: { type: 'text', baseline: 'bottom', y: -3 },
    encoding: { x: { field: 'at', type: 'quantitative' }, text: { field: 'text' } },
  };
}

/** Of each class, the share that each verdict gets. */
export function bandsPlot(models: readonly Named<ModelReport>[]): Plot {
  const rows = models.flatMap(({ name, value: { bands } }) =>
    labels.flatMap((label) =>
      sharesOf(label, bands, models.length > 1 ? `${name.slice(0, 1)}: ${label}` : label),
    ),
  );
  const names = [...new Set(rows.map(({ row }) => row))];
  const series = verdictNames.map((band) => ({
    name: band as string,
    look: { ...looks[0]!, color: verdictColors[band] },
  }));
  const text = {
    mark: { type: 'text', color: colorOf('paper') },
    encoding: {
      x: { field: 'middle', type: 'quantitative' },
      text: { field: 'share', type: 'quantitative', format: '.1%' },
    },
  };
  const position = {
    y: { field: 'row', type: 'nominal', sort: names, title: null, axis: { ticks: false, domain: false } },
  };
  return {
    name: 'bands',
    title: 'Verdicts by class',
    description: `Of each class, the share of each verdict. ${rowsText(rows)}`,
    spec: {
      width: WIDTH,
      height: names.length * 34,
      data: { values: rows },
      layer: [
        {
          mark: { type: 'bar', stroke: colorOf('paper'), strokeWidth: 1.5 },
          encoding: {
            ...position,
            x: quantity('from', 'Share of the class', { scale: wholeRange }),
            x2: { field: 'to' },
            ...seriesEncoding(series, ['color']),
          },
        },
        {
          transform: [{ filter: 'datum.share >= 0.12' }],
          ...text,
          encoding: { ...position, ...text.encoding },
        },
      ],
    },
  };
}

function sharesOf(label: 'spam' | 'ham', bands: readonly BandCount[], row: string) {
  const total = bands.reduce((sum, band) => sum + band[label], 0);
  if (total === 0) return [];
  let from = 0;
  return verdictNames.map((band) => {
    const share = (bands.find((each) => each.band === band)?.[label] ?? 0) / total;
    const start = from;
    from = Math.min(1, from + share);
    return { row, series: band, share, from: start, to: from, middle: (start + from) / 2 };
  });
}

function rowsText(
  rows: readonly { readonly row: string; readonly series: string; readonly share: number }[],
): string {
  const byRow = new Map<string, string[]>();
  for (const { row, series, share } of rows)
    byRow.set(row, [...(byRow.get(row) ?? []), `${percent(share)} ${series}`]);
  return [...byRow].map(([row, parts]) => `${row}: ${parts.join(', ')}.`).join(' ');
}
