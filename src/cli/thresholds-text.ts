import type { ProposedThresholds } from '../app/tasks/propose-thresholds.ts';
import { type Interval, isMissing } from '../core/report-facts.ts';
import type { BandFigures } from '../evaluation/thresholds/band-figures.ts';
import {
  type Compared,
  type GroupThresholds,
  percentText,
  type ThresholdAnswer,
} from '../evaluation/thresholds/threshold-report.ts';

const names: Readonly<Record<Compared['name'], string>> = {
  current: 'current',
  chow: 'Chow’s rule',
  fixed: 'fixed',
};

const columns = ['', 'rejectMin', 'rejectMax', 'cost', 'TPR, %', 'FPR, %', 'to review, %'];

/** The report for a terminal: a table for all messages, and one for each community. */
export function thresholdsText(report: ProposedThresholds): string {
  const { model, spamShare, spamShareOfData, unscored, all, communities } = report;
  const expected =
    Math.abs(spamShare - spamShareOfData) < 1e-12
      ? `Costs and reviews are expected at the data’s own share of spam, ${percentText(spamShare)}, which production may not have: --prevalence states that one.`
      : `Costs and reviews are expected where ${percentText(spamShare)} of the messages are spam; of the data, ${percentText(spamShareOfData)} are.`;
  return [
    `Model ${model}. In brackets: 95 % intervals.`,
    expected,
    ...(unscored === 0 ? [] : [`${unscored} messages could not be scored and are in no figure.`]),
    ...[all, ...communities].flatMap((group) => ['', ...groupLines(group)]),
    '',
  ].join('\n');
}

function groupLines({ community, spam, ham, answer }: GroupThresholds): readonly string[] {
  const title = `${community === '' ? 'All messages' : `Community ${JSON.stringify(community)}`}: ${spam} spam, ${ham} ham`;
  if (isMissing(answer)) return [title, `  ${answer.missing}.`];
  const rows = [
    ['proposed', answer.proposed] as const,
    ...answer.compared.map((figures) => [names[figures.name], figures] as const),
  ];
  return [
    title,
    ...aligned([
      answer.proposed.reviewsADay === null ? columns : [...columns, 'reviews a day'],
      ...rows.map(([name, figures]) => cells(name, figures)),
    ]),
    ...noteOf(answer),
  ];
}

function noteOf({ limit, crossValidatedCost, compared }: ThresholdAnswer): readonly string[] {
  if (limit !== null) {
    const { threshold, ham, falsePositives, bound } = limit;
    return [
      `  Above ${threshold}, ${falsePositives} of ${ham} ham messages are called spam; the true rate is at most ${percentText(bound)}.`,
    ];
  }
  if (crossValidatedCost === null) return [];
  const chow = compared.find(({ name }) => name === 'chow')?.cost;
  const beside = chow ? ` (Chow’s rule: ${chow.estimate.toFixed(4)})` : '';
  return [
    `  On messages that it was not chosen on, such a proposal costs ${crossValidatedCost.toFixed(4)}${beside}.`,
  ];
}

function cells(name: string, figures: BandFigures): readonly string[] {
  const { thresholds, cost, truePositiveRate, falsePositiveRate, reviewShare, reviewsADay } = figures;
  return [
    name,
    thresholdText(thresholds.rejectMin),
    thresholdText(thresholds.rejectMax),
    intervalText(cost, (value) => value.toFixed(4)),
    intervalText(truePositiveRate, percent),
    intervalText(falsePositiveRate, percent),
    intervalText(reviewShare, percent),
    ...(reviewsADay === null ? [] : [intervalText(reviewsADay, (value) => value.toFixed(0))]),
  ];
}

function thresholdText(threshold: number): string {
  return String(Number(threshold.toFixed(4)));
}

function intervalText(interval: Interval | null, text: (value: number) => string): string {
  if (interval === null) return '–';
  const { estimate, low, high } = interval;
  return `${text(estimate)} [${text(low)}, ${text(high)}]`;
}

function percent(share: number): string {
  return (share * 100).toFixed(2);
}

function aligned(table: readonly (readonly string[])[]): readonly string[] {
  const widths = table[0]!.map((_, at) => Math.max(...table.map((row) => row[at]!.length)));
  return table.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
}
