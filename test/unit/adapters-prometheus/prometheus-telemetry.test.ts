import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countedVerdicts,
  labelCaps,
  type MetricDefinition,
  metricTable,
  mostSeries,
  tableEvents,
} from '../../../src/adapters/prometheus/metric-table.ts';
import type { PrometheusTelemetry } from '../../../src/adapters/prometheus/prometheus-telemetry.ts';
import { unreadableReasons } from '../../../src/core/message.ts';
import { scoreLimits } from '../../../src/core/score-counts.ts';
import type { PartitionLag } from '../../../src/ports/message-source.ts';
import { refusingSinks } from '../../../src/ports/sink-names.ts';
import { auditWith, health, reportNewModel, samples, statistics, telemetry } from './scraped.ts';

/** As many partitions of one topic, of a consumer group. */
function ofGroup(all: readonly PartitionLag[]): readonly PartitionLag[] {
  return all.map((lag, partition) => ({ ...lag, topic: 'chat', partition, group: 'sluice' }));
}

function lags(count: number): readonly PartitionLag[] {
  return Array.from({ length: count }, (_, i) => ({
    topic: `inbox-${i}.jsonl`,
    partition: 0,
    committed: 0,
    highWatermark: i,
    lag: i,
  }));
}

/** Reports so much of everything that each label takes each value that it can take. */
function reportEverything(to: PrometheusTelemetry): void {
  for (const { event } of tableEvents) to[event](1 as never);
  to.batchPulled({ messages: 100, inFlight: 3 });
  for (let model = 0; model < 30; model++)
    to.batchScored({
      model: `20261122T00000${model}Z-0123abcd`,
      queueSeconds: 0.1,
      statistics: statistics({
        ham: 1,
        review: 1,
        spam: 1,
        unreadable: 1,
        endedAtStage: Array(1000).fill(1),
        scores: { counts: scoreLimits.map(() => 1), sum: 9 },
      }),
    });
  to.batchRouted({ seconds: 0.1, endToEndSeconds: [0.1, 0.2] });
  for (const stage of ['score', 'route', 'commit'] as const) to.batchRetried(stage);
  to.reviewsMeasured({ counts: { open: 4, leased: 1, labelled: 9, erased: 2 }, oldestSeconds: 90 });
  for (const reason of [...unreadableReasons, 'kills-scorer'] as const) to.messagesDeadLettered(reason, 1);
  to.spoolMeasured({ rows: 3, fullness: 0.25 });
  to.dependencyMeasured({ dependency: 'mysql', up: true, circuitOpen: false });
  to.dependencyMeasured({ dependency: 'kafka', up: true });
  for (const sink of refusingSinks) to.recordsRefused(sink, 1);
  to.healthMeasured(health({ membership: { group: 'sluice', isMember: true } }));
  to.offsetsCommitted({ partitions: 10, seconds: 0.1 });
  to.lagMeasured(ofGroup(lags(10_000)));
  for (let model = 0; model < 30; model++) to.modelInstalled({ version: `v${model}`, sha256: `${model}` });
  to.policyApplied({
    default: { rejectMin: 0.5, rejectMax: 0.7 },
    communities: Object.fromEntries(
      lags(1000).map(({ topic }) => [topic, { rejectMin: 0.1, rejectMax: 0.2 }]),
    ),
    exactScores: 'notHam',
    maxMessageBytes: 65_536,
  });
  reportNewModel(to);
  to.auditMeasured(auditWith(100));
  for (const result of ['applied', 'refused', 'unchanged'] as const) to.settingsReloaded(result);
  to.poolMeasured({ threads: 2, threadsWanted: 2, queued: 1, utilization: 0.5 });
  for (let i = 0; i < 30; i++) to.stateEntered(`state-${i}`);
}

test.each(tableEvents)(
  'the event $event is added to the counter, or sets the gauge, $name',
  async ({ name, type, event }) => {
    const one = telemetry();
    one[event](3 as never);
    one[event](2 as never);
    expect((await samples(one)).get(name)).toBe(type === 'counter' ? 5 : 2);
  },
);

test('an event without a figure counts one, and a figure of yes or no is 1 or 0', async () => {
  const one = telemetry();
  one.threadLost();
  one.modelAwaited(true);
  const seen = await samples(one);
  expect([seen.get('sluice_pool_threads_lost_total'), seen.get('sluice_model_awaited')]).toEqual([1, 1]);
  one.modelAwaited(false);
  expect((await samples(one)).get('sluice_model_awaited')).toBe(0);
});

describe('the number of series', () => {
  test('the number of series stays within 900 with every label value and the process metrics', async () => {
    const all = telemetry(true);
    reportEverything(all);
    const seen = await samples(all);
    expect(seen.size).toBeLessThanOrEqual(900);
    expect([...seen.keys()].some((name) => name.startsWith('nodejs_'))).toBe(true);
    expect([...seen.keys()].some((name) => name.startsWith('process_'))).toBe(true);
  });

  test('the number of series of each metric is what its table states, so that no label is unknown or unlimited', async () => {
    const all = telemetry();
    reportEverything(all);
    const names = [...(await samples(all)).keys()];
    for (const [name, metric] of Object.entries<MetricDefinition>(metricTable)) {
      const suffix = metric.type === 'histogram' ? '(_bucket|_sum|_count)' : '';
      const own = names.filter((series) => new RegExp(`^${name}${suffix}([{]|$)`).test(series));
      expect(own.length, name).toBe(mostSeries(metric));
    }
  });
});

describe('lag of a consumer group', () => {
  test('the lag metrics of a consumer group have the names and labels of kafka_exporter, and a sum over all partitions', async () => {
    const behind = telemetry();
    behind.lagMeasured(ofGroup(lags(3)).map((lag) => ({ ...lag, seconds: lag.lag * 10 })));
    const seen = await samples(behind);
    const of = 'consumergroup="sluice",topic="chat"';
    expect(seen.get(`kafka_consumergroup_lag{${of},partition="2"}`)).toBe(2);
    expect(seen.get(`kafka_consumergroup_lag_sum{${of}}`)).toBe(3);
    expect(seen.get(`kafka_consumergroup_group_lag_seconds{${of},partition="2"}`)).toBe(20);
    expect(seen.has(`kafka_consumergroup_current_offset{${of},partition="0"}`)).toBe(true);
    expect(seen.has('kafka_topic_partition_current_offset{topic="chat",partition="1"}')).toBe(true);
  });

  test('the lag metrics of a consumer group are absent for a source without a group', async () => {
    const behind = telemetry();
    behind.lagMeasured(lags(3));
    expect([...(await samples(behind)).keys()].filter((name) => name.startsWith('kafka_'))).toEqual([]);
  });
});

describe('counters', () => {
  test('the counters of verdicts are there at 0 before the first message, so that an increase misses none', async () => {
    const counting = telemetry();
    counting.modelInstalled({ version: 'v1', sha256: '0' });
    const seen = await samples(counting);
    for (const verdict of countedVerdicts)
      expect(seen.get(`sluice_messages_total{verdict="${verdict}",model="v1"}`)).toBe(0);
  });

  test('metric counters add up over batches, by verdict and model', async () => {
    const counting = telemetry();
    const once = {
      model: 'v1',
      queueSeconds: 0,
      statistics: statistics({ ham: 5, review: 2, spam: 3, unreadable: 1 }),
    };
    counting.batchScored(once);
    counting.batchScored(once);
    counting.batchScored({ ...once, model: 'v2' });
    const seen = await samples(counting);
    expect(seen.get('sluice_messages_total{verdict="ham",model="v1"}')).toBe(10);
    expect(seen.get('sluice_messages_total{verdict="review",model="v1"}')).toBe(4);
    expect(seen.get('sluice_messages_total{verdict="spam",model="v1"}')).toBe(6);
    expect(seen.get('sluice_messages_total{verdict="error",model="v1"}')).toBe(2);
    expect(seen.get('sluice_messages_total{verdict="ham",model="v2"}')).toBe(5);
  });

  test('metric counters have the same sum however the messages are cut into batches', async () => {
    const batch = fc.record({
      ham: fc.nat(50),
      spam: fc.nat(50),
      ended: fc.array(fc.nat(9), { maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 8 }), async (batches) => {
        const cut = telemetry();
        for (const { ham, spam, ended } of batches)
          cut.batchScored({
            model: 'm',
            queueSeconds: 0,
            statistics: statistics({ ham, spam, endedAtStage: ended }),
          });
        const seen = await samples(cut);
        const sum = (pick: (of: (typeof batches)[number]) => number) =>
          batches.reduce((all, b) => all + pick(b), 0);
        expect(seen.get('sluice_messages_total{verdict="ham",model="m"}') ?? 0).toBe(sum((b) => b.ham));
        expect(seen.get('sluice_messages_total{verdict="spam",model="m"}') ?? 0).toBe(sum((b) => b.spam));
        const ended = [...seen].filter(([name]) => name.startsWith('sluice_evaluation_ended_total{'));
        expect(ended.reduce((all, [, value]) => all + value, 0)).toBe(
          sum((b) => b.ended.reduce((x, y) => x + y, 0)),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('metric counters of dead letters start at 0 for each reason, so that the first one is an increase', async () => {
    const seen = await samples(telemetry());
    for (const reason of unreadableReasons)
      expect(seen.get(`sluice_dead_letters_total{reason="${reason}"}`)).toBe(0);
  });

  test('metric counters of the oldest model are removed when a fourth one is counted, and those of later models are not', async () => {
    const swapping = telemetry();
    for (const model of ['v1', 'v2', 'v1', 'v3', 'v4'])
      swapping.batchScored({ model, queueSeconds: 0, statistics: statistics({ ham: 1 }) });
    const models = [...(await samples(swapping)).keys()].filter((name) =>
      name.startsWith('sluice_messages_total'),
    );
    expect(models.length).toBe(countedVerdicts.length * labelCaps.models);
    expect(models.join()).not.toContain('v2');
  });

  test('metric counters are not affected by figures that are not finite or that decrease', async () => {
    const odd = telemetry();
    odd.batchScored({
      model: 'm',
      queueSeconds: Number.NaN,
      statistics: statistics({
        ham: -1,
        spam: Number.NaN,
        inferSeconds: Number.POSITIVE_INFINITY,
        treesInAll: -5,
      }),
    });
    odd.batchRouted({ seconds: -0.5, endToEndSeconds: [-3, Number.NaN] });
    const seen = await samples(odd);
    expect(seen.get('sluice_end_to_end_seconds_count')).toBe(1);
    expect(seen.get('sluice_end_to_end_seconds_sum')).toBe(0);
    expect(seen.get('sluice_trees_full_evaluation_total')).toBe(0);
  });
});

describe('lag', () => {
  test('the lag metric of 10,000 files shows those that are furthest behind, and one sum of the rest', async () => {
    const behind = telemetry();
    behind.lagMeasured(lags(10_000));
    const seen = await samples(behind);
    const shown = [...seen].filter(([name]) => name.startsWith('sluice_source_lag{'));
    expect(shown.length).toBe(labelCaps.partitions + 1);
    expect(seen.get('sluice_source_lag{topic="inbox-9999.jsonl",partition="0"}')).toBe(9999);
    expect(shown.reduce((all, [, value]) => all + value, 0)).toBe((9999 * 10_000) / 2);
  });

  test('the lag metric of a removed file is no longer shown', async () => {
    const behind = telemetry();
    behind.lagMeasured(lags(3));
    behind.lagMeasured(lags(1));
    const shown = [...(await samples(behind)).keys()].filter((name) => name.startsWith('sluice_source_lag{'));
    expect(shown).toEqual(['sluice_source_lag{topic="inbox-0.jsonl",partition="0"}']);
  });

  test('the lag metric of a file with quotes, backslashes and line ends in its name is one line of text', async () => {
    const behind = telemetry();
    behind.lagMeasured([{ ...lags(1)[0]!, topic: 'a"b\\c\nd' }]);
    const { body } = await behind.exposition();
    expect(body).toContain('sluice_source_lag{topic="a\\"b\\\\c\\nd",partition="0"} 0\n');
  });
});

describe('what is active', () => {
  test('the state metrics show only the current model, state and policy', async () => {
    const now = telemetry();
    reportEverything(now);
    now.modelInstalled({ version: 'v-last', sha256: 'ff' });
    now.stateEntered('draining');
    const seen = await samples(now);
    expect([...seen.keys()].filter((name) => name.startsWith('sluice_model_info'))).toEqual([
      'sluice_model_info{version="v-last",sha256="ff"}',
    ]);
    expect(seen.get('sluice_state_info{state="draining"}')).toBe(1);
    expect(seen.get('sluice_threshold_probability{limit="rejectMin"}')).toBe(0.5);
    expect(seen.get('sluice_threshold_probability{limit="rejectMax"}')).toBe(0.7);
    expect(seen.get('sluice_communities_with_own_policy')).toBe(1000);
    expect(seen.get('sluice_model_loaded_timestamp_seconds')).toBe(1_700_000_000);
  });

  test('the state metrics show that settings were refused until valid ones are read', async () => {
    const reloading = telemetry();
    expect((await samples(reloading)).get('sluice_config_last_reload_successful')).toBe(1);
    reloading.settingsReloaded('refused');
    expect((await samples(reloading)).get('sluice_config_last_reload_successful')).toBe(0);
    reloading.settingsReloaded('unchanged');
    expect((await samples(reloading)).get('sluice_config_last_reload_successful')).toBe(1);
  });

  test('the state metrics count batches in flight down as they are routed, and never below 0', async () => {
    const flying = telemetry();
    flying.batchPulled({ messages: 1, inFlight: 2 });
    flying.batchRouted({ seconds: 0, endToEndSeconds: [] });
    expect((await samples(flying)).get('sluice_in_flight_batches')).toBe(1);
    flying.batchRouted({ seconds: 0, endToEndSeconds: [] });
    flying.batchRouted({ seconds: 0, endToEndSeconds: [] });
    expect((await samples(flying)).get('sluice_in_flight_batches')).toBe(0);
  });
});

describe('the exposition', () => {
  test('the metrics text in OpenMetrics ends with its end mark and names counters without the suffix, and the Prometheus format is unchanged', async () => {
    const both = telemetry(true);
    reportEverything(both);
    const { contentType, body } = await both.exposition(
      'application/openmetrics-text; version=1.0.0, text/plain;q=0.5',
    );
    expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(body.endsWith('\n# EOF\n')).toBe(true);
    expect(body).not.toMatch(/\n\n/);
    expect(body).toContain('# TYPE sluice_messages counter\n');
    expect(body).toContain('# HELP sluice_messages Messages');
    expect(body).toMatch(/\nsluice_messages_total\{/);
    const text = await both.exposition('text/plain');
    expect(text.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(text.body).toContain('# TYPE sluice_messages_total counter\n');
    expect(text.body).toMatch(/\nsluice_messages_total\{/);
  });
});
