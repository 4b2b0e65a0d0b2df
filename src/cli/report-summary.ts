import type { Interval, ModelReport, ReportFacts } from '../core/report-facts.ts';

const number = new Intl.NumberFormat('en');

/** The first figures of a report, and the files that were written. */
export function reportSummary({ models }: ReportFacts, files: readonly string[]): string {
  return [...models.map(modelLine), ...files.map((file) => `Written: ${file}`), ''].join('\n');
}

function modelLine({ version, rates, unscored, thresholds }: ModelReport): string {
  const { spam, ham, truePositiveRate, falsePositiveRate, reviewShare } = rates;
  return [
    `Model ${version} on ${number.format(spam)} spam and ${number.format(ham)} ham messages`,
    `(rejectMin ${thresholds.rejectMin}, rejectMax ${thresholds.rejectMax}):`,
    `TPR ${percent(truePositiveRate)}, FPR ${percent(falsePositiveRate)}, to review ${percent(reviewShare)}.`,
    ...(unscored === 0 ? [] : [`${number.format(unscored)} messages could not be scored.`]),
  ].join(' ');
}

function percent(rate: Interval | null): string {
  if (rate === null) return 'not known';
  const [estimate, low, high] = [rate.estimate, rate.low, rate.high].map((share) => (share * 100).toFixed(2));
  return `${estimate} % (${low}–${high} %)`;
}
