import type { ExplainedDisagreement, ModelsCompared, Reason } from '../app/tasks/compare-models.ts';
import type { GateCheck, GateRates, GateReport } from '../core/gate-report.ts';
import { printable } from '../core/printable.ts';

/** For the terminal: the rates of both models, each check, the messages they disagree on most, and the answer. */
export function comparisonText({ report, unscored, disagreements }: ModelsCompared): string {
  const { rejectMin, rejectMax } = report.thresholds;
  const lines = [
    `Champion ${report.champion ?? '–'}, challenger ${report.challenger}; rejectMin ${rejectMin}, rejectMax ${rejectMax}.`,
    '',
    ...ratesTable(report.rates),
    '',
    `Gate "${report.gate}":`,
    ...checkLines(report.checks),
  ];
  if (unscored > 0) lines.push('', `${unscored} messages could not be scored and are in no figure.`);
  if (disagreements.length > 0) lines.push('', ...disagreementLines(disagreements));
  lines.push('', `${report.promoted ? 'Yes' : 'No'}. ${report.why}`);
  return printable(`${lines.join('\n')}\n`);
}

function ratesTable(rates: GateReport['rates']): readonly string[] {
  const table = [
    ['messages', 'spam', 'TPR champion', 'challenger', 'ham', 'FPR champion', 'challenger'],
    ...(['old', 'new', 'all'] as const).map((part) => {
      const { champion, challenger } = rates[part];
      return [
        part,
        String(challenger.spam),
        percent(champion, 'truePositiveRate'),
        percent(challenger, 'truePositiveRate'),
        String(challenger.ham),
        percent(champion, 'falsePositiveRate'),
        percent(challenger, 'falsePositiveRate'),
      ];
    }),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
}

function percent(rates: GateRates | null, which: 'truePositiveRate' | 'falsePositiveRate'): string {
  const share = rates?.[which] ?? null;
  return share === null ? '–' : `${(100 * share).toFixed(2)} %`;
}

/** Those of obfuscations that are passed have one line together, with the lowest. */
function checkLines(checks: readonly GateCheck[]): readonly string[] {
  const isPassedRecall = ({ name, passed }: GateCheck) => name.startsWith('recall.') && passed === true;
  const recalls = checks.filter(isPassedRecall);
  const lines = checks.filter((check) => !isPassedRecall(check)).map(checkLine);
  if (recalls.length < 2) return [...lines, ...recalls.map(checkLine)];
  const lowest = recalls.reduce((a, b) => (riseOf(b) < riseOf(a) ? b : a));
  const text = `recall under ${recalls.length} obfuscations; the least favorable is ${lowest.text}`;
  return [...lines, checkLine({ ...lowest, text })];
}

function riseOf({ figures }: GateCheck): number {
  return (figures.challenger ?? 0) - (figures.champion ?? 0);
}

function checkLine({ passed, text }: GateCheck): string {
  return `  ${passed === null ? '?  ' : passed ? 'yes' : 'NO '}  ${text}`;
}

const MOST_CHARACTERS = 160;

function disagreementLines(disagreements: readonly ExplainedDisagreement[]): readonly string[] {
  return [
    'Messages on which they disagree most:',
    ...disagreements.flatMap((each) => [
      `  ${each.label ?? 'not labeled'}, ${score(each.champion)} → ${score(each.challenger)}: ${oneLine(each.text)}`,
      `    champion:   ${reasonsText(each.championReasons)}`,
      `    challenger: ${reasonsText(each.challengerReasons)}`,
    ]),
  ];
}

function score(probability: number): string {
  return probability.toFixed(3);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MOST_CHARACTERS ? line : `${line.slice(0, MOST_CHARACTERS)}…`;
}

function reasonsText(reasons: readonly Reason[]): string {
  if (reasons.length === 0) return '–';
  return reasons
    .map(
      ({ feature, contribution }) =>
        `${feature} ${contribution > 0 ? '+' : '−'}${Math.abs(contribution).toFixed(2)}`,
    )
    .join(', ');
}
