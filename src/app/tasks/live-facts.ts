import { existsSync } from 'node:fs';
import { PrometheusLiveMetrics } from '../../adapters/prometheus/prometheus-live-metrics.ts';
import { PrometheusQuery } from '../../adapters/prometheus/prometheus-query.ts';
import { decisionLabels } from '../../core/decision.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Known, LiveReport, Series } from '../../core/report-facts.ts';
import { wilsonInterval } from '../../core/wilson-interval.ts';
import type { TimeRange } from '../../ports/audit-store.ts';
import type { DecidedDay, DecisionStore } from '../../ports/decision-store.ts';
import type { DaySpans, LiveMetrics } from '../../ports/live-metrics.ts';
import type { Log } from '../../ports/log.ts';
import type { AnswerPairs } from '../../ports/second-opinions.ts';
import { LEAST_PAIRS, ofTeam } from '../../review/agreement.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';
import { auditReportOf, drawingOf } from './audit-report.ts';

const DAY_MS = 86_400_000;
/** Points of a series by day; with more days than that, one point is the mean of several. */
const MAX_SPANS = 200;

export interface LiveFactsRequest extends TimeRange {
  /** Address of the Prometheus that scrapes the daemons. */
  readonly prometheus?: string | undefined;
}

/**
 * Figures of a running system between two times: what people decided from its database, all else from Prometheus. What is by day is of
 * whole days (UTC), also where the time begins or ends within one. A source that is unavailable leaves its figures missing, each with the
 * reason. Throws `USAGE` for a time that has no length or is not over, and for an address of Prometheus that is none.
 */
export async function liveFacts(
  settings: Settings,
  log: Log,
  { from, to, prometheus }: LiveFactsRequest,
  now: () => number = Date.now,
): Promise<LiveReport> {
  checkRange({ from, to }, now());
  const metrics = metricsOf(settings, prometheus);
  const spans = spansOf({ from, to });
  const [verdicts, latency, lag, drift, ofPeople] = await Promise.all([
    metrics.verdicts(spans),
    metrics.latency({ from, to }),
    metrics.lag({ from, to }),
    metrics.drift({ from, to }),
    factsOfPeople(settings, log, { from, to }, spans),
  ]);
  return { from, to, verdicts, latency, lag, drift, ...ofPeople };
}

function checkRange({ from, to }: TimeRange, now: number): void {
  if (!Number.isFinite(from) || !Number.isFinite(to))
    throw new SluiceError(
      'USAGE',
      'the beginning or the end of the report is no time; give dates such as 2026-11-01',
    );
  if (from >= to)
    throw new SluiceError(
      'USAGE',
      `the report would begin at ${dateOf(from)} and end at ${dateOf(to)}, which is not later; give a beginning before the end`,
    );
  if (to > now)
    throw new SluiceError(
      'USAGE',
      `the report would end at ${dateOf(to)}, which is in the future; give an end until now (${dateOf(now)})`,
    );
}

function dateOf(at: number): string {
  return new Date(at).toISOString();
}

/** Whole days, and as many of them for one point as keep the points within {@link MAX_SPANS}. */
export function spansOf({ from, to }: TimeRange): DaySpans {
  const first = Math.floor(from / DAY_MS) * DAY_MS;
  const all = Math.ceil((to - first) / DAY_MS);
  const days = Math.ceil(all / MAX_SPANS);
  return { first, days, spans: Math.ceil(all / days) };
}

type FromMetrics = Pick<LiveReport, 'verdicts' | 'latency' | 'lag' | 'drift'>;

function metricsOf(settings: Settings, prometheus: string | undefined): LiveMetrics {
  if (prometheus === undefined) return withoutPrometheus;
  const known = new PrometheusLiveMetrics(new PrometheusQuery({ url: prometheus }));
  if (settings.source.kind === 'kafka') return known;
  const missing = 'The source is a folder of files, whose lag is counted in bytes, not in messages.';
  return {
    verdicts: (spans) => known.verdicts(spans),
    latency: (range) => known.latency(range),
    lag: async () => ({ missing }),
    drift: (range) => known.drift(range),
  };
}

const whyMissing: Readonly<Record<keyof FromMetrics, string>> = {
  verdicts: 'Verdicts are counted by Prometheus alone; the database has no ham.',
  latency: 'Latency is measured by Prometheus alone.',
  lag: 'Lag over time is kept by Prometheus alone.',
  drift: 'Drift over time is kept by Prometheus alone.',
};

function askForPrometheus(figure: keyof FromMetrics): { readonly missing: string } {
  return {
    missing: `${whyMissing[figure]} Give the address of the one that scrapes the daemons with --prometheus.`,
  };
}

const withoutPrometheus: LiveMetrics = {
  verdicts: async () => askForPrometheus('verdicts'),
  latency: async () => askForPrometheus('latency'),
  lag: async () => askForPrometheus('lag'),
  drift: async () => askForPrometheus('drift'),
};

async function factsOfPeople(
  settings: Settings,
  log: Log,
  range: TimeRange,
  spans: DaySpans,
): Promise<Pick<LiveReport, 'decisions' | 'agreement' | 'audit'>> {
  try {
    return await withDecisions(settings, async (store) => ({
      decisions: decisionsOf(await store.decidedByDay(wholeDays(spans)), spans),
      agreement: agreementIn(await store.secondOpinions.pairs({ since: range.from, until: range.to })),
      audit: await auditReportOf({ store: store.audit, policy: drawingOf(settings), log }, range),
    }));
  } catch (error) {
    log.warn({ error: describeError(error) }, 'the report has no figures of the database');
    const missing = `${describeError(error)}.`;
    return { decisions: { missing }, agreement: { missing }, audit: { missing } };
  }
}

async function withDecisions<T>(settings: Settings, use: (store: DecisionStore) => Promise<T>): Promise<T> {
  const { kind, libsql } = settings.store;
  // Opening it would make an empty one, whose figures would be zero.
  if (kind === 'libsql' && !existsSync(libsql.path))
    throw new SluiceError(
      'STORE_FAILED',
      `there is no database ${libsql.path}; give the settings of the daemon, and run this in its folder where store.libsql.path is relative`,
    );
  const { decisions, accounts } = await adapters.store[kind].openConsole(settings.store);
  try {
    return await use(decisions);
  } finally {
    await decisions.close();
    await accounts.close();
  }
}

function wholeDays({ first, days, spans }: DaySpans): TimeRange {
  return { from: first, to: first + spans * days * DAY_MS };
}

function decisionsOf(
  found: readonly DecidedDay[],
  { first, days, spans }: DaySpans,
): Known<readonly Series[]> {
  if (found.length === 0)
    return {
      missing:
        'Nobody decided a message of the review queue in this time. `sluice console` prints the address of the page where people do.',
    };
  const spanOf = (day: number) => Math.floor((day - first) / (days * DAY_MS));
  return decisionLabels.map((label) => {
    const rows = new Array<number>(spans).fill(0);
    for (const each of found) if (each.label === label) rows[spanOf(each.day)]! += each.rows;
    const points = rows.map((value, span) => ({ at: first + span * days * DAY_MS, value: value / days }));
    return { name: label, points };
  });
}

function agreementIn(pairs: readonly AnswerPairs[]): LiveReport['agreement'] {
  const { team } = ofTeam(pairs);
  if (team.observed === null)
    return {
      missing: `${team.pairs} messages were answered by two people in this time, and ${LEAST_PAIRS} are needed. review.secondOpinionShare sets how many are.`,
    };
  const share = wilsonInterval(Math.round(team.observed * team.pairs), team.pairs)!;
  return { share, pairs: team.pairs };
}
