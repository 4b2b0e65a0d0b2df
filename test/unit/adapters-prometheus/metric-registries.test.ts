import { describe, expect, test } from 'vitest';
import { samples, telemetry } from './scraped.ts';

describe('metric registries', () => {
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
