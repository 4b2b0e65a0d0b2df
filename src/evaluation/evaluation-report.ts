import type { ClassificationFigures } from './classification-figures.ts';
import type { Evaluation } from './evaluate.ts';
import type { ObfuscatedFigures } from './evaluate-obfuscated.ts';

const ROWS: readonly (readonly [string, (f: ClassificationFigures) => string])[] = [
  ['spam', (f) => String(f.spam)],
  ['ham', (f) => String(f.ham)],
  ['accuracy', (f) => decimal(f.accuracy)],
  ['precision', (f) => decimal(f.precision)],
  ['recall (TPR)', (f) => decimal(f.recall)],
  ['FPR', (f) => percent(f.falsePositiveRate)],
  ['F1', (f) => decimal(f.f1)],
  ['MCC', (f) => decimal(f.mcc)],
  ['ROC AUC', (f) => decimal(f.rocAuc)],
  ['FPR at TPR .90', (f) => percent(f.fprAtTpr90)],
  ['FPR at TPR .95', (f) => percent(f.fprAtTpr95)],
  ['calibration error', (f) => decimal(f.calibrationError)],
  ['to review', (f) => percent(f.reviewShare)],
  ['spam above rejectMax', (f) => percent(f.spamAboveRejectMax)],
  ['ham above rejectMax', (f) => percent(f.hamAboveRejectMax)],
];

/** A table for the terminal: one line per figure, one column per data set, and one for all where there are several. */
export function evaluationReport(evaluation: Evaluation): string {
  const sets = Object.entries(evaluation.sets);
  const columns: [string, ClassificationFigures][] =
    sets.length > 1 ? [...sets, ['all', evaluation.all]] : sets;
  const table = [['', ...columns.map(([name]) => name)]];
  for (const [title, show] of ROWS) table.push([title, ...columns.map(([, figures]) => show(figures))]);
  const lines = aligned(table);
  const { rejectMin, rejectMax } = evaluation.thresholds;
  lines.push(
    '',
    `Model ${evaluation.model}; at 0.5 unless stated otherwise; rejectMin ${rejectMin}, rejectMax ${rejectMax}.`,
  );
  if (evaluation.unscored > 0)
    lines.push(`${evaluation.unscored} messages could not be scored and are in no figure.`);
  if (evaluation.disguises !== undefined) lines.push('', ...obfuscationLines(evaluation.disguises));
  return `${lines.join('\n')}\n`;
}

/** One line for each obfuscation: over the messages that it changed, the share scored as spam without it and with it. */
function obfuscationLines(disguises: readonly ObfuscatedFigures[]): string[] {
  const table = [['obfuscation', 'spam', 'recall plain', 'obfuscated', 'ham', 'FPR plain', 'obfuscated']];
  for (const { name, plain, disguised } of disguises)
    table.push([
      name,
      String(plain.spam),
      decimal(plain.recall),
      decimal(disguised.recall),
      String(plain.ham),
      percent(plain.falsePositiveRate),
      percent(disguised.falsePositiveRate),
    ]);
  return aligned(table);
}

function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = table[0]!.map((_, c) => Math.max(...table.map((row) => row[c]!.length)));
  return table.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!)))
      .join('  ')
      .trimEnd(),
  );
}

function decimal(value: number | null): string {
  return value === null ? '–' : value.toFixed(4);
}

function percent(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(2)} %`;
}
