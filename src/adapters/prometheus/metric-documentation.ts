import { type MetricDefinition, metricTable, mostSeries } from './metric-table.ts';

/** The metric table as Markdown, for this folder's README; a test compares the two. */
export function metricDocumentation(): string {
  const rows = Object.entries<MetricDefinition>(metricTable).map(([name, metric]) =>
    row([`\`${name}\``, metric.type, labels(metric), String(mostSeries(metric)), help(metric)]),
  );
  return [
    row(['Metric', 'Type', 'Labels', 'Series at most', 'Meaning']),
    row(Array(5).fill('---')),
    ...rows,
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function labels(metric: MetricDefinition): string {
  const entries = Object.entries(metric.labels ?? {});
  return entries.map(([name, { values }]) => `\`${name}\`: ${values}`).join('; ');
}

function help(metric: MetricDefinition): string {
  return metric.type === 'histogram' ? `${metric.help} Buckets: ${metric.buckets.join(', ')}.` : metric.help;
}
