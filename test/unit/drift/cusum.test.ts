import { describe, expect, it } from 'vitest';
import { limitFor, nextSum } from '../../../src/drift/cusum.ts';
import { SeededRandom } from '../../../src/training/seeded-random.ts';

describe('a cumulative sum', () => {
  it('a sum grows only by what is beyond its allowance, and is never below 0', () => {
    expect(nextSum(0, 0.9, 5)).toBe(0);
    expect(nextSum(1, 1.5, 5)).toBeCloseTo(1.5);
    expect(nextSum(1, -5, 5)).toBe(0);
  });

  it('no single window raises an alarm, and a sum does not grow without end', () => {
    expect(nextSum(0, 1000, 5)).toBe(2);
    expect(nextSum(7.4, 1000, 5)).toBe(7.5);
  });

  it('false alarms of independent deviations are as rare as the limit states', () => {
    const runLength = 500;
    const limit = limitFor(runLength);
    const random = new SeededRandom(1);
    const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    let [windows, alarms, sum] = [0, 0, 0];
    for (; windows < 500_000; windows++) {
      sum = nextSum(sum, normal(), limit);
      if (sum < limit) continue;
      alarms++;
      sum = 0;
    }
    expect(windows / alarms).toBeGreaterThan(0.8 * runLength);
    expect(windows / alarms).toBeLessThan(1.4 * runLength);
  });

  it('a rarer false alarm takes a higher limit', () => {
    expect(limitFor(100_000)).toBeGreaterThan(limitFor(1000));
  });
});
