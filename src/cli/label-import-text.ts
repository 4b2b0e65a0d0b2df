import type { ImportReport } from '../core/import-report.ts';
import { refusalWords } from '../ports/dump.ts';
import { countText, oneLine, rowsText } from './label-step-output.ts';

/** For people. What messages hold may drive a terminal, so the caller passes it through `printable`. */
export function importReportText(report: ImportReport): string {
  const { about, read, labels, refused, examples, imported_before } = report;
  const lines = [about, headline(report), `  of ${rowsText(read)} that were read`];
  const labeled = labels.spam + labels.ham;
  if (labeled > 0)
    lines.push(
      `  with a label: spam ${countText(labels.spam)}, ham ${countText(labels.ham)}; unlabeled ${countText(labels.unlabeled)}`,
    );
  for (const [why, { count, rows }] of Object.entries(refused)) {
    const more = count > rows.length ? ', …' : '';
    lines.push(
      `  skipped ${countText(count)}: ${refusalWords[why as keyof typeof refusalWords] ?? why} (${rows.length === 1 ? 'row' : 'rows'} ${rows.join(', ')}${more})`,
    );
  }
  if (imported_before.length > 0)
    lines.push(
      `warning: the same was imported before, by step ${imported_before.join(', ')}; its rows ${report.step === null ? 'would be' : 'are'} there twice`,
    );
  if (examples.length > 0)
    lines.push(
      'examples:',
      ...examples.map(
        ({ position, source, community, label, message }) =>
          `  row ${position} (${[source, community, label ?? ''].filter((part) => part !== '').join(', ')}): ${oneLine(message)}`,
      ),
    );
  return `${[...lines, ...advice(report)].join('\n')}\n`;
}

function headline({ state, step, rows }: ImportReport): string {
  switch (state) {
    case 'planned':
      return `would add ${rowsText(rows)}`;
    case 'stopped':
      return `interrupted; it had found ${rowsText(rows)}`;
    case 'applied':
      return `step ${step}: added ${rowsText(rows)}`;
    case 'unfinished':
      return `interrupted; step ${step} has added ${rowsText(rows)} and is not finished`;
  }
}

function advice({ state, step }: ImportReport): readonly string[] {
  if (state === 'applied') return [`"sluice label undo ${step}" takes it back.`];
  if (state === 'unfinished')
    return [
      `"sluice label resume ${step}" goes on where it stopped, "sluice label undo ${step}" takes it back.`,
    ];
  return [state === 'stopped' ? 'Nothing was changed.' : 'Nothing was changed. With --apply, it is.'];
}
