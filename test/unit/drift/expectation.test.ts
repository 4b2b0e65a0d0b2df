import { describe, expect, it } from 'vitest';
import {
  type BaselineWindow,
  drawVariance,
  expectationOf,
  expectationSchema,
  sharesOf,
} from '../../../src/drift/expectation.ts';

const HOUR = 3_600_000;

/** Windows of half an hour over some days; `share`: of the part `a`. */
function windows(days: number, share: (at: number, index: number) => number): BaselineWindow[] {
  return Array.from({ length: days * 48 }, (_, index) => {
    const at = index * (HOUR / 2);
    const a = Math.round(1_000_000 * share(at, index));
    return { at, messages: 1_000_000, counts: { a, b: 1_000_000 - a } };
  });
}

const usualOf = (at: number, baseline: readonly BaselineWindow[]) =>
  expectationOf(baseline).shares[Math.floor(at / HOUR) % 24]!;

describe('what is usual', () => {
  it('a cycle of a day is usual, and no variance', () => {
    const cycle = (at: number) => 0.3 + 0.1 * Math.sin((2 * Math.PI * Math.floor(at / HOUR)) / 24);
    const baseline = windows(7, cycle);
    for (const hour of [0, 6, 18])
      expect(usualOf(hour * HOUR, baseline)[1]).toBeCloseTo(cycle(hour * HOUR), 4);
    const { variances, tolerances } = expectationOf(baseline);
    expect(Math.max(...variances)).toBeLessThan(1e-8);
    expect(Math.max(...tolerances)).toBeLessThan(1e-3);
  });

  it('days that differ widen the tolerance, and not the variance of windows', () => {
    const baseline = windows(7, (at) => 0.3 + (Math.floor(at / (24 * HOUR)) % 2 === 0 ? 0.02 : -0.02));
    const { variances, tolerances } = expectationOf(baseline);
    expect(tolerances[0]).toBeGreaterThan(0.05);
    expect(Math.max(...variances)).toBeLessThan(1e-6);
  });

  it('windows that vary beyond a random draw have a variance, more so where neighbors move together', () => {
    // Noise without an order of days or hours.
    const noise = (n: number) => ((n * 7919) % 101) / 101 - 0.5;
    const apart = expectationOf(windows(7, (_, index) => 0.3 + 0.02 * noise(index)));
    const together = expectationOf(windows(7, (at) => 0.3 + 0.02 * noise(Math.floor(at / HOUR))));
    expect(apart.variances[0]).toBeGreaterThan(2e-5);
    expect(together.variances[0]).toBeGreaterThan(1.3 * apart.variances[0]!);
  });

  it('rare parts are watched together with those that never came before', () => {
    const baseline: BaselineWindow[] = [
      { at: 0, messages: 1000, counts: { en: 900, de: 90, fr: 10 } },
      { at: HOUR, messages: 1000, counts: { en: 900, de: 95, it: 5 } },
    ];
    const usual = expectationOf(baseline);
    expect(usual.names).toEqual(['en', 'de', 'other']);
    expect(sharesOf({ en: 50, xx: 40, fr: 10 }, usual)).toEqual([0.5, 0, 0.5]);
    expect(expectationSchema.parse(JSON.parse(JSON.stringify(usual)))).toEqual(usual);
  });

  it('neighbors in an order are put together until they are not rare', () => {
    const baseline: BaselineWindow[] = [
      { at: 0, messages: 1000, counts: { low: 500, some: 10, more: 15, most: 470, top: 5 } },
    ];
    const usual = expectationOf(baseline, ['low', 'some', 'more', 'most', 'top']);
    expect(usual.names).toEqual(['low', 'some to more', 'most to top']);
  });

  it('the variance of a draw is that of a share, and never 0', () => {
    expect(drawVariance(0.5, 100)).toBeCloseTo(0.0025);
    expect(drawVariance(0, 100)).toBeGreaterThan(0);
    expect(drawVariance(1, 100)).toBeGreaterThan(0);
  });
});
