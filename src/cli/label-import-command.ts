import { type Command, Option } from 'commander';
import type { DumpSource, ImportOrder } from '../app/tasks/label-import.ts';
import { SluiceError } from '../core/errors.ts';
import type { ImportProgress, ImportReport } from '../core/import-report.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { importReportText } from './label-import-text.ts';
import {
  actorOf,
  countText,
  openFor,
  StepLine,
  type StepOptions,
  withStepOptions,
} from './label-step-output.ts';
import { collect } from './option-values.ts';

interface ImportOptions extends StepOptions, DumpFileOptions {
  readonly table?: string;
  readonly keyColumn?: string;
  readonly communityColumn?: string;
  readonly community?: string;
  readonly sourceColumn?: string;
  readonly source?: string;
  readonly strict?: boolean;
}

/** How a file of messages is read. */
export interface DumpFileOptions {
  readonly format?: 'csv' | 'tsv' | 'jsonl';
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly quotes?: 'on' | 'off';
  /** False with `--no-header`. */
  readonly header: boolean;
  readonly textColumn?: string;
  readonly labelColumn?: string;
  readonly spamValue?: readonly string[];
  readonly hamValue?: readonly string[];
}

const own = {
  ...appFunctions,
  importDump: lazily(async () => (await import('../app/tasks/label-import.ts')).importDump),
};

/** `label import`. */
export function addLabelImportCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withDumpFileOptions(withStepOptions(program.command('import [file]')))
    .description(
      'Add the messages of a file, or of a table of the database, to the training table, without labels.',
    )
    .addOption(
      new Option(
        '--table <name>',
        'a table of the database that the settings name, in place of a file',
      ).conflicts([...['format', 'encoding', 'delimiter', 'quotes']]),
    )
    .option(
      '--key-column <name>',
      'with --table: the column by whose values, all different, it is read; default: id',
    )
    .addOption(new Option('--community-column <name>', 'column of the community').conflicts('community'))
    .option('--community <name>', 'the community of all rows; default: none')
    .addOption(new Option('--source-column <name>', 'column of the source').conflicts('source'))
    .option(
      '--source <name>',
      'where all rows come from: reported, random, or a name of your own; default: import',
    )
    .option(
      '--strict',
      'end at the first row that cannot be imported; without it, such rows are skipped and counted',
    )
    .addHelpText(
      'after',
      examples(
        'sluice label import reported.csv --text-column body --source reported --config config/embedded.yaml',
        'sluice label import dump.tsv --encoding windows-1252 --source random --apply',
        'sluice label import --table messages --text-column body --community-column community --apply',
      ),
    )
    .action(async (file: string | undefined, options: ImportOptions) => {
      const order = {
        source: sourceOf(file, options),
        strict: options.strict ?? false,
        columns: columnsOf(options),
      };
      answer(await labelImport(options, order, { terminal, app, runParts }));
    });
}

/** Options of a command that reads a file of messages. */
export function withDumpFileOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'format of the file; default: by its name').choices([
        'csv',
        'tsv',
        'jsonl',
      ]),
    )
    .option(
      '--encoding <name>',
      'encoding of the file, such as windows-1252; default: UTF-8, or as its byte order mark says',
    )
    .option(
      '--delimiter <character>',
      'what is between the fields of a CSV; default: what its header has most of',
    )
    .addOption(
      new Option(
        '--quotes <on|off>',
        'whether a field in quotes may hold delimiters and line breaks; default: on for CSV',
      ).choices(['on', 'off']),
    )
    .option('--no-header', 'the file has no header; columns are numbered from 1')
    .option('--text-column <name>', 'column of the text; default: message, text, body or content')
    .option('--label-column <name>', 'column of labels, if the rows have some')
    .option(
      '--spam-value <value>',
      'what it holds for spam; may be repeated; default: spam, 1, true',
      collect,
    )
    .option('--ham-value <value>', 'what it holds for ham; may be repeated; default: ham, 0, false', collect);
}

/** For the application. Throws `USAGE`. */
export function fileOf(
  file: string,
  options: DumpFileOptions,
): Extract<DumpSource, { readonly file: string }> {
  const { format, encoding, delimiter, quotes, header } = options;
  if (delimiter !== undefined && delimiter.length !== 1 && delimiter !== '\\t')
    throw new SluiceError('USAGE', 'the delimiter must be one character, or \\t for a tab');
  return {
    file,
    options: {
      ...{ format, encoding, header, delimiter: delimiter === '\\t' ? '\t' : delimiter },
      quotes: quotes === undefined ? undefined : quotes === 'on',
    },
  };
}

/** What becomes of the columns. */
export function labelColumnsOf({
  textColumn,
  labelColumn,
  spamValue,
  hamValue,
}: DumpFileOptions): ImportOrder['columns'] {
  return defined({ text: textColumn, label: labelColumn, spamValues: spamValue, hamValues: hamValue });
}

function columnsOf(options: ImportOptions): ImportOrder['columns'] {
  const { labelColumn, spamValue, hamValue, communityColumn, community, sourceColumn, source } = options;
  if (labelColumn === undefined && (spamValue ?? hamValue) !== undefined)
    throw new SluiceError('USAGE', 'name the column of the labels with --label-column');
  return { ...labelColumnsOf(options), ...defined({ communityColumn, community, sourceColumn, source }) };
}

function sourceOf(file: string | undefined, options: ImportOptions): DumpSource {
  const { table, keyColumn } = options;
  if ((file === undefined) === (table === undefined))
    throw new SluiceError('USAGE', 'name what to import: a file, or a table with --table');
  if (table !== undefined) return { table, key: keyColumn ?? 'id' };
  if (keyColumn !== undefined) throw new SluiceError('USAGE', '--key-column is for --table');
  return fileOf(file!, options);
}

async function labelImport(
  options: ImportOptions,
  order: Pick<ImportOrder, 'source' | 'columns' | 'strict'>,
  { terminal, app, runParts }: Pick<CommandContext, 'terminal' | 'runParts'> & { readonly app: typeof own },
): Promise<ExitCode> {
  const { settings, log } = await openFor(options, terminal, app);
  const { apply = false, json = false } = options;
  const line = new StepLine(terminal);
  try {
    const { result: report, interrupted } = await whileInterruptible(
      (signal) =>
        app.importDump(settings, log, {
          ...order,
          ...{ apply, signal, by: actorOf(options) },
          progress: (at) => line.show(importProgressText(at)),
        }),
      { ...runParts, say: (text) => line.above(text), words: 'Stopping. A second signal ends at once.\n' },
    );
    line.end();
    return await printImportReport(report, { json, interrupted }, terminal);
  } finally {
    line.end();
  }
}

/** Prints the report; 130 or 143 where it was interrupted. */
export async function printImportReport(
  report: ImportReport,
  { json, interrupted }: { readonly json: boolean; readonly interrupted: ExitCode | undefined },
  terminal: Pick<CommandContext['terminal'], 'stdout'>,
): Promise<ExitCode> {
  await terminal.stdout.write(json ? `${JSON.stringify(report)}\n` : printable(importReportText(report)));
  return report.state === 'stopped' || report.state === 'unfinished'
    ? (interrupted ?? exitCodes.interrupted)
    : exitCodes.ok;
}

const BAR = 20;

/** `adding   [#####···············]  25 %  12,345 rows` */
export function importProgressText({ phase, rows, share }: ImportProgress): string {
  const done = share === null ? undefined : Math.floor(share * BAR);
  const bar =
    done === undefined
      ? ''
      : `[${'#'.repeat(done)}${'·'.repeat(BAR - done)}] ${String(Math.floor(share! * 100)).padStart(3)} %  `;
  return `${phase.padEnd(9)} ${bar}${countText(rows)} rows`;
}

/** Without what is undefined. */
function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
