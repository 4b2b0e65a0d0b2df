import { type AuditAnswer, auditAnswer } from '../../src/http/audit-schemas.ts';

const of = (estimate: number, low: number, high: number) => ({ estimate, low, high });

/** A month with all rates. */
export const sampleAudit: AuditAnswer = auditAnswer.parse({
  ...{ from: 1_796_000_000_000, to: 1_798_592_000_000, drawing: true, least_decided: 30 },
  groups: [
    {
      ...{ by: 'all', value: '', drawn: 1204, decided: 1101, unsure: 19, others: null },
      estimates: {
        true_positive_rate: of(0.914, 0.802, 0.973),
        false_positive_rate: of(0.000_42, 0.000_13, 0.0011),
        precision: of(0.978, 0.951, 0.992),
        prevalence: of(0.031, 0.022, 0.042),
      },
    },
  ],
  calibration: [],
  from_reviews_alone: {
    true_positive_rate: of(0.87, 0.84, 0.9),
    false_positive_rate: of(1, 0.99, 1),
    precision: of(0.41, 0.38, 0.44),
    prevalence: null,
  },
});
