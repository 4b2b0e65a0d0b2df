import { expect, it } from 'vitest';
import { auditCoverage, rateNames } from '../../bench/harness/audit-coverage.ts';
import { auditDesigns } from '../../bench/harness/audit-designs.ts';

const MONTHS = 1000;

it.each(Object.values(auditDesigns))(
  'the 95 % intervals of the audit sample hold the truth in 93 to 97 % of 1,000 months: $name',
  (design) => {
    const { audit, calibration } = auditCoverage(design, MONTHS);
    for (const { covered, months } of [...rateNames.map((rate) => audit[rate]), calibration]) {
      expect(covered / months).toBeGreaterThan(0.93);
      expect(covered / months).toBeLessThan(0.97);
    }
  },
);
