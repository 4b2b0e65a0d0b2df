import { describe, expect, it } from 'vitest';
import { auditCoverage, type Coverage, rateNames } from '../../../../bench/harness/audit-coverage.ts';
import { auditDesigns } from '../../../../bench/harness/audit-designs.ts';
import { simulateMonth } from '../../../../bench/harness/audit-simulation.ts';

/** Small: test/long has 1,000 months of each design. */
const MONTHS = 150;

function share({ covered, months }: Coverage): number {
  return covered / months;
}

describe('simulated months', () => {
  it('the intervals of the audit sample hold the true rates and the calibration in about 95 % of months, those of review rows alone in few', () => {
    const { audit, calibration, reviewsAlone, sizes } = auditCoverage(auditDesigns.both, MONTHS);
    for (const rate of rateNames) {
      expect(audit[rate].months, rate).toBe(MONTHS);
      // Three standard errors of 150 months are 5 %.
      expect(share(audit[rate]), rate).toBeGreaterThan(0.9);
      expect(share(reviewsAlone[rate]), rate).toBeLessThan(0.5);
    }
    expect(share(calibration)).toBeGreaterThan(0.93);
    // An interval that is too wide would always hold.
    const held = rateNames.reduce((sum, rate) => sum + audit[rate].covered, 0);
    expect(held / (rateNames.length * MONTHS)).toBeLessThan(0.985);
    expect(sizes.missed.filter((missed) => missed <= 5).length).toBeGreaterThan(MONTHS / 5);
  });

  it('a simulated month is the same for the same seed, and its sample as large as the rates make it', () => {
    const month = simulateMonth(auditDesigns.uniform, 7);
    expect(simulateMonth(auditDesigns.uniform, 7)).toEqual(month);
    expect(month.sample.length).toBeGreaterThan(80);
    expect(month.sample.length).toBeLessThan(2300);
    expect(month.sample.every(({ inclusionProbability }) => inclusionProbability === 0.0001)).toBe(true);
  });
});
