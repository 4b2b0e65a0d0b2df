import type { DashboardChoice, DashboardPanel, PanelQuery } from './dashboard.ts';

export const jobChoice: DashboardChoice = {
  name: 'job',
  title: 'Job',
  query: 'label_values(sluice_build_info, job)',
};
export const instanceChoice: DashboardChoice = {
  name: 'instance',
  title: 'Daemon',
  query: 'label_values(sluice_build_info{job=~"$job"}, instance)',
};

const CHOSEN = 'job=~"$job", instance=~"$instance"';
export const GROUP = 'consumergroup=~"$group", topic=~"$topic"';

/** The series of the daemons that are chosen, with further conditions. */
export function of(metric: string, conditions = ''): string {
  return `${metric}{${CHOSEN}${conditions === '' ? '' : `, ${conditions}`}}`;
}

export function rate(metric: string, by: string, conditions = ''): string {
  return `sum by (${by}) (rate(${of(metric, conditions)}[$__rate_interval]))`;
}

export function increase(metric: string, by: string, conditions = ''): string {
  return `sum by (${by}) (increase(${of(metric, conditions)}[$__rate_interval]))`;
}

export function quantile(share: number, histogram: string, by = '', conditions = ''): string {
  return `histogram_quantile(${share}, ${rate(`${histogram}_bucket`, by === '' ? 'le' : `le, ${by}`, conditions)})`;
}

export function course(
  title: string,
  description: string,
  unit: string,
  queries: readonly PanelQuery[],
  more: Pick<DashboardPanel, 'stacked' | 'most'> = {},
): DashboardPanel {
  return { kind: 'course', title, description, unit, queries, ...more };
}

export function figure(
  title: string,
  description: string,
  unit: string,
  expression: string,
  limits?: readonly [number, number],
): DashboardPanel {
  const queries = [{ expression, legend: '' }];
  return { kind: 'figure', title, description, unit, queries, ...(limits === undefined ? {} : { limits }) };
}

export const quantiles = (histogram: string): PanelQuery[] =>
  [0.5, 0.9, 0.99].map((share) => ({
    expression: quantile(share, histogram),
    legend: `p${share * 100}`,
  }));
