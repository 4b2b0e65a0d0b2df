import type { AuditEstimates, AuditGroup, Series } from '../core/report-facts.ts';
import { isMissing } from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';
import type { Plot } from './draw-plot.ts';
import { amount, moment } from './figure-text.ts';
import { dotOf, dotsText } from './group-plots.ts';
import { colorOf, looks } from './palette.ts';
import { dotPlot, drawnBy, HEIGHT, layerOfEach, quantity, seriesEncoding, WIDTH } from './plot-parts.ts';

interface SeriesPlot {
  readonly name: string;
  readonly title: string;
  /** Of the vertical axis, with its unit. */
  readonly axis: string;
  /** Of its numbers, in d3's notation: `4k` if left out. */
  readonly format?: string;
  /** For counts of which some are few and some are thousands. */
  readonly isSquareRoot?: boolean;
  /** A limit that is drawn too, with its name. */
  readonly limit?: { readonly at: number; readonly text: string };
}

const DAY_MS = 86_400_000;
/** More points than this are a line without marks. */
const MOST_MARKS = 45;

/** Values over time, in UTC. */
export function seriesPlot(
  { name, title, axis, format = '~s', isSquareRoot = false, limit }: SeriesPlot,
  all: readonly Series[],
): Plot {
  const shown = all.filter(({ points }) => points.length > 0);
  const series = drawnBy(shown.map((each) => visibleLine(each.name, 40)));
  const values = shown.flatMap(({ points }, index) =>
    points.map(({ at, value }) => ({ series: series[index]!.name, at, value })),
  );
  const longest = Math.max(...shown.map(({ points }) => points.length));
  const times = values.map(({ at }) => at);
  // An axis without a length has labels that are no numbers.
  const isMoment = Math.min(...times) === Math.max(...times);
  const isZero = values.every(({ value }) => value === 0);
  const x = {
    field: 'at',
    type: 'temporal',
    title: 'Time (UTC)',
    scale: { type: 'utc', ...(isMoment ? { domain: [times[0]! - DAY_MS / 2, times[0]! + DAY_MS / 2] } : {}) },
    axis: { tickCount: 5, labelOverlap: true },
  };
  const y = quantity('value', isSquareRoot ? `${axis} (square-root scale)` : axis, {
    scale: { ...(isSquareRoot ? { type: 'sqrt' } : { zero: true }), ...(isZero ? { domain: [0, 1] } : {}) },
    axis: { format, tickCount: 5 },
  });
  return {
    name,
    title,
    description: `${title}. ${shown.map(({ points }, index) => seriesText(series[index]!.name, points)).join(' ')}`,
    spec: {
      width: WIDTH,
      height: HEIGHT - 40,
      layer: [
        ...(limit === undefined
          ? []
          : [
              {
                data: { values: [limit] },
                mark: { type: 'rule', color: colorOf('ink'), strokeDash: [4, 3], strokeWidth: 1.5 },
                encoding: { y: { field: 'at', type: 'quantitative' } },
              },
              {
                data: { values: [limit] },
                mark: { type: 'text', align: 'left', baseline: 'bottom', x: 3, dy: -3 },
                encoding: { y: { field: 'at', type: 'quantitative' }, text: { field: 'text' } },
              },
            ]),
        {
          data: { values },
          mark: { type: 'line' },
          encoding: { x, y, ...seriesEncoding(series, ['color', 'strokeDash']) },
        },
        ...(longest > MOST_MARKS
          ? []
          : layerOfEach(values, series, { type: 'point', filled: true, size: 45, opacity: 1 }, { x, y })),
      ],
    },
  };
}

/** `spam: 12 at first (2026-11-01), 15 at last (2026-11-30), between 9 and 20.` */
function seriesText(name: string, points: Series['points']): string {
  const first = points[0]!;
  const last = points.at(-1)!;
  const times = points.map(({ at }) => at);
  const { low, high } = rangeOf(points);
  return `${name}: ${amount(first.value)} at first (${moment(first.at, times)}), ${amount(last.value)} at last (${moment(last.at, times)}), between ${amount(low)} and ${amount(high)}.`;
}

export function rangeOf(points: Series['points']): { readonly low: number; readonly high: number } {
  return points.reduce(
    ({ low, high }, { value }) => ({ low: Math.min(low, value), high: Math.max(high, value) }),
    { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY },
  );
}

export const auditMeasures = [
  { key: 'truePositiveRate', title: 'True positive rate' },
  { key: 'falsePositiveRate', title: 'False positive rate' },
  { key: 'precision', title: 'Precision' },
  { key: 'prevalence', title: 'Share of spam' },
] as const satisfies readonly { readonly key: keyof AuditEstimates; readonly title: string }[];

const ALL = 'whole time';
const sample = 'audit sample';
const reviewsAlone = 'reviews alone, biased';

/** Rates by month from the audit sample, with the biased ones beside them. Null where no group has an estimate. */
export function auditPlot(groups: readonly AuditGroup[], biased: AuditEstimates | null): Plot | null {
  const shown = groups.filter(
    ({ by, estimates }) => (by === 'all' || by === 'month') && !isMissing(estimates),
  );
  if (shown.length === 0) return null;
  const rowOf = ({ by, value }: AuditGroup) => (by === 'all' ? ALL : value);
  const series = [
    { name: sample, look: looks[0]! },
    ...(biased === null ? [] : [{ name: reviewsAlone, look: looks[1]! }]),
  ];
  const panels = auditMeasures.map(({ key, title }) => ({
    title,
    dots: [
      ...shown.flatMap((group) => dotOf(rowOf(group), sample, (group.estimates as AuditEstimates)[key])),
      ...dotOf(ALL, reviewsAlone, biased?.[key] ?? null),
    ],
  }));
  if (panels.every(({ dots }) => dots.length === 0)) return null;
  const rows = [...new Set([...(biased === null ? [] : [ALL]), ...shown.map(rowOf)])];
  return {
    name: 'audit-rates',
    title: 'Rates of the audit sample',
    description: panels.map(({ title, dots }) => dotsText(title, dots, biased !== null)).join(' '),
    spec: dotPlot(rows, series, panels),
  };
}
