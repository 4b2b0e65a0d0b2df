import type { Thresholds } from '../../core/decision-policy.ts';
import type { BandCount, Rates } from '../../core/report-facts.ts';
import { wilsonInterval } from '../../core/wilson-interval.ts';
import { bandOf } from '../../decide/reject-option.ts';
import type { ScoredExample } from '../scored-example.ts';

/** Messages of either class in each band: ham, review, spam. */
export function bandCounts(examples: readonly ScoredExample[], thresholds: Thresholds): BandCount[] {
  const counts = {
    ham: { spam: 0, ham: 0 },
    review: { spam: 0, ham: 0 },
    spam: { spam: 0, ham: 0 },
  };
  for (const { label, probability } of examples) counts[bandOf(probability, thresholds)][label]++;
  return [
    { band: 'ham', ...counts.ham },
    { band: 'review', ...counts.review },
    { band: 'spam', ...counts.spam },
  ];
}

/** The rates at the two thresholds, with Wilson's intervals. */
export function ratesOf(examples: readonly ScoredExample[], thresholds: Thresholds): Rates {
  const [passed, reviewed, found] = bandCounts(examples, thresholds) as [BandCount, BandCount, BandCount];
  const spam = passed.spam + reviewed.spam + found.spam;
  const ham = passed.ham + reviewed.ham + found.ham;
  return {
    spam,
    ham,
    truePositiveRate: wilsonInterval(found.spam, spam),
    foundOrReviewed: wilsonInterval(found.spam + reviewed.spam, spam),
    falsePositiveRate: wilsonInterval(found.ham, ham),
    precision: wilsonInterval(found.spam, found.spam + found.ham),
    reviewShare: wilsonInterval(reviewed.spam + reviewed.ham, spam + ham),
  };
}
