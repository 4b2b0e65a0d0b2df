import { printable } from '../core/printable.ts';
import type { RuleHit, RuleReport } from '../core/rule-report.ts';
import { countText, rowsText } from './label-step-output.ts';

/** Characters of a message that are shown before and after what matched. */
const AROUND = 80;

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** One message, with the matched part between » and «, on one line. */
export function markedText({ message, start, end }: Pick<RuleHit, 'message' | 'start' | 'end'>): string {
  const from = Math.max(0, start - AROUND);
  const to = Math.min(message.length, end + AROUND);
  const parts = [
    from > 0 ? '…' : '',
    message.slice(from, start),
    '»',
    message.slice(start, end),
    '«',
    message.slice(end, to),
    to < message.length ? '…' : '',
  ];
  return printable(parts.join('').replaceAll(/\s+/gu, ' '));
}

/** A hit that a person is asked about. */
export function hitText(hit: RuleHit, at: string): string {
  return `\n${at}: ${printable(hit.what)}\n  ${markedText(hit)}\n`;
}

/** Printed on stderr before such a rule is applied without a check. */
export const linksWarning =
  'warning: rules on links were right for 87 to 99 % of their hits on three sets of messages, and for 49 % on a fourth; --check asks about a sample first\n';

export function ruleReportText(report: RuleReport): string {
  const { as, table, hits, hit_examples: found, precision, checked, refused, step, rows } = report;
  const lines = [report.about];
  for (const label of ['spam', 'ham', 'unlabeled'] as const) {
    const name = label === 'unlabeled' ? 'unlabeled' : `known ${label}`;
    lines.push(`  ${name}: ${countText(hits[label])} of ${rowsText(table[label])}`);
    for (const hit of found[label]) lines.push(`    ${hit.id}: ${markedText(hit)} (${hit.what})`);
  }
  if (precision.estimate !== null)
    lines.push(
      `of ${countText(precision.known)} hits whose label is of people or came with them ${countText(precision.right)} are ${as}: ${percent(precision.estimate)}`,
    );
  if (checked !== null) lines.push(checkedText(checked, as));
  if (refused !== null) lines.push(`NOT APPLIED: ${refused}`);
  else if (report.state === 'applied')
    lines.push(`step ${step}: changed ${rowsText(rows)}`, `"sluice label undo ${step}" takes it back.`);
  else if (report.state === 'undone') lines.push('interrupted; the table is as it was');
  else if (report.state === 'stopped') lines.push('interrupted; nothing was changed');
  else lines.push(`nothing was changed; with --apply, ${rowsText(rows)} would be labeled ${as}`);
  return printable(`${lines.join('\n')}\n`);
}

function checkedText(
  { right, known, estimate, low, high, unsure }: NonNullable<RuleReport['checked']>,
  as: string,
): string {
  const unsureText = unsure === 0 ? '' : `; ${unsure} unsure`;
  if (estimate === null) return `no hit of the sample was decided${unsureText}`;
  return `of ${known} hits that were decided now ${right} are ${as}: ${percent(estimate)}, so ${percent(low)} to ${percent(high)} of all hits (95 % interval)${unsureText}`;
}
