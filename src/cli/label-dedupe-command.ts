import { Option } from 'commander';
import type { DedupeStepReport } from '../app/tasks/label-dedupe.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import {
  countText,
  labelStepCommand,
  oneLine,
  rowsText,
  type StepOptions,
  withStepOptions,
} from './label-step-output.ts';

interface DedupeCommandOptions extends StepOptions {
  readonly exact?: boolean;
  readonly normalized?: boolean;
  readonly near?: boolean;
  readonly groups?: boolean;
  readonly scratch?: string;
}

const own = {
  ...appFunctions,
  labelDedupe: lazily(async () => (await import('../app/tasks/label-dedupe.ts')).labelDedupe),
};

/** Contradictions that are shown; the JSON has more. */
const SHOWN = 10;

/** `label dedupe`. */
export function addLabelDedupeCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withStepOptions(program.command('dedupe'))
    .description(
      'Remove duplicates: the row that a person labeled stays, else one that is labeled, else the first. Rows that people labeled always stay, and so do groups that hold both labels.',
    )
    .addOption(new Option('--exact', 'only rows with the same text').conflicts(['normalized', 'near']))
    .addOption(
      new Option(
        '--normalized',
        'also rows that differ in case, digits, punctuation, look-alike letters and other obfuscation',
      ).conflicts('near'),
    )
    .option('--near', 'also near-duplicates, which share 80 % of their 4-grams (default)')
    .option('--groups', 'do not remove rows, but name their groups, which suspects and splits keep together')
    .option('--scratch <folder>', 'folder of temporary files; default: that of state.path')
    .addHelpText(
      'after',
      examples(
        'sluice label dedupe --config config/embedded.yaml',
        'sluice label dedupe --config config/embedded.yaml --normalized --apply',
        'sluice label dedupe --config config/embedded.yaml --groups --apply',
      ),
    )
    .action(async (options: DedupeCommandOptions) => {
      const { exact = false, normalized = false, groups = false, scratch } = options;
      let report: DedupeStepReport | undefined;
      const code = await labelStepCommand(
        options,
        { terminal, app, runParts },
        async (settings, log, how) => {
          report = await app.labelDedupe(
            settings,
            log,
            { ...how, ...(scratch === undefined ? {} : { scratch }) },
            {
              duplicates: exact ? 'exact' : normalized ? 'normalized' : 'near',
              action: groups ? 'group' : 'remove',
            },
          );
          return report;
        },
      );
      if (options.json !== true && report?.dedupe !== undefined)
        await terminal.stdout.write(printable(dedupeText(report.dedupe)));
      answer(code);
    });
}

/** What was found, beside the step's own report. */
function dedupeText({
  rows,
  duplicates,
  groups,
  largest,
  contradictions,
}: Required<DedupeStepReport>['dedupe']): string {
  const { exact, normalized, near } = duplicates;
  const lines = [
    `duplicates among ${rowsText(rows)}: same text ${countText(exact)}, same but for details of writing ${countText(normalized)}, near-duplicates ${countText(near)}`,
  ];
  if (groups > 0)
    lines.push(
      `${countText(groups)} ${groups === 1 ? 'group' : 'groups'}; the largest:`,
      ...largest.map(({ rows: size, example }) => `  ${rowsText(size)}: ${exampleText(example)}`),
    );
  if (contradictions.groups > 0) {
    const shown = contradictions.listed.slice(0, SHOWN);
    lines.push(
      `contradictions: ${rowsText(contradictions.rows)} in ${countText(contradictions.groups)} groups with both labels; none of these rows is removed:`,
      ...shown.map(
        ({ rows: size, spam, ham }) => `  ${rowsText(size)}: ${exampleText(spam)}\n    ${exampleText(ham)}`,
      ),
    );
    if (contradictions.groups > shown.length) lines.push('  …');
  }
  return `${lines.join('\n')}\n`;
}

function exampleText({
  id,
  label,
  labelled_by,
  message,
}: Required<DedupeStepReport>['dedupe']['largest'][number]['example']): string {
  const by = labelled_by === null ? '' : ` by ${labelled_by}`;
  return `${id} ${label ?? 'unlabeled'}${by}: ${oneLine(message)}`;
}
