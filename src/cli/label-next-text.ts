import type { Question, SessionState } from '../app/tasks/label-learn.ts';
import { printable } from '../core/printable.ts';
import { rowsText } from './label-step-output.ts';

export const helpText = 'Keys: s spam, h ham, u or k unsure, z undo, q quit, ? help.\n';

/** UTF-16 code units of a message that are shown. */
const SHOWN = 2_000;

const reasons: Readonly<Record<Question['reason'], string>> = {
  'new-kind': 'nothing like it was asked',
  uncertain: 'the model is unsure',
  again: 'asked again',
};

/** A message, and why it is asked. What it holds cannot drive the terminal. */
export function questionText({ row, reason, probability, ids, labeled }: Question): string {
  const { community, message, id } = row;
  const where = community === '' ? '' : ` in ${community}`;
  const facts = `row ${id}${where}: ${reasons[reason]}, ${Math.round(100 * probability)} % spam so far`;
  const text = message.length > SHOWN ? `${message.slice(0, SHOWN)}… (cut)` : message;
  const lines = [`\n── ${facts}`, text];
  if (ids.length > 1) lines.push(`── the answer labels ${rowsText(ids.length)}: it and its near-duplicates`);
  const { spam, ham } = labeled;
  if (spam > 0 && ham > 0)
    lines.push(
      `── WARNING: near-duplicates have both labels (spam ${spam}, ham ${ham}); the answer is for this text alone`,
    );
  else if (spam + ham > 0) lines.push(`── near-duplicates are labeled ${spam > 0 ? 'spam' : 'ham'} already`);
  return printable(`${lines.join('\n')}\n`);
}

export function answeredText(label: 'spam' | 'ham' | 'unsure', rows: number): string {
  if (label === 'unsure') return 'unsure: left unlabeled, and not asked again in this session\n';
  return rows === 0
    ? 'somebody has labeled it in the meantime; left alone\n'
    : `${label}: ${rowsText(rows)}\n`;
}

export function stateText({ answers, quality, isSettled }: SessionState): string {
  if (quality === undefined) return `${answers} labels so far: too few of one class for an estimate.\n`;
  const { mcc, low, high } = quality;
  const estimate = `${answers} labels so far; MCC ${mcc.toFixed(2)} (95 % interval ${low.toFixed(2)} to ${high.toFixed(2)}), cross-validated on them: the hardest messages, so on all of them it is better.\n`;
  return isSettled
    ? `${estimate}More answers hardly pay: the last 50 changed the class of less than 0.5 % of the messages. "sluice label predict" labels the rest.\n`
    : estimate;
}
