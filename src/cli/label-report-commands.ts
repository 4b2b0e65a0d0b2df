import { Option } from 'commander';
import type { Exported, LabelStats } from '../app/tasks/label-reports.ts';
import type { LabelAgreement, TruthReport } from '../core/label-agreement.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { type DumpFileOptions, fileOf, labelColumnsOf, withDumpFileOptions } from './label-import-command.ts';
import { countText, openFor, rowsText, StepLine } from './label-step-output.ts';
import { type SettingsOptions, withSettingsOptions } from './settings-options.ts';

const own = {
  ...appFunctions,
  exportLabels: lazily(async () => (await import('../app/tasks/label-reports.ts')).exportLabels),
  labelStats: lazily(async () => (await import('../app/tasks/label-reports.ts')).labelStats),
};

interface StatsOptions extends SettingsOptions, DumpFileOptions {
  readonly truth?: string;
  readonly json?: boolean;
}

/** `label stats`. */
export function addLabelStatsCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withDumpFileOptions(
    withSettingsOptions(program.command('stats')).option(
      '--truth <file>',
      'a labeled file to compare the labels of the table with, by text; the options below are for it',
    ),
  )
    .description('Count the rows of the training table by label, by source and by who labeled them.')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice label stats --config config/embedded.yaml',
        'sluice label stats --truth labeled.csv --text-column body --label-column class --json',
      ),
    )
    .action(async (options: StatsOptions) => {
      const { settings, log } = await openFor(options, terminal, app);
      const { truth: file, json } = options;
      const truth =
        file === undefined ? undefined : { source: fileOf(file, options), columns: labelColumnsOf(options) };
      const stats = await app.labelStats(settings, log, truth);
      await terminal.stdout.write(json ? `${JSON.stringify(stats)}\n` : printable(statsText(stats)));
      answer(exitCodes.ok);
    });
}

function statsText({ rows, groups, truth }: LabelStats): string {
  const cells = groups
    .map(({ label, source, by, rows: count }) => [label ?? 'unlabeled', source, by ?? '', countText(count)])
    .sort((one, other) => (one.join('\0') < other.join('\0') ? -1 : 1));
  const table = [['label', 'source', 'labeled by', 'rows'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, at) => (at === 3 ? cell.padStart(widths[at]!) : cell.padEnd(widths[at]!))).join('  '),
  );
  const of = (label: 'spam' | 'ham' | null) =>
    countText(groups.filter((group) => group.label === label).reduce((sum, group) => sum + group.rows, 0));
  const total = `${rowsText(rows)}: spam ${of('spam')}, ham ${of('ham')}, unlabeled ${of(null)}`;
  return `${[...(rows === 0 ? [] : lines), total, ...(truth === undefined ? [] : truthLines(truth))].join('\n')}\n`;
}

function truthLines(truth: TruthReport): readonly string[] {
  const { file, rows, texts, contradictory, missing, unknown, unlabeled, by } = truth;
  return [
    `compared with ${file} (${rowsText(rows)}, ${countText(texts)} texts):`,
    `  all: ${agreementText(truth)}`,
    ...Object.entries(by).map(([who, agreement]) => `  by ${who}: ${agreementText(agreement)}`),
    `  unlabeled in the table: spam ${countText(unlabeled.spam)}, ham ${countText(unlabeled.ham)}`,
    `  texts of the file that are not in the table: ${countText(missing)}; rows of the table that are not in the file: ${countText(unknown)}`,
    ...(contradictory === 0
      ? []
      : [`  texts that the file has as spam and as ham: ${countText(contradictory)}`]),
  ];
}

function agreementText({ true_spam, false_spam, false_ham, true_ham, ...ratios }: LabelAgreement): string {
  const { precision, recall, mcc } = ratios;
  const number = (value: number | null) => (value === null ? '–' : value.toFixed(4));
  const all = true_spam + false_spam + false_ham + true_ham;
  return (
    `${rowsText(all)} labeled, ${countText(true_spam + true_ham)} right, ${countText(false_spam)} wrongly spam, ` +
    `${countText(false_ham)} wrongly ham; precision ${number(precision)}, recall ${number(recall)}, MCC ${number(mcc)}`
  );
}

interface ExportOptions extends SettingsOptions {
  readonly unlabeled: 'leave-out' | 'ham';
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `label export`. */
export function addLabelExportCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('export <file>'))
    .description('Write the labeled messages to a CSV or JSON Lines file, which "sluice train" reads.')
    .addOption(
      new Option('--unlabeled <what>', 'what becomes of rows without a label')
        .choices(['leave-out', 'ham'])
        .default('leave-out'),
    )
    .option('--force', 'replace the file if it is there')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice label export training.jsonl --config config/embedded.yaml',
        'sluice train --data training.jsonl --out models',
      ),
    )
    .action(async (path: string, { unlabeled, force = false, json, ...options }: ExportOptions) => {
      const { settings, log } = await openFor(options, terminal, app);
      const line = new StepLine(terminal);
      const { result, interrupted } = await whileInterruptible<Exported | undefined>(
        (signal) =>
          app
            .exportLabels(settings, log, {
              ...{ path, unlabeled, replace: force, signal },
              progress: (rows) => line.show(`${rowsText(rows)} written`),
            })
            .catch((error: unknown) => {
              if (!signal.aborted) throw error;
              return undefined;
            }),
        { ...runParts, say: (text) => line.above(text), words: 'Stopping.\n' },
      ).finally(() => line.end());
      if (result === undefined) {
        terminal.say('interrupted; no file was written\n');
        return answer(interrupted ?? exitCodes.interrupted);
      }
      const { rows, spam, ham } = result;
      await terminal.stdout.write(
        json
          ? `${JSON.stringify(result)}\n`
          : printable(`${result.path}: ${rowsText(rows)}, spam ${countText(spam)}, ham ${countText(ham)}\n`),
      );
      answer(exitCodes.ok);
    });
}
