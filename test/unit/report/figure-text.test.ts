import { describe, expect, it } from 'vitest';
import {
  amount,
  bytes,
  change,
  moment,
  percent,
  percentInterval,
  pointsBetween,
} from '../../../src/report/figure-text.ts';

describe('figures as text', () => {
  it('shares have as many digits as their distance from 0 and from 1 asks for', () => {
    expect([0, 0.00012, 0.0022, 0.5, 0.9112, 0.9997, 1].map((share) => percent(share))).toEqual([
      '0%',
      '0.012%',
      '0.22%',
      '50.0%',
      '91.1%',
      '99.970%',
      '100%',
    ]);
    expect(percent(Number.NaN)).toBe('not a number');
  });

  it('an interval has as many digits as its width allows', () => {
    expect(percentInterval({ estimate: 0.9412, low: 0.9234, high: 0.9559 })).toBe('94.1% (92.3 to 95.6)');
    expect(percentInterval({ estimate: 0.5, low: 0.1, high: 0.9 })).toBe('50% (10 to 90)');
    expect(percentInterval({ estimate: 1, low: 1, high: 1 })).toBe('100% (100 to 100)');
  });

  it('changes have a sign, and none where nothing changed', () => {
    expect([change(1.234), change(-0.4), change(-0.001)]).toEqual(['+1.23', '−0.40', '0.00']);
    expect([pointsBetween(0.5, 0.48), pointsBetween(0.5, 0.5)]).toEqual(['−2.00 points', '0 points']);
  });

  it('amounts have three digits, sizes their unit, times their zone', () => {
    expect([amount(0.012345), amount(12_345.6), amount(7)]).toEqual(['0.0123', '12,346', '7']);
    expect([bytes(12), bytes(640_000), bytes(5_800_000)]).toEqual(['12 B', '640 KB', '5.8 MB']);
    expect(moment(Date.UTC(2026, 10, 30, 21, 5))).toBe('2026-11-30 21:05 UTC');
    expect(moment(Number.NaN)).toBe('an unknown time');
  });
});
