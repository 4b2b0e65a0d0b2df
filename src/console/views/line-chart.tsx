import { HISTORY_SECONDS, lineOf, type Point, type SeriesName, topOf } from '../logic/overview-history.ts';
import { useTexts } from '../texts/texts.ts';

export interface ChartSeries {
  readonly name: SeriesName;
  readonly label: string;
}

const WIDTH = 300;
const HEIGHT = 72;

/**
 * Lines over the last five minutes. They differ by their strokes as well as their colors; who does not see them gets the newest, the
 * lowest and the highest value of each as text.
 */
export function LineChart({
  title,
  series,
  history,
  format,
  least,
  top: fixedTop,
}: {
  title: string;
  series: readonly ChartSeries[];
  history: readonly Point[];
  format: (value: number) => string;
  /** Smallest value of the upper edge, so that little noise does not fill the chart. */
  least: number;
  /** Of the upper edge, where it has one by nature. */
  top?: number;
}) {
  const { overview } = useTexts();
  const names = series.map(({ name }) => name);
  const top = fixedTop ?? topOf(history, names, least);
  const box = { width: WIDTH, height: HEIGHT, now: history.at(-1)?.at ?? 0, top };
  const lines = series.map(({ name, label }) => ({ name, label, line: lineOf(history, name, box) }));
  const summary = lines.map(({ label, line: { last, least: low, most } }) =>
    low === undefined || most === undefined
      ? overview.chartUnknown(label)
      : overview.chartSeries(label, last === undefined ? '–' : format(last), format(low), format(most)),
  );
  return (
    <div class="chart">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${overview.chart(title)} ${summary.join(' ')}`}
      >
        {[0, 0.5, 1].map((share) => (
          <line key={share} class="chart-grid" x1={0} x2={WIDTH} y1={HEIGHT * share} y2={HEIGHT * share} />
        ))}
        {lines.flatMap(({ name, line }) =>
          line.parts.map((points) => (
            <polyline key={`${name} ${points.slice(-24)}`} class={`line line-${name}`} points={points} />
          )),
        )}
      </svg>
      <p class="chart-top" aria-hidden="true">
        {format(top)}
      </p>
      <p class="chart-axis" aria-hidden="true">
        <span>{overview.ago(HISTORY_SECONDS / 60)}</span>
        <span>{overview.now}</span>
      </p>
    </div>
  );
}

/** The stroke of a line beside its name and its newest value. */
export function Legend({
  entries,
}: {
  entries: readonly { readonly name: SeriesName; readonly label: string; readonly value: string }[];
}) {
  return (
    <ul class="legend">
      {entries.map(({ name, label, value }) => (
        <li key={name}>
          <svg viewBox="0 0 28 8" aria-hidden="true">
            <line class={`line line-${name}`} x1={0} x2={28} y1={4} y2={4} />
          </svg>
          <span>{label}</span> <b>{value}</b>
        </li>
      ))}
    </ul>
  );
}
