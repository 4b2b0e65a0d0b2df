import { isMissing } from '../../src/core/report-facts.ts';
import { auditCalibration, auditEstimates } from '../../src/evaluation/audit/audit-estimates.ts';
import { reviewsAlone } from '../../src/evaluation/audit/reviews-alone.ts';
import { alternativeRates, type auditAlternatives, type Limits } from './audit-alternatives.ts';
import { type AuditDesign, type SimulatedMonth, simulateMonth, type TrueRates } from './audit-simulation.ts';

/** How often intervals held the truth. */
export interface Coverage {
  /** Months with an interval. */
  months: number;
  covered: number;
  /** The truth was below the interval, or above it. */
  below: number;
  above: number;
  /** Sum of the widths. */
  width: number;
}

export const rateNames = [
  'truePositiveRate',
  'falsePositiveRate',
  'precision',
  'prevalence',
] as const satisfies readonly (keyof TrueRates)[];

export type RateCoverage = Record<keyof TrueRates, Coverage>;

export interface DesignCoverage {
  readonly design: AuditDesign;
  readonly months: number;
  /** Of the decided messages of each month, sorted: in the sample, spam without the verdict spam, ham with it. */
  readonly sizes: Readonly<Record<'drawn' | 'missed' | 'accused', readonly number[]>>;
  readonly audit: RateCoverage;
  /** Of the share of spam in the tenths of the scores. */
  readonly calibration: Coverage;
  readonly reviewsAlone: RateCoverage;
  readonly alternatives: Readonly<Record<string, RateCoverage>>;
}

/** Simulates months with the seeds 1 to `months`, and counts how often each way's intervals hold what is true of all messages of the month. */
export function auditCoverage(
  design: AuditDesign,
  months: number,
  alternatives: typeof auditAlternatives = {},
): DesignCoverage {
  const sizes = { drawn: [] as number[], missed: [] as number[], accused: [] as number[] };
  const found = {
    audit: emptyRates(),
    calibration: empty(),
    reviewsAlone: emptyRates(),
    alternatives: Object.fromEntries(Object.keys(alternatives).map((name) => [name, emptyRates()])),
  };
  for (let seed = 1; seed <= months; seed++) {
    const month = simulateMonth(design, seed);
    const decided = month.sample.filter(({ label }) => label !== null);
    sizes.drawn.push(month.sample.length);
    sizes.missed.push(decided.filter(({ label, verdict }) => label === 'spam' && verdict !== 'spam').length);
    sizes.accused.push(decided.filter(({ label, verdict }) => label === 'ham' && verdict === 'spam').length);
    countAudit(found.audit, month);
    countCalibration(found.calibration, month);
    countReviews(found.reviewsAlone, month);
    for (const [name, ratio] of Object.entries(alternatives)) {
      const rates = alternativeRates(month.sample, ratio);
      for (const rate of rateNames) count(found.alternatives[name]![rate], rates[rate], month.truth[rate]);
    }
  }
  for (const list of Object.values(sizes)) list.sort((one, other) => one - other);
  return { design, months, sizes, ...found };
}

function countAudit(coverage: RateCoverage, { sample, truth }: SimulatedMonth): void {
  const estimates = auditEstimates(sample);
  if (isMissing(estimates)) return;
  for (const rate of rateNames) {
    const interval = estimates[rate];
    count(coverage[rate], interval === null ? null : [interval.low, interval.high], truth[rate]);
  }
}

function countCalibration(coverage: Coverage, { sample, spamShares }: SimulatedMonth): void {
  const bins = auditCalibration(sample);
  if (isMissing(bins)) return;
  for (const { from, observed } of bins)
    count(coverage, [observed.low, observed.high], spamShares[Math.round(from * spamShares.length)]!);
}

function countReviews(coverage: RateCoverage, { reviews, truth }: SimulatedMonth): void {
  const estimates = reviewsAlone(
    reviews.map(({ label, probability, rows }) => ({ label, rows, aboveHalf: probability > 0.5 })),
  );
  if (isMissing(estimates)) return;
  for (const rate of rateNames) {
    const interval = estimates[rate];
    count(coverage[rate], interval === null ? null : [interval.low, interval.high], truth[rate]);
  }
}

function count(coverage: Coverage, limits: Limits, truth: number): void {
  if (limits === null) return;
  coverage.months++;
  coverage.width += limits[1] - limits[0];
  if (truth < limits[0]) coverage.below++;
  else if (truth > limits[1]) coverage.above++;
  else coverage.covered++;
}

function empty(): Coverage {
  return { months: 0, covered: 0, below: 0, above: 0, width: 0 };
}

function emptyRates(): RateCoverage {
  return {
    truePositiveRate: empty(),
    falsePositiveRate: empty(),
    precision: empty(),
    prevalence: empty(),
  };
}
