import { readFileSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrometheusLiveMetrics } from '../../src/adapters/prometheus/prometheus-live-metrics.ts';
import { PrometheusQuery } from '../../src/adapters/prometheus/prometheus-query.ts';
import { freePort } from '../../src/cluster/free-port.ts';
import {
  layPrometheusFolder,
  PrometheusServer,
  prometheusTools,
  promtool,
} from '../../src/cluster/prometheus-server.ts';
import { isMissing } from '../../src/core/report-facts.ts';
import { DaemonProcess, endAllDaemons, layFolder, root } from '../line/daemon-process.ts';

const config = join(root, 'config', 'prometheus');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-prometheus-'));
  await prometheusTools(() => process.stdout.write('Prometheus is fetched, once for this machine\n'));
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('promtool', () => {
  it('promtool accepts the settings and rules', async () => {
    for (const args of [
      ['check', 'config', 'prometheus.yml'],
      ['check', 'rules', 'sluice.rules.yml'],
    ]) {
      const { code, output } = await promtool(args, config);
      expect(code, output).toBe(0);
      expect(output).toContain('SUCCESS');
    }
  }, 120_000);

  it('promtool confirms that each alert fires and stays silent as its test states', async () => {
    const { code, output } = await promtool(
      [
        'test',
        'rules',
        ...['rules', 'health', 'shares', 'evidence'].map((name) => `sluice.${name}.test.yml`),
      ],
      config,
    );
    expect(code, output).toBe(0);
  }, 240_000);

  it('promtool notices a broken rule', async () => {
    const copy = join(folder, 'wrong');
    await cp(config, copy, { recursive: true });
    const wrong = readFileSync(join(copy, 'sluice.rules.yml'), 'utf8');
    await writeFile(
      join(copy, 'sluice.rules.yml'),
      wrong.replace('up{job="sluice"} == 0', 'up{job="sluice"} == 2'),
    );
    const { code, output } = await promtool(['test', 'rules', 'sluice.rules.test.yml'], copy);
    expect(code).toBe(1);
    expect(output).toContain('SluiceDown');
  }, 240_000);
});

describe('a Prometheus that reads a daemon', () => {
  let daemon: DaemonProcess;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    const port = await freePort();
    const home = join(folder, 'daemon');
    layFolder(home, 'metrics: { lagIntervalSeconds: 1 }\ndecide: { exactScores: all }');
    await writeFile(
      join(home, 'data', 'inbox', 'a.jsonl'),
      [
        '{"message": "hello there", "message_id": "1"}',
        '{"message": "see you at eight", "message_id": "2"}',
        'no json',
      ]
        .map((line) => `${line}\n`)
        .join(''),
    );
    daemon = await DaemonProcess.start(
      home,
      '--set',
      'http.ops.enabled=true',
      '--set',
      `http.ops.port=${port}`,
    );
    const configFile = await layPrometheusFolder({
      from: config,
      to: join(folder, 'prometheus'),
      targets: [`127.0.0.1:${port}`],
      everySeconds: 1,
    });
    prometheus = await PrometheusServer.start({ folder: join(folder, 'prometheus'), configFile });
  }, 300_000);

  afterAll(async () => {
    await prometheus?.stop();
    await endAllDaemons();
  });

  const value = async (expression: string) => (await prometheus.query(expression))[0]?.value;
  const until = async (expression: string, wanted: number) => {
    await expect.poll(() => value(expression), { timeout: 60_000, interval: 500 }).toBe(wanted);
  };

  it('a Prometheus that scrapes a daemon has its metrics, with the names and labels that rules and dashboards use', async () => {
    await until('up{job="sluice"}', 1);
    await until('sum(sluice_messages_total{job="sluice"})', 3);
    await until('sum(sluice_score_count)', 2);
    await until('sum(sluice_score_bucket{le="1"})', 2);
    await until('sum(sluice_dead_letters_total{reason="not-json"})', 1);
    await until('sluice_state_info{state="running"}', 1);
    await until('sum(sluice_source_lag)', 0);
    await until('sluice_pool_workers - sluice_pool_workers_wanted', 0);
    await until('sluice_memory_budget_limit_bytes', 256 * 2 ** 20);
    await until('max(sluice_sink_blocked_seconds)', 0);
    await until('sum(sluice_records_refused_total)', 0);
    expect(await value('sluice_source_lag_age_seconds')).toBeLessThan(60);
    expect(await value('sluice_commit_failing_seconds')).toBeLessThan(30);
    await until('sluice_review_items{state="open"}', await reviewed());
    expect(await value('sluice_stage_duration_seconds_count{stage="infer"}')).toBeGreaterThan(0);
    expect(await value('process_start_time_seconds{job="sluice"}')).toBeGreaterThan(0);
  }, 120_000);

  it('a Prometheus that scrapes a daemon has loaded the rules, and none of them fails', async () => {
    const answer = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const loaded = answer.data.groups.flatMap(({ rules }) => rules);
    expect(loaded.length).toBeGreaterThan(20);
    for (const { name, lastError } of loaded) expect(lastError, name).toBeUndefined();
  });

  it('a Prometheus that scrapes a healthy daemon has no critical alert', async () => {
    await expect
      .poll(() => value('count(ALERTS{severity="critical", alertstate="firing"}) or vector(0)'), {
        timeout: 30_000,
      })
      .toBe(0);
  }, 60_000);

  it('live figures of a daemon are what a Prometheus that scrapes it has', async () => {
    const day = 86_400_000;
    const query = new PrometheusQuery({ url: `${prometheus.url}/` });
    const live = new PrometheusLiveMetrics(query);
    const to = Date.now();
    const range = { from: to - 3_600_000, to };
    const spans = { first: to - (to % day), days: 1, spans: 1 };
    await appendFile(
      join(folder, 'daemon', 'data', 'inbox', 'a.jsonl'),
      Array.from({ length: 300 }, (_, id) => `{"message": "hello there", "message_id": "more ${id}"}\n`).join(
        '',
      ),
    );
    await until('sum(sluice_messages_total{job="sluice"})', 303);
    const added = async () => {
      const verdicts = await live.verdicts(spans);
      if (isMissing(verdicts)) return 0;
      expect(verdicts.map(({ name }) => name)).toEqual(['ham', 'review', 'spam', 'dead-letter']);
      return verdicts[0]!.points[0]!.value;
    };
    // What was there at the first look is left out, and Prometheus extrapolates by half an interval at either end: of a few looks, by much.
    await expect.poll(added, { timeout: 60_000, interval: 500 }).toBeGreaterThanOrEqual(250);
    expect(await added()).toBeLessThanOrEqual(606);
    const measured = async () => {
      const found = await live.latency({ ...range, to: Date.now() });
      return isMissing(found) ? [] : found;
    };
    await expect.poll(measured, { timeout: 60_000, interval: 500 }).not.toEqual([]);
    const latency = await measured();
    expect(latency.map(({ name }) => name)).toEqual(['p50', 'p95', 'p99']);
    for (const { points } of latency) for (const { value } of points) expect(value).toBeLessThan(300);
    const lag = await live.lag({ ...range, to: Date.now() });
    expect(isMissing(lag) ? lag : lag.map(({ name }) => name)).toContain('a.jsonl');
    const early = { from: to - 40 * day, to: to - 39 * day };
    expect(await live.latency(early)).toMatchObject({
      missing: expect.stringContaining('sluice_end_to_end'),
    });
    await expect(
      query.range({ expression: 'sum(', start: to - 1000, end: to, stepSeconds: 1 }),
    ).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringContaining('parse error') });
  }, 180_000);

  it('a Prometheus that scrapes a daemon notices when it is gone', async () => {
    expect(await daemon.kill('SIGTERM')).toMatchObject({ code: 0 });
    await until('up{job="sluice"}', 0);
    await until('count(ALERTS{alertname="SluiceDown"})', 1);
  }, 120_000);

  /** As many as the daemon itself says that it added. */
  async function reviewed(): Promise<number> {
    return (await value('sluice_review_items_added_total')) ?? Number.NaN;
  }
});
