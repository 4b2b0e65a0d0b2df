import { describe, expect, it } from 'vitest';
import { LatencyHistogram } from '../../../bench/harness/latency-histogram.ts';
import type { LoadResult } from '../../../bench/harness/load-run.ts';
import { passedLimits } from '../../../bench/suites/load.ts';

function resultWith(latencies: readonly number[], changes: Partial<LoadResult> = {}): LoadResult {
  const verdicts = new LatencyHistogram();
  for (const each of latencies) verdicts.add(each);
  const none = new LatencyHistogram();
  return {
    sent: 1_000,
    failed: 0,
    sentPerSecond: 100,
    late: none,
    acknowledged: none,
    verdicts,
    outcomes: undefined,
    expected: 100,
    unanswered: 2,
    duplicates: 0,
    lagMost: 0,
    lagAtEnd: 0,
    ...changes,
  };
}
const noLimits = { p99Ms: undefined, unanswered: undefined };

describe('passedLimits', () => {
  it('passedLimits accepts any figures if there are no limits', () => {
    expect(passedLimits(resultWith([]), noLimits)).toEqual([]);
  });

  it('passedLimits checks the 99th percentile, and fails if there is none', () => {
    const limits = { ...noLimits, p99Ms: 50 };
    expect(passedLimits(resultWith([10, 20, 49]), limits)).toEqual([]);
    expect(passedLimits(resultWith([10, 20, 52]), limits)).toEqual([
      expect.stringContaining('p99 to verdict is 52'),
    ]);
    expect(passedLimits(resultWith([]), limits)).toEqual([expect.stringContaining('no verdict came')]);
  });

  it('passedLimits checks unanswered messages, as a number and as a share', () => {
    const passed = (most: number, isShare: boolean) =>
      passedLimits(resultWith([1]), { ...noLimits, unanswered: { most, isShare } }).length;
    expect([passed(2, false), passed(1, false), passed(0.02, true), passed(0.019, true)]).toEqual([
      0, 1, 0, 1,
    ]);
  });

  it('passedLimits always checks that the cluster accepted all messages', () => {
    expect(passedLimits(resultWith([1], { failed: 3 }), noLimits)).toHaveLength(1);
  });
});
