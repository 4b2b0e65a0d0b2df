import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricTable } from '../../../src/adapters/prometheus/metric-table.ts';
import {
  MAX_POINTS,
  PrometheusLiveMetrics,
} from '../../../src/adapters/prometheus/prometheus-live-metrics.ts';
import type { QueriedSeries, RangeQuery } from '../../../src/adapters/prometheus/prometheus-query.ts';
import { SluiceError } from '../../../src/core/errors.ts';

const DAY = 86_400_000;
const location = 'http://prometheus:9090';

/** Answers each query by what its expression contains; keeps what was asked. */
function over(answers: Readonly<Record<string, readonly QueriedSeries[]>>) {
  const asked: RangeQuery[] = [];
  const range = async (query: RangeQuery) => {
    asked.push(query);
    return Object.entries(answers).find(([part]) => query.expression.includes(part))?.[1] ?? [];
  };
  return { asked, metrics: new PrometheusLiveMetrics({ range, location }) };
}

const series = (
  labels: Readonly<Record<string, string>>,
  ...points: readonly (readonly [number, number])[]
) => ({
  labels,
  points: points.map(([at, value]) => ({ at, value })),
});

describe('verdicts by day from Prometheus', () => {
  const spans = { first: 100 * DAY, days: 1, spans: 3 };

  it('are what each day added, by outcome, of all daemons together', async () => {
    const { asked, metrics } = over({
      messages_total: [
        series({ verdict: 'spam' }, [101 * DAY, 9.6], [103 * DAY, 3]),
        series({ verdict: 'ham' }, [101 * DAY, 100], [103 * DAY, 50]),
        series({ verdict: 'error' }, [101 * DAY, 5]),
      ],
      dead_letters_total: [series({}, [101 * DAY, 5])],
    });
    const points = (...values: readonly number[]) => [
      { at: 100 * DAY, value: values[0] },
      { at: 102 * DAY, value: values[1] },
    ];
    expect(await metrics.verdicts(spans)).toEqual([
      { name: 'ham', points: points(100, 50) },
      { name: 'review', points: points(0, 0) },
      { name: 'spam', points: points(10, 3) },
      { name: 'dead-letter', points: points(5, 0) },
    ]);
    expect(asked[0]).toEqual({
      expression: 'sum by (verdict) (increase(sluice_messages_total[1d]))',
      ...{ start: 101 * DAY, end: 103 * DAY, stepSeconds: 86_400 },
    });
  });

  it('are means of a day where one point is for several', async () => {
    const { asked, metrics } = over({ messages_total: [series({ verdict: 'spam' }, [103 * DAY, 30])] });
    const found = await metrics.verdicts({ first: 100 * DAY, days: 3, spans: 2 });
    expect(found).toContainEqual({ name: 'spam', points: [{ at: 100 * DAY, value: 10 }] });
    expect(asked[0]!.expression).toContain('[3d]');
    expect(asked[0]).toMatchObject({ start: 103 * DAY, end: 106 * DAY, stepSeconds: 3 * 86_400 });
  });

  it('are missing where no daemon was scraped, with what to check', async () => {
    const { missing } = (await over({}).metrics.verdicts(spans)) as { missing: string };
    expect(missing).toMatch(
      /^Prometheus at http:\/\/prometheus:9090 has no sluice_messages_total .*http\.ops/,
    );
  });
});

describe('series over time from Prometheus', () => {
  const range = { from: 0, to: DAY };

  it('are latency by quantile, without those that have no point', async () => {
    const { metrics } = over({
      '(0.5,': [series({}, [0, 0.02])],
      '(0.99,': [series({}, [0, 1.5])],
      '(0.95,': [series({})],
    });
    expect(await metrics.latency(range)).toEqual([
      { name: 'p50', points: [{ at: 0, value: 0.02 }] },
      { name: 'p99', points: [{ at: 0, value: 1.5 }] },
    ]);
  });

  it('are lag by topic and drift by signal, in the order of their names', async () => {
    const { asked, metrics } = over({
      lag: [series({ topic: 'b' }, [0, 7]), series({ topic: 'a' }, [0, 1]), series({ topic: 'empty' })],
      drift: [series({ signal: 'scores' }, [0, 0.4])],
    });
    expect(await metrics.lag(range)).toEqual([
      { name: 'a', points: [{ at: 0, value: 1 }] },
      { name: 'b', points: [{ at: 0, value: 7 }] },
    ]);
    expect(await metrics.drift(range)).toEqual([{ name: 'scores', points: [{ at: 0, value: 0.4 }] }]);
    // A peak between two points is not lost.
    expect(asked[1]!.expression).toContain(`[${asked[1]!.stepSeconds}s]`);
  });

  it('are missing with the error of a Prometheus that is unavailable', async () => {
    const range_ = async (): Promise<never> => {
      throw new SluiceError('SERVICE_FAILED', 'Prometheus at X is unavailable (refused); check that it runs');
    };
    const metrics = new PrometheusLiveMetrics({ range: range_, location });
    for (const figure of [metrics.latency(range), metrics.lag(range), metrics.drift(range)])
      expect(await figure).toEqual({
        missing: 'Prometheus at X is unavailable (refused); check that it runs.',
      });
  });

  it('end at the end of the time, with no more points than a plot shows, however long it is', async () => {
    const times = fc.tuple(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 1, max: 3e11 }));
    await fc.assert(
      fc.asyncProperty(times, async ([from, length]) => {
        const { asked, metrics } = over({});
        await Promise.all([
          metrics.latency({ from, to: from + length }),
          metrics.lag({ from, to: from + length }),
          metrics.drift({ from, to: from + length }),
        ]);
        for (const { start, end, stepSeconds } of asked) {
          expect(Math.floor((end - start) / 1000 / stepSeconds) + 1).toBeLessThanOrEqual(MAX_POINTS);
          expect(stepSeconds).toBeGreaterThanOrEqual(15);
          expect(end).toBe(from + length);
          expect((end - start) % (stepSeconds * 1000)).toBe(0);
          expect(start).toBeGreaterThanOrEqual(from);
          expect(start - from).toBeLessThan(stepSeconds * 1000);
        }
      }),
    );
  });

  it('are of metrics that daemons export', async () => {
    const { asked, metrics } = over({ messages_total: [series({ verdict: 'ham' }, [DAY, 1])] });
    await metrics.verdicts({ first: 0, days: 1, spans: 1 });
    await metrics.latency(range);
    await metrics.lag(range);
    const names = asked.flatMap(({ expression }) => expression.match(/sluice_\w+?(?=_bucket|\W)/g) ?? []);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(Object.keys(metricTable)).toContain(name);
  });
});
