import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { metricDocumentation } from '../../../src/adapters/prometheus/metric-documentation.ts';
import { type MetricDefinition, metricTable } from '../../../src/adapters/prometheus/metric-table.ts';

const readme = fileURLToPath(new URL('../../../src/adapters/prometheus/README.md', import.meta.url));

test('the README shows the metric table as it is in the code', async () => {
  const written = await readFile(readme, 'utf8');
  const [before, rest] = written.split('<!-- metrics: begin -->');
  const [, after] = rest!.split('<!-- metrics: end -->');
  const expected = `${before}<!-- metrics: begin -->\n${metricDocumentation()}\n<!-- metrics: end -->${after}`;
  await expect(expected).toMatchFileSnapshot(readme);
});

test('metric names follow the conventions of Prometheus', () => {
  for (const [name, metric] of Object.entries<MetricDefinition>(metricTable)) {
    // Lag goes by the names of kafka_exporter, so that dashboards and alerts for those fit.
    expect(name).toMatch(/^(?:sluice|kafka)_[a-z][a-z0-9_]*$/);
    expect(name.endsWith('_total'), name).toBe(metric.type === 'counter');
    expect(name).not.toMatch(/_(ms|millis|milliseconds|percent|kb|mb)(_|$)/);
    expect(metric.help).toMatch(/^[A-Z0-9].*[.]$/);
    expect(metric.help).not.toContain('|');
    if (metric.type === 'histogram') {
      expect(metric.buckets).toEqual([...metric.buckets].sort((a, b) => a - b));
      expect(new Set(metric.buckets).size).toBe(metric.buckets.length);
    }
  }
});
