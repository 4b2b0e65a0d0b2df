import type { RuleReport, ShownHit } from '../app/tasks/label-rules.ts';
import { printable } from '../core/printable.ts';

/** Characters of a message that are shown before and after what matched. */
const AROUND = 80;

const count = new Intl.NumberFormat('en');
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** One message, with the matched part between » and «, on one line. */
export function markedText({ message, start, end }: Pick<ShownHit, 'message' | 'start' | 'end'>): string {
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
export function hitText(hit: ShownHit, at: string): string {
  return `\n${at}: ${printable(hit.what)}\n  ${markedText(hit)}\n`;
}

export function reportText(report: RuleReport, isApply: boolean): string {
  const { as, rows, hits, examples, known, checked, refused, step } = report;
  const lines = [`${report.about}, labeled ${as}:`];
  for (const label of ['spam', 'ham', 'unlabeled'] as const) {
    const name = label === 'unlabeled' ? 'unlabeled' : `known ${label}`;
    lines.push(`  ${name}: ${count.format(hits[label])} of ${count.format(rows[label])} rows`);
    for (const hit of examples[label])
      lines.push(`    ${hit.id}: ${markedText(hit)} (${printable(hit.what)})`);
  }
  if (known.estimate !== null)
    lines.push(
      `of ${count.format(known.known)} hits with a known label, ${count.format(known.right)} are ${as}: ${percent(known.estimate)}`,
    );
  if (checked !== null)
    lines.push(
      checked.estimate === null
        ? `none of the hits of the sample was decided; ${checked.unsure} unsure`
        : `of ${checked.known} hits that were decided now, ${checked.right} are ${as}: ${percent(checked.estimate)}; of all hits ${percent(checked.low)} to ${percent(checked.high)} (95 % interval); ${checked.unsure} unsure`,
    );
  if (step !== null)
    lines.push(
      `step ${step.id}: ${count.format(step.rows)} rows labeled ${as}; undo it with: sluice label undo ${step.id}`,
    );
  else if (refused !== null) lines.push(`NOT APPLIED: ${refused}`);
  else lines.push(`nothing was changed; --apply labels ${count.format(hits.unlabeled)} rows`);
  if (isApply && checked === null && report.rule === 'links')
    lines.push(
      'warning: rules on links were right for as little as half of their hits on some data; --check asks about a sample first',
    );
  return `${lines.join('\n')}\n`;
}
