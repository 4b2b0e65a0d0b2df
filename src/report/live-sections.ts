import {
  type AuditEstimates,
  type AuditReport,
  type CalibrationBin,
  isMissing,
  type Known,
  type LiveReport,
  type Series,
} from '../core/report-facts.ts';
import { visibleLine } from '../display/characters.ts';
import { shareCell } from './compare-table.ts';
import { calibrationPlot, filled } from './curve-plots.ts';
import { amount, count, counted, day, moment, percentInterval } from './figure-text.ts';
import { html } from './html.ts';
import { auditMeasures, auditPlot, rangeOf, seriesPlot } from './live-plots.ts';
import { binsTable } from './model-sections.ts';
import { type Block, type Figure, missingNotes, type Section, type Table, thinned } from './page-parts.ts';

const MOST_ROWS = 60;
const notAsked = 'This report is of labeled messages alone; no running system was asked.';

export function liveSection(live: LiveReport | null): Section {
  return {
    id: 'live',
    title: 'The running system',
    lead:
      live === null
        ? 'Verdicts, latency, lag, decisions and drift of a running system.'
        : `Verdicts, latency, lag, decisions and drift from ${day(live.from)} to ${day(live.to)}, from its store and from Prometheus.`,
    blocks: live === null ? [missingNotes([notAsked])] : liveBlocks(live),
  };
}

function liveBlocks({ verdicts, latency, lag, decisions, drift, agreement }: LiveReport): Block[] {
  return [
    seriesFigure(
      verdicts,
      'Verdicts a day',
      'Messages',
      'Messages by verdict; dead letters are messages that could not be read.',
      {
        name: 'live-verdicts',
        axis: 'Messages a day',
        isSquareRoot: true,
      },
    ),
    seriesFigure(
      decisions,
      'Decisions a day',
      'Decisions',
      'What people decided of the messages in review.',
      {
        name: 'live-decisions',
        axis: 'Decisions a day',
      },
    ),
    seriesFigure(
      latency,
      'Latency',
      'Seconds',
      'From the arrival of a message to its verdict: half of the messages take less than p50, 99 of 100 less than p99.',
      {
        name: 'live-latency',
        axis: 'Seconds',
        format: '.3~g',
      },
    ),
    seriesFigure(lag, 'Lag', 'Messages', 'Messages that have arrived and are not settled.', {
      name: 'live-lag',
      axis: 'Messages',
    }),
    seriesFigure(
      drift,
      'Drift',
      'Distance',
      'How far each signal is from what is expected. Above the dashed line, at 1, an alarm is raised.',
      {
        name: 'live-drift',
        axis: 'Distance, as part of the limit',
        format: '.3~g',
        limit: { at: 1, text: 'limit of an alarm' },
      },
    ),
    html`<h3>Agreement of people</h3>${
      isMissing(agreement)
        ? missingNotes([agreement.missing])
        : html`<p>${percentInterval(agreement.share)} of ${counted(agreement.pairs, 'second opinion')} agree with the first.</p>`
    }`,
    ...(isMissing(drift) || drift.every(({ points }) => points.length === 0) ? [] : [driftTable(drift)]),
  ];
}

function seriesFigure(
  series: Known<readonly Series[]>,
  title: string,
  unit: string,
  reading: string,
  plot: Omit<Parameters<typeof seriesPlot>[0], 'title'>,
): Figure {
  const reason = isMissing(series)
    ? series.missing
    : series.every(({ points }) => points.length === 0)
      ? 'There is no value in this time.'
      : null;
  const known = reason === null ? (series as readonly Series[]) : [];
  return {
    kind: 'figure',
    title,
    plot: reason === null ? seriesPlot({ title, ...plot }, known) : null,
    reading,
    missing: reason === null ? [] : [reason],
    tables: reason === null ? [seriesTable(title, unit, known)] : [],
  };
}

function seriesTable(title: string, unit: string, series: readonly Series[]): Table {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => at)))].sort(
    (one, other) => one - other,
  );
  const values = series.map(({ points }) => new Map(points.map(({ at, value }) => [at, value])));
  const { rows, note } = thinned(times, MOST_ROWS, 'times');
  return {
    kind: 'table',
    caption: `${title} (${unit.toLowerCase()})`,
    head: ['Time', ...series.map(({ name }) => visibleLine(name, 40))],
    rows: rows.map((at) => [
      moment(at, times),
      ...values.map((of) => (of.has(at) ? amount(of.get(at)!) : '–')),
    ]),
    ...(note === undefined ? {} : { note }),
  };
}

function driftTable(drift: readonly Series[]): Table {
  return {
    kind: 'table',
    caption: 'Drift by signal',
    head: ['Signal', 'Last', 'Highest', 'Times at or above the limit'],
    rows: drift
      .filter(({ points }) => points.length > 0)
      .map(({ name, points }) => [
        visibleLine(name, 40),
        amount(points.at(-1)!.value),
        amount(rangeOf(points).high),
        `${count(points.filter(({ value }) => value >= 1).length)} of ${count(points.length)}`,
      ]),
  };
}

export function auditSection(live: LiveReport | null): Section {
  const audit = live?.audit ?? { missing: notAsked };
  return {
    id: 'audit',
    title: 'True rates in production',
    lead: isMissing(audit)
      ? 'Rates of the running system, estimated from a random sample of all messages that people decide without seeing the score.'
      : `Rates of the running system from ${day(audit.from)} to ${day(audit.to)}, estimated from a random sample of all messages, whatever their verdict, that people decide without seeing the score (Horvitz and Thompson 1952). Intervals are at 95%.`,
    blocks: isMissing(audit) ? [missingNotes([audit.missing])] : auditBlocks(audit),
  };
}

function auditBlocks({ groups, calibration, fromReviewsAlone }: AuditReport): Block[] {
  const biased = isMissing(fromReviewsAlone) ? null : fromReviewsAlone;
  const plot = auditPlot(groups, biased);
  const whole = groups.find(({ by }) => by === 'all');
  const reason =
    whole !== undefined && isMissing(whole.estimates)
      ? whole.estimates.missing
      : 'No month has a message of the audit sample that was decided.';
  const bins = isMissing(calibration) ? calibration : filled(calibration);
  return [
    {
      kind: 'figure',
      title: 'Rates of the audit sample',
      plot,
      reading:
        biased === null
          ? 'By month, and over the whole time. The axes do not start at 0.'
          : 'By month, and over the whole time. The square is what the decided review rows alone would say: they are no random sample, so it is biased, and it is shown to warn of it. The axes do not start at 0.',
      missing: [
        ...(plot === null ? [reason] : []),
        ...(isMissing(fromReviewsAlone) ? [`From reviews alone: ${fromReviewsAlone.missing}`] : []),
      ],
      tables: [],
    },
    auditCalibration(bins),
    ...(groups.length === 0 ? [] : [auditTable(groups)]),
    ...(biased === null ? [] : [biasedTable(biased)]),
  ];
}

function auditCalibration(bins: Known<readonly CalibrationBin[]>): Figure {
  const reason = isMissing(bins)
    ? bins.missing
    : bins.length === 0
      ? 'No decided message of the sample has a score.'
      : null;
  const known = reason === null ? (bins as readonly CalibrationBin[]) : [];
  const title = 'Calibration in production';
  return {
    kind: 'figure',
    title,
    plot:
      reason === null
        ? calibrationPlot('audit-calibration', title, [{ name: 'audit sample', value: { bins: known } }])
        : null,
    reading: 'As the plot of calibration above, for messages of the audit sample.',
    missing: reason === null ? [] : [reason],
    tables: reason === null ? [binsTable(title, known)] : [],
  };
}

function auditTable(groups: AuditReport['groups']): Table {
  const reasons = groups.flatMap(({ by, value, estimates }) =>
    isMissing(estimates) ? [`${by === 'all' ? 'All' : visibleLine(value, 40)}: ${estimates.missing}`] : [],
  );
  return {
    kind: 'table',
    caption: 'Audit sample by group',
    head: ['Group', 'Drawn', 'Decided', ...auditMeasures.map(({ title }) => title)],
    rows: groups.map(({ by, value, drawn, decided, estimates }) => [
      by === 'all' ? 'All messages' : `${by}: ${value === '' ? '(not stated)' : visibleLine(value, 40)}`,
      count(drawn),
      count(decided),
      ...auditMeasures.map(({ key }) =>
        isMissing(estimates) ? 'not known' : shareCell(estimates[key]).text,
      ),
    ]),
    ...(reasons.length === 0 ? {} : { note: `Not known: ${reasons.join(' ')}` }),
  };
}

function biasedTable(biased: AuditEstimates): Table {
  return {
    kind: 'table',
    caption: 'From decided review rows alone: biased, not an estimate of production',
    head: ['Figure', 'Biased value'],
    rows: auditMeasures.map(({ key, title }) => [title, shareCell(biased[key]).text]),
  };
}
