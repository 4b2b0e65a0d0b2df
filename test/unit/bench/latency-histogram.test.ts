import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../bench/harness/latency-histogram.ts';

describe('LatencyHistogram', () => {
  it('LatencyHistogram reports percentiles at most 1 % too high, and never too low', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.02, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.9, 0.99, 0.999, 1),
        (latencies, share) => {
          const histogram = new LatencyHistogram();
          for (const each of latencies) histogram.add(each);
          const sorted = latencies.toSorted((a, b) => a - b);
          const exact = sorted[Math.ceil(share * sorted.length) - 1]!;
          expect(histogram.at(share)).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
          expect(histogram.at(share)).toBeLessThanOrEqual(exact * 1.01 * (1 + 1e-9));
        },
      ),
    );
  });

  it('LatencyHistogram has no percentile without values', () => {
    expect(new LatencyHistogram().at(0.5)).toBeNaN();
  });

  it('LatencyHistogram counts values that are too short or too long for its buckets', () => {
    const histogram = new LatencyHistogram();
    for (const each of [0, -1, 1e12]) histogram.add(each);
    expect(histogram.count).toBe(3);
    expect(histogram.most).toBe(1e12);
    expect(histogram.at(0.5)).toBeLessThanOrEqual(0.01);
  });
});
