import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PrometheusTelemetry } from '../../../src/adapters/prometheus/prometheus-telemetry.ts';
import { ScoreTally, scoreLimits } from '../../../src/core/score-counts.ts';
import { samples, statistics, telemetry } from './scraped.ts';

describe('scores', () => {
  const scored = (to: PrometheusTelemetry, model: string, scores: readonly number[]) => {
    const tally = new ScoreTally();
    for (const score of scores) tally.add(score);
    to.batchScored({ model, queueSeconds: 0, statistics: statistics({ scores: tally }) });
  };

  test('score metrics are the same as when scores are counted one by one, however they are cut into batches', async () => {
    const score = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(...scoreLimits, 0));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(score, { maxLength: 30 }), { minLength: 1, maxLength: 6 }),
        async (batches) => {
          const counting = telemetry();
          for (const batch of batches) scored(counting, 'm', batch);
          const seen = await samples(counting);
          const all = batches.flat();
          if (all.length === 0) return;
          for (const limit of scoreLimits)
            expect(seen.get(`sluice_score_bucket{le="${limit}",model="m"}`)).toBe(
              all.filter((each) => each <= limit).length,
            );
          expect(seen.get('sluice_score_bucket{le="+Inf",model="m"}')).toBe(all.length);
          expect(seen.get('sluice_score_count{model="m"}')).toBe(all.length);
          expect(seen.get('sluice_score_sum{model="m"}')).toBeCloseTo(
            all.reduce((x, y) => x + y, 0),
            9,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  test('score metrics do not count unknown scores', async () => {
    const counting = telemetry();
    scored(counting, 'm', [Number.NaN, 0.5, Number.NaN]);
    expect((await samples(counting)).get('sluice_score_count{model="m"}')).toBe(1);
  });

  test('score metrics are kept for the two newest models', async () => {
    const swapping = telemetry();
    for (const model of ['v1', 'v2', 'v3', 'v2']) scored(swapping, model, [0.5]);
    const seen = await samples(swapping);
    expect(seen.has('sluice_score_count{model="v1"}')).toBe(false);
    expect(seen.get('sluice_score_count{model="v2"}')).toBe(2);
    expect(seen.get('sluice_score_count{model="v3"}')).toBe(1);
  });

  test('score metrics are a histogram in OpenMetrics too', async () => {
    const counting = telemetry();
    scored(counting, 'm', [0.5]);
    const { body } = await counting.exposition('application/openmetrics-text');
    expect(body).toContain('# TYPE sluice_score histogram\n');
    expect(body).toContain('sluice_score_bucket{le="0.5",model="m"} 1\n');
  });
});
