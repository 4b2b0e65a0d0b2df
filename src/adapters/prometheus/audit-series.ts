import {
  type AuditEstimates,
  type AuditReport,
  auditGroupKinds,
  type Interval,
  isMissing,
} from '../../core/report-facts.ts';
import { labelCaps, type MetricName } from './metric-table.ts';

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The metric of each rate. */
const rateMetrics = {
  sluice_audit_true_positive_ratio: 'truePositiveRate',
  sluice_audit_false_positive_ratio: 'falsePositiveRate',
  sluice_audit_precision_ratio: 'precision',
  sluice_audit_prevalence_ratio: 'prevalence',
} as const satisfies Partial<Record<MetricName, keyof AuditEstimates>>;

/** What the gauges of the audit sample show: no series for a rate that is not known, and none for the rest of the groups. */
export function auditSeries({
  groups,
}: AuditReport): Readonly<Record<keyof typeof rateMetrics, readonly Series[]>> {
  const shown = auditGroupKinds.flatMap((kind) => {
    const largest = groups.filter(({ by, others }) => by === kind && others === undefined);
    return largest.sort((one, other) => other.drawn - one.drawn).slice(0, labelCaps.auditGroups[kind]);
  });
  const seriesOf = (rate: keyof AuditEstimates): Series[] =>
    shown.flatMap(({ by, value, estimates }) => {
      const interval = isMissing(estimates) ? null : estimates[rate];
      return interval === null ? [] : boundsOf(interval, { by, value });
    });
  return Object.fromEntries(
    Object.entries(rateMetrics).map(([name, rate]) => [name, seriesOf(rate)]),
  ) as Record<keyof typeof rateMetrics, Series[]>;
}

function boundsOf(interval: Interval, group: { readonly by: string; readonly value: string }): Series[] {
  return Object.entries(interval).map(([bound, value]) => ({ labels: { bound, ...group }, value }));
}
