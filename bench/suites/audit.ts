import { auditAlternatives } from '../harness/audit-alternatives.ts';
import {
  auditCoverage,
  type Coverage,
  type DesignCoverage,
  type RateCoverage,
  rateNames,
} from '../harness/audit-coverage.ts';
import { auditDesigns, unequalResponse } from '../harness/audit-designs.ts';
import type { BenchOptions } from '../harness/bench-options.ts';
import type { BenchReport, Goal, ReportTable } from '../report/bench-report.ts';
import { count, percent } from '../report/statistics.ts';

const MONTHS = 1000;
const titles = ['TPR', 'FPR', 'precision', 'prevalence'];

/** How often the intervals of the audit sample hold the true rates of simulated months, and how often those from review rows do. */
export async function auditBench({ say, runs = MONTHS }: BenchOptions): Promise<BenchReport> {
  const found = Object.values(auditDesigns).map((design) => {
    const coverage = auditCoverage(design, runs, auditAlternatives);
    say(`${design.name}: ${sharesOf(coverage.audit).join(', ')}\n`);
    return coverage;
  });
  const unequal = auditCoverage(unequalResponse, runs);
  return {
    name: 'audit',
    configuration: {
      simulated: `${count(runs)} months of each case, of 1 to 20 million messages with 0.5 to 10 % spam, as bench/harness/audit-simulation.ts describes: counts a stratum and not single messages, from which the same estimates follow`,
      drift:
        'the share of spam by up to a factor of 3 and a wave of spam; the scores of spam by up to half of their spread; five communities with rates of their own',
      response: '95 % of the drawn messages with the verdict ham are decided, 85 % of review, 90 % of spam',
    },
    tables: [sizeTable(found), coverageTable(found, unequal), widthTable(found)],
    goals: found.flatMap(goalsOf),
    verdictsChanged: false,
    figures: [...found, unequal],
  };
}

function sizeTable(found: readonly DesignCoverage[]): ReportTable {
  return {
    title: 'Messages of a month’s sample: 5 %, median and 95 % of the months',
    columns: ['drawn', 'all', 'decided spam without the verdict spam', 'decided ham with the verdict spam'],
    rows: found.map(({ design, sizes }) => [
      design.name,
      ...Object.values(sizes).map((sorted) =>
        [0.05, 0.5, 0.95].map((share) => count(sorted[Math.floor(share * sorted.length)]!)).join(' / '),
      ),
    ]),
  };
}

function coverageTable(found: readonly DesignCoverage[], unequal: DesignCoverage): ReportTable {
  return {
    title: 'Months whose truth is within the 95 % interval',
    columns: ['drawn', 'interval', ...titles, 'calibration'],
    rows: [
      ...found.flatMap(({ design, audit, calibration, alternatives, reviewsAlone }) => [
        [design.name, '**Sluice**', ...sharesOf(audit), shareOf(calibration)],
        ...Object.entries(alternatives).map(([name, rates]) => [design.name, name, ...sharesOf(rates), '']),
        [design.name, 'review rows alone', ...sharesOf(reviewsAlone), ''],
      ]),
      [unequal.design.name, '**Sluice**', ...sharesOf(unequal.audit), shareOf(unequal.calibration)],
    ],
  };
}

function widthTable(found: readonly DesignCoverage[]): ReportTable {
  return {
    title: 'Mean width of the intervals',
    columns: ['drawn', 'interval', ...titles],
    rows: found.flatMap(({ design, audit, alternatives }) => [
      [design.name, '**Sluice**', ...widthsOf(audit)],
      ...Object.entries(alternatives).map(([name, rates]) => [design.name, name, ...widthsOf(rates)]),
    ]),
  };
}

function goalsOf({ design, audit, calibration, reviewsAlone }: DesignCoverage): Goal[] {
  const figures = [...rateNames.map((rate) => audit[rate]), calibration];
  const shares = figures.map((each) => each.covered / each.months);
  const most = Math.max(...rateNames.map((rate) => shown(reviewsAlone[rate])));
  return [
    {
      goal: `${design.name}: every figure within its interval in 93 to 97 %`,
      measured: `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`,
      met: shares.every((share) => share >= 0.93 && share <= 0.97),
    },
    {
      goal: `${design.name}: from review rows alone, no figure is in half of the months`,
      measured: `at most ${percent(most)}`,
      met: most < 0.5,
    },
  ];
}

function shown({ covered, months }: Coverage): number {
  return months === 0 ? 0 : covered / months;
}

function sharesOf(rates: RateCoverage): string[] {
  return rateNames.map((rate) => shareOf(rates[rate]));
}

function shareOf(coverage: Coverage): string {
  return coverage.months === 0 ? '–' : percent(shown(coverage));
}

function widthsOf(rates: RateCoverage): string[] {
  return rateNames.map((rate) => percent(rates[rate].width / rates[rate].months));
}
