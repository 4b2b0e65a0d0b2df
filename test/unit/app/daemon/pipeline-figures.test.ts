import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrometheusTelemetry } from '../../../../src/adapters/prometheus/prometheus-telemetry.ts';
import { FigureWindow, histogramQuantile } from '../../../../src/app/daemon/figure-window.ts';
import { PipelineFiguresReader } from '../../../../src/app/daemon/pipeline-figures.ts';
import type { PartitionLag } from '../../../../src/ports/message-source.ts';

const statistics = (counts: Partial<Record<'ham' | 'review' | 'spam' | 'unreadable', number>>) => ({
  ...{ ham: 0, review: 0, spam: 0, unreadable: 0, ...counts },
  ...{ decodeSeconds: 0, featurizeSeconds: 0, inferSeconds: 0, endedAtStage: [], treesEvaluated: 0 },
  ...{ treesInAll: 0, scores: { counts: [], sum: 0 } },
});

function reader(hasSpool = true) {
  const metrics = new PrometheusTelemetry({
    build: { version: '1', revision: 'r', node: '20' },
    processMetrics: false,
    now: () => 5_000_000,
  });
  const lag = {
    ...{ total: 0, isKnown: true, ageSeconds: 3 },
    partitions: [] as readonly PartitionLag[],
  };
  const time = { seconds: 100 };
  const figures = new PipelineFiguresReader({
    ...{ metrics, lag: () => lag, state: () => 'running', mode: 'enforce', unit: 'messages', hasSpool },
    ...{ poolWindowSeconds: 15, elapsed: () => time.seconds },
  });
  const scored = (counts: Parameters<typeof statistics>[0], model = 'm1') =>
    metrics.batchScored({ model, queueSeconds: 0, statistics: statistics(counts) });
  return { metrics, lag, time, figures, scored };
}

describe('PipelineFiguresReader', () => {
  it('PipelineFiguresReader shows rates of the last five seconds, from the counters that Prometheus reads', async () => {
    const { metrics, time, figures, scored } = reader();
    scored({ ham: 1000 });
    expect((await figures.read()).per_second).toBeNull();
    time.seconds += 2;
    scored({ ham: 10, review: 4, spam: 20, unreadable: 2 });
    metrics.messagesDeadLettered('not-json', 2);
    const second = await figures.read();
    expect(second.per_second).toEqual({ ham: 5, review: 2, spam: 10, dead_letters: 1 });
    // What the scorer could not read is counted once, as the dead letters that it became.
    expect(second.since_start).toEqual({ ham: 1010, review: 4, spam: 20, dead_letters: 2 });
    expect(second.dead_letters).toEqual([{ reason: 'not-json', count: 2 }]);
    for (let i = 0; i < 6; i++) {
      time.seconds += 1;
      await figures.read();
    }
    expect((await figures.read()).per_second).toEqual({ ham: 0, review: 0, spam: 0, dead_letters: 0 });
  });

  it('PipelineFiguresReader counts on where another model is installed, and the counters of an older one end', async () => {
    const { time, figures, scored } = reader();
    scored({ spam: 100 }, 'm0');
    await figures.read();
    time.seconds += 1;
    for (const model of ['m1', 'm2', 'm3', 'm4']) scored({ spam: 3 }, model);
    // Of the newest three models.
    expect((await figures.read()).per_second?.spam).toBe(9);
  });

  it('PipelineFiguresReader has no rates after a long time without being asked', async () => {
    const { time, figures, scored } = reader();
    await figures.read();
    time.seconds += 1;
    scored({ ham: 5 });
    expect((await figures.read()).per_second?.ham).toBe(5);
    time.seconds += 600;
    scored({ ham: 600_000 });
    expect((await figures.read()).per_second).toBeNull();
  });

  it('PipelineFiguresReader estimates the latency of the last minute from the histogram', async () => {
    const { metrics, time, figures } = reader();
    metrics.batchRouted({ seconds: 0, endToEndSeconds: [200] });
    await figures.read();
    time.seconds += 1;
    expect((await figures.read()).latency).toBeNull();
    metrics.batchRouted({ seconds: 0, endToEndSeconds: Array.from({ length: 98 }, () => 0.02) });
    metrics.batchRouted({ seconds: 0, endToEndSeconds: [0.4, 0.4] });
    time.seconds += 1;
    const { latency } = await figures.read();
    expect(latency?.p50).toBeGreaterThan(0.01);
    expect(latency?.p50).toBeLessThanOrEqual(0.025);
    expect(latency?.p99).toBeGreaterThan(0.25);
    expect(latency?.p99).toBeLessThanOrEqual(0.5);
  });

  it('PipelineFiguresReader lists the partitions that are behind the most, and sums the others', async () => {
    const { lag, figures } = reader();
    lag.partitions = Array.from({ length: 40 }, (_, partition) => ({
      ...{ topic: 't', partition, committed: 0, highWatermark: partition, lag: partition },
      ...(partition === 39 ? { seconds: 7 } : {}),
    }));
    const { partitions, others } = (await figures.read()).lag;
    expect(partitions[0]).toEqual({ topic: 't', partition: 39, lag: 39, seconds: 7 });
    expect(partitions[1]).toEqual({ topic: 't', partition: 38, lag: 38, seconds: null });
    expect(partitions).toHaveLength(32);
    expect(others).toEqual({ partitions: 8, lag: 28 });
  });

  it('PipelineFiguresReader shows pool, spool, sinks and the time of the model', async () => {
    const { metrics, figures } = reader();
    metrics.poolMeasured({ threads: 1, threadsWanted: 2, queued: 3, utilization: 0.25 });
    metrics.spoolMeasured({ rows: 12, fullness: 0.5 });
    metrics.modelInstalled({ version: 'm', sha256: 'a' });
    metrics.healthMeasured({
      ...{ membership: undefined, partitions: 1, lagAgeSeconds: 0, commitsFailingSeconds: 0 },
      sinkWaitSeconds: { verdicts: 4, reviews: 0, 'dead letters': 0, traces: 0 } as never,
      memory: { usedBytes: 0, limitBytes: 1 },
    });
    expect(await figures.read()).toMatchObject({
      pool: { threads: 1, wanted: 2, utilization: 0.25, queued: 3, window_seconds: 15 },
      spool: { rows: 12, fullness: 0.5 },
      model_installed_at: 5_000_000,
      blocked: [{ sink: 'verdicts', seconds: 4 }],
    });
    expect((await reader(false).figures.read()).spool).toBeNull();
    expect((await reader().figures.read()).model_installed_at).toBeNull();
  });
});

describe('FigureWindow', () => {
  it('FigureWindow adds up to what was counted, whenever it is asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat(50)), { minLength: 2 }),
        (steps) => {
          const window = new FigureWindow(60);
          const samples: { at: number; total: number }[] = [];
          let [at, total] = [0, 0];
          for (const [seconds, count] of steps) {
            at += seconds;
            total += count;
            window.add({ at, figures: new Map([['a', total]]) });
            samples.push({ at, total });
            const first = samples.find((each) => each.at >= at - 20)!;
            const growth = window.growth(20);
            if (first.at === at) expect(growth).toBeUndefined();
            else expect(growth?.figures.get('a')).toBe(total - first.total);
          }
        },
      ),
    );
  });
});

describe('histogramQuantile', () => {
  it('histogramQuantile is within the bucket of the value, and never falls with the quantile', () => {
    const limits = [1, 2, 5, 10];
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const counts = [...limits, Number.POSITIVE_INFINITY].map((limit) => ({
          ...{ limit, count: values.filter((value) => value <= limit).length },
        }));
        let before = 0;
        for (const quantile of [0.01, 0.25, 0.5, 0.9, 0.99, 1]) {
          const estimate = histogramQuantile(quantile, counts)!;
          const exact = sorted[Math.ceil(quantile * sorted.length) - 1]!;
          const index = limits.findIndex((limit) => exact <= limit);
          const [low, high] = index === -1 ? [10, 10] : [limits[index - 1] ?? 0, limits[index]!];
          expect(estimate).toBeGreaterThanOrEqual(low);
          expect(estimate).toBeLessThanOrEqual(high);
          expect(estimate).toBeGreaterThanOrEqual(before);
          before = estimate;
        }
      }),
    );
    expect(histogramQuantile(0.5, [{ limit: 1, count: 0 }])).toBeUndefined();
  });
});
