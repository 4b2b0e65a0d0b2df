import { expect, test } from 'vitest';
import { dashboards } from '../../../src/adapters/prometheus/dashboard-panels.ts';
import { type MetricDefinition, metricTable } from '../../../src/adapters/prometheus/metric-table.ts';
import { PrometheusTelemetry } from '../../../src/adapters/prometheus/prometheus-telemetry.ts';
import { readText, readYaml } from './read-config.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}
interface Rules {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}
interface RuleTests {
  readonly tests: readonly {
    readonly promql_expr_test?: readonly {
      readonly expr: string;
      readonly exp_samples: readonly unknown[];
    }[];
  }[];
}

const rules = readYaml<Rules>('prometheus/sluice.rules.yml').groups.flatMap((group) => group.rules);
const alerts = rules.filter((rule) => rule.alert !== undefined);
const checks = ['rules', 'health', 'shares', 'evidence'].flatMap((name) =>
  readYaml<RuleTests>(`prometheus/sluice.${name}.test.yml`).tests.flatMap(
    (each) => each.promql_expr_test ?? [],
  ),
);

/** Heading → what stands below it. */
const runbook = new Map(
  readText('RUNBOOK.md')
    .split(/^### /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n')).trim()]),
);

test('every alert states its severity, what is wrong, and the section of the runbook', () => {
  expect(alerts.length).toBeGreaterThan(20);
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
  for (const { alert, labels, annotations } of alerts) {
    expect(['critical', 'warning'], alert).toContain(labels?.severity);
    expect(annotations?.summary, alert).toMatch(/\S/);
    expect(annotations?.description, alert).toMatch(/[.]$/);
    expect(annotations?.runbook_url, alert).toBe(`RUNBOOK.md#${alert?.toLowerCase()}`);
  }
});

test('the runbook has a section for every alert, and no others', () => {
  expect([...runbook.keys()].sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  for (const [name, text] of runbook) expect(text.length, name).toBeGreaterThan(100);
});

test('every alert has a test in which it fires, and one in which it stays silent', () => {
  for (const { alert } of alerts) {
    const own = checks.filter(({ expr }) => expr.includes(`alertname="${alert}"`));
    expect(
      own.some(({ exp_samples }) => exp_samples.length > 0),
      `${alert} comes on`,
    ).toBe(true);
    expect(
      own.some(({ exp_samples }) => exp_samples.length === 0),
      `${alert} stays off`,
    ).toBe(true);
  }
});

test('every metric in rules and dashboards is one that a daemon exports, with labels that it has', async () => {
  const shown = await shownMetrics();
  const ours = rules.flatMap(({ record }) => record ?? []);
  const texts = [
    ...rules.map(({ expr }) => expr),
    ...dashboards.flatMap(({ rows, choices }) => [
      ...rows.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map((q) => q.expression))),
      ...choices.map(({ query }) => query),
    ]),
  ];
  let asked = 0;
  for (const text of texts) {
    for (const [, name, selector = ''] of withoutRecords(text, ours).matchAll(
      /\b((?:sluice|kafka|nodejs|process)_\w+)(?:\{([^}]*)\})?/g,
    )) {
      asked += 1;
      const labels = shown.get(name!);
      expect(labels, `${name} in: ${text}`).toBeDefined();
      const named = [...selector.matchAll(/(\w+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label!);
      // The first two are put on by Prometheus.
      for (const label of named)
        expect(['job', 'instance', ...labels!], `${name}{${label}}`).toContain(label);
    }
  }
  expect(asked).toBeGreaterThan(80);
});

/** Names of recorded series have colons, and parts of them look like metrics. */
function withoutRecords(text: string, records: readonly string[]): string {
  return records.reduce((rest, record) => rest.replaceAll(record, ''), text);
}

/** Every name that a scrape may show, the suffixes of histograms too, with its labels. */
async function shownMetrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const shown = new Map<string, readonly string[]>();
  for (const [name, metric] of Object.entries<MetricDefinition>(metricTable)) {
    const labels = Object.keys(metric.labels ?? {});
    if (metric.type !== 'histogram') shown.set(name, labels);
    else {
      shown.set(`${name}_bucket`, [...labels, 'le']);
      shown.set(`${name}_sum`, labels);
      shown.set(`${name}_count`, labels);
    }
  }
  const telemetry = new PrometheusTelemetry({ build: { version: '', revision: '', node: '' } });
  const { body } = await telemetry.exposition();
  for (const [, name] of body.matchAll(/^# TYPE ((?:nodejs|process)_\w+)/gm)) shown.set(name!, []);
  return shown;
}
