import type {
  BandPoint,
  Calibration,
  CalibrationBin,
  Curve,
  ModelReport,
  RiskCoverage,
} from '../core/report-facts.ts';
import type { Plot, PlotSpec } from './draw-plot.ts';
import { counted, interval, percent, percentInterval } from './figure-text.ts';
import type { Named } from './model-names.ts';
import { colorOf } from './palette.ts';
import {
  drawnBy,
  HEIGHT,
  layerOfEach,
  quantity,
  referenceLine,
  seriesEncoding,
  WIDTH,
  wholeRange,
} from './plot-parts.ts';

type Point = { readonly x: number; readonly y: number };

/** True positive rate by false positive rate, whose small values, which matter most here, are drawn large. */
export function rocPlot(curves: readonly Named<Curve>[], models: readonly Named<ModelReport>[]): Plot {
  const marked = models.flatMap(({ name, value: { rates } }) =>
    rates.falsePositiveRate === null || rates.truePositiveRate === null
      ? []
      : [{ series: name, x: rates.falsePositiveRate.estimate, y: rates.truePositiveRate.estimate }],
  );
  return {
    name: 'roc',
    title: 'ROC curve',
    description: `ROC curve. ${curves
      .map(({ name, value }) => `${name}: area ${interval(value.area)}; ${atRates(value)}.`)
      .join(' ')}`,
    spec: curvePlot(curves, marked, {
      x: quantity('x', 'False positive rate (square-root scale)', {
        scale: { type: 'sqrt', ...wholeRange },
        axis: { values: [0, 0.01, 0.05, 0.2, 0.5, 1] },
      }),
      y: quantity('y', 'True positive rate', { scale: wholeRange }),
      reference: Array.from({ length: 41 }, (_, index) => ({ x: (index / 40) ** 2, y: (index / 40) ** 2 })),
    }),
  };
}

/** How much spam is found at rates of false accusations that are named often. */
function atRates({ points }: Curve): string {
  return [0.001, 0.01]
    .map((limit) => {
      const most = Math.max(0, ...points.filter(({ x }) => x <= limit).map(({ y }) => y));
      return `${percent(most)} of the spam is found at a false positive rate of ${percent(limit)} or less`;
    })
    .join(', ');
}

export function precisionRecallPlot(
  curves: readonly Named<Curve>[],
  models: readonly Named<ModelReport>[],
): Plot {
  const marked = models.flatMap(({ name, value: { rates } }) =>
    rates.truePositiveRate === null || rates.precision === null
      ? []
      : [{ series: name, x: rates.truePositiveRate.estimate, y: rates.precision.estimate }],
  );
  const lowest = lowestOf(curves);
  return {
    name: 'precision-recall',
    title: 'Precision–recall curve',
    description: `Precision by recall. ${curves
      .map(
        ({ name, value }) =>
          `${name}: average precision ${interval(value.area)}; precision is ${percent(precisionAt(value, 0.5))} at a recall of 50% and ${percent(precisionAt(value, 0.9))} at 90%.`,
      )
      .join(' ')}`,
    spec: curvePlot(curves, marked, {
      x: quantity('x', 'Recall', { scale: wholeRange }),
      y: quantity('y', lowest > 0 ? `Precision (from ${percent(lowest, 0)})` : 'Precision', {
        scale: { domain: [lowest, 1], nice: false },
      }),
      // As average precision counts it: the precision of a point holds for the recall since the one before.
      interpolate: 'step-before',
    }),
  };
}

/** Of the first point that finds as large a share. */
function precisionAt({ points }: Curve, recall: number): number {
  return points.find(({ x }) => x >= recall)?.y ?? 0;
}

/** Where the axis of precision starts, a multiple of 10 %. */
export function lowestOf(curves: readonly Named<Curve>[]): number {
  const all = curves.flatMap(({ value }) => [
    ...value.points.map(({ y }) => y),
    ...value.band.map(({ low }) => low),
  ]);
  return Math.min(0.9, Math.floor(all.reduce((least, each) => Math.min(least, each), 1) * 10) / 10);
}

interface Axes {
  readonly x: object;
  readonly y: object;
  readonly reference?: readonly Point[];
  readonly interpolate?: string;
}

function curvePlot(
  curves: readonly Named<{ readonly points: readonly Point[]; readonly band?: readonly BandPoint[] }>[],
  marked: readonly (Point & { readonly series: string })[],
  { x, y, reference, interpolate = 'linear' }: Axes,
): PlotSpec {
  const series = drawnBy(curves.map(({ name }) => name));
  const band = curves.flatMap(({ name, value }) =>
    (value.band ?? []).map((point) => ({ ...point, series: name })),
  );
  const points = curves.flatMap(({ name, value }) =>
    value.points.map((point, index) => ({ x: point.x, y: point.y, index, series: name })),
  );
  return {
    width: WIDTH,
    height: HEIGHT,
    layer: [
      ...(reference === undefined ? [] : [referenceLine(reference)]),
      ...(band.length === 0
        ? []
        : layerOfEach(
            band,
            series,
            { type: 'area', opacity: 0.2, clip: true },
            { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
          )),
      {
        data: { values: points },
        mark: { type: 'line', interpolate, clip: true },
        encoding: { x, y, order: { field: 'index' }, ...seriesEncoding(series, ['color', 'strokeDash']) },
      },
      ...layerOfEach(marked, series, ring, { x, y }),
    ],
  };
}

/** What is in use now, in a ring so that it is seen on the line. */
const ring = { type: 'point', filled: true, size: 95, opacity: 1, stroke: colorOf('ink'), strokeWidth: 1.5 };

export function riskCoveragePlot(curves: readonly Named<RiskCoverage>[]): Plot {
  const top = curves
    .flatMap(({ value }) => [...value.points, value.atThresholds])
    .reduce((most, { risk }) => Math.max(most, risk), 0);
  return {
    name: 'risk-coverage',
    title: 'Risk by coverage',
    description: `Errors among the messages that are decided without a person, by the share that is decided. ${curves
      .map(
        ({ name, value: { atThresholds, area } }) =>
          `${name}: at its thresholds ${percent(atThresholds.coverage)} are decided, of which ${percent(atThresholds.risk)} wrongly; area ${percent(area)}.`,
      )
      .join(' ')}`,
    spec: curvePlot(
      curves.map(({ name, value }) => ({
        name,
        value: { points: value.points.map(({ coverage, risk }) => ({ x: coverage, y: risk })) },
      })),
      curves.map(({ name, value: { atThresholds } }) => ({
        series: name,
        x: atThresholds.coverage,
        y: atThresholds.risk,
      })),
      {
        x: quantity('x', 'Share decided without a person', { scale: wholeRange }),
        y: quantity('y', 'Share of these that is wrong', { scale: { domain: [0, top || 0.01], nice: true } }),
      },
    ),
  };
}

/** Observed shares by predicted ones, for a model or for the audit sample. */
export function calibrationPlot(
  name: string,
  title: string,
  sets: readonly Named<Pick<Calibration, 'bins'>>[],
): Plot {
  const series = drawnBy(sets.map((set) => set.name));
  const values = sets.flatMap(({ name: of, value: { bins } }) =>
    filled(bins).map(({ predicted, observed }) => ({
      series: of,
      predicted,
      estimate: observed.estimate,
      low: observed.low,
      high: observed.high,
    })),
  );
  const x = quantity('predicted', 'Mean probability', { scale: wholeRange });
  return {
    name,
    title,
    description: `${title}: the share of spam by mean probability. ${sets
      .map(({ name: of, value: { bins } }) => `${of}: ${filled(bins).map(binText).join('; ')}.`)
      .join(' ')}`,
    spec: {
      width: WIDTH,
      height: HEIGHT,
      layer: [
        referenceLine([
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ]),
        {
          data: { values },
          mark: { type: 'rule', strokeWidth: 2, opacity: 0.75 },
          encoding: {
            x,
            y: quantity('low', 'Share that is spam', { scale: wholeRange }),
            y2: { field: 'high' },
            ...seriesEncoding(series, ['color']),
          },
        },
        {
          data: { values },
          mark: { type: 'point', filled: true, size: 55, opacity: 1 },
          encoding: {
            x,
            y: { field: 'estimate', type: 'quantitative' },
            ...seriesEncoding(series, ['color', 'shape']),
          },
        },
      ],
    },
  };
}

export function filled(bins: readonly CalibrationBin[]): CalibrationBin[] {
  return bins.filter(({ messages }) => messages > 0);
}

function binText({ predicted, observed, messages }: CalibrationBin): string {
  return `at ${percent(predicted)}, ${percentInterval(observed)} of ${counted(messages, 'message')}`;
}
