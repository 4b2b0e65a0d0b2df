import { describe, expect, test } from 'vitest';
import { samples, telemetry } from './scraped.ts';

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

  test('two metric registries in one process are independent of each other', async () => {
    const one = telemetry(true);
    const other = telemetry(true);
    one.threadLost();
    expect((await samples(one)).get('sluice_pool_threads_lost_total')).toBe(1);
    expect((await samples(other)).get('sluice_pool_threads_lost_total')).toBe(0);
  });

  test('the process metrics leave no timer that keeps a process alive', () => {
    const before = process
      .getActiveResourcesInfo()
      .filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
    telemetry(true);
    const after = process
      .getActiveResourcesInfo()
      .filter((kind) => kind === 'Timeout' || kind === 'Immediate').length;
    expect(after).toBe(before);
  });
});
