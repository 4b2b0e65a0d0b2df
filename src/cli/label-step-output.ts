import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { printable } from '../core/printable.ts';
import {
  type KnownAs,
  type RowOutcome,
  rowOutcomes,
  type StepExample,
  type StepProgress,
  type StepReport,
  type StepRun,
} from '../core/step-report.ts';
import type { Log } from '../ports/log.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { appFunctions } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { LiveLine } from './live-line.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

/** Options of every command that runs a label step. */
export interface StepOptions extends SettingsOptions {
  readonly apply?: boolean;
  readonly by?: string;
  readonly json?: boolean;
}

/** Settings, `--apply`, `--by` and `--json`. */
export function withStepOptions(command: Command): Command {
  return withByOption(withSettingsOptions(command))
    .option('--apply', 'change the table; without it, only print what would be changed')
    .option('--json', 'print one JSON document');
}

export function withByOption(command: Command): Command {
  return command.option('--by <name>', 'who does it, for the record; default: the user of this process');
}

/** The name of `--by`, else of the user that runs this process. */
export function actorOf({ by }: { readonly by?: string }): string {
  if (by !== undefined) return by;
  try {
    return userInfo().username;
  } catch {
    // A container may run a user id that has no name.
    return 'command line';
  }
}

/** Settings, and a log on stderr that has no more than warnings: what is asked for goes to stdout. */
export async function openFor(
  options: SettingsOptions,
  terminal: Terminal,
  app: Pick<typeof appFunctions, 'createLog'>,
): Promise<{ readonly settings: Settings; readonly log: Log }> {
  const { settings } = await loadFor(options, terminal);
  const level = settings.log.level === 'info' ? 'warn' : settings.log.level;
  const log = await app.createLog({ level, format: settings.log.format, destination: 'stderr' });
  return { settings, log };
}

/**
 * Runs a step and prints its report: the action of every command that changes rows of the training table. Ctrl-C stops the step, which
 * is then taken back.
 */
export async function labelStepCommand(
  options: StepOptions,
  {
    terminal,
    app,
    runParts,
  }: Pick<CommandContext, 'terminal' | 'runParts'> & { readonly app: Pick<typeof appFunctions, 'createLog'> },
  run: (settings: Settings, log: Log, how: StepRun) => Promise<StepReport>,
): Promise<ExitCode> {
  const { settings, log } = await openFor(options, terminal, app);
  const { apply = false, json = false } = options;
  const line = new StepLine(terminal);
  try {
    const { result: report, interrupted } = await whileInterruptible(
      (signal) =>
        run(settings, log, {
          apply,
          signal,
          by: actorOf(options),
          progress: (at) => line.show(progressText(at)),
        }),
      {
        ...runParts,
        say: (text) => line.above(text),
        words: apply
          ? 'Stopping: what this step has done is taken back. A second signal ends at once.\n'
          : 'Stopping.\n',
      },
    );
    line.end();
    await printStepReport(report, json, terminal);
    return report.state === 'undone' || report.state === 'stopped'
      ? (interrupted ?? exitCodes.interrupted)
      : exitCodes.ok;
  } finally {
    line.end();
  }
}

/** As text, or as one JSON document. */
export async function printStepReport(
  report: StepReport,
  json: boolean,
  terminal: Pick<Terminal, 'stdout'>,
): Promise<void> {
  await terminal.stdout.write(json ? `${JSON.stringify(report)}\n` : printable(stepReportText(report)));
}

const REDRAW_MS = 100;

/** A line on stderr that shows how far a step has come; nothing where stderr is no terminal. */
export class StepLine {
  readonly #terminal: Terminal;
  readonly #line: LiveLine;
  #drawn = Number.NEGATIVE_INFINITY;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#line = new LiveLine(terminal);
  }

  show(text: string): void {
    const now = performance.now();
    if (!this.#terminal.interactive || now - this.#drawn < REDRAW_MS) return;
    this.#drawn = now;
    this.#line.show(printable(text));
  }

  above(lines: string): void {
    this.#line.above(lines);
  }

  end(): void {
    this.#line.end();
  }
}

const counted = new Intl.NumberFormat('en');

/** `12,345` */
export function countText(count: number): string {
  return counted.format(count);
}

/** `1 row`, `12,345 rows` */
export function rowsText(count: number): string {
  return `${countText(count)} ${count === 1 ? 'row' : 'rows'}`;
}

export function progressText({ phase, rows }: StepProgress): string {
  const words = { planning: 'found', applying: 'changed', undoing: 'taken back' } as const;
  return `${rowsText(rows)} ${words[phase]}`;
}

const outcomeWords: Readonly<Record<RowOutcome, string>> = {
  spam: 'to spam',
  ham: 'to ham',
  removed: 'removed',
  grouped: 'into a group',
};

/** For people. What messages hold may drive a terminal, so the caller passes it through `printable`. */
export function stepReportText(report: StepReport): string {
  const { about, rows, known, becomes, examples, left_alone } = report;
  const lines = [about, headline(report)];
  const named = (entries: readonly (readonly [string, number])[]) =>
    entries
      .filter(([, count]) => count > 0)
      .map(([words, count]) => `${words} ${countText(count)}`)
      .join(', ');
  if (rows > 0) {
    const outcomes = named(rowOutcomes.map((outcome) => [outcomeWords[outcome], becomes[outcome]]));
    if (outcomes !== '') lines.push(`  ${outcomes}`);
    lines.push(
      `  known before as: spam ${countText(known.spam)}, ham ${countText(known.ham)}, unlabeled ${countText(known.unlabeled)}`,
    );
  }
  if (left_alone > 0)
    lines.push(
      `  ${rowsText(left_alone)} left alone: somebody changed them in the meantime, or they are decided`,
    );
  if (examples.length > 0) lines.push('examples:', ...examples.map(exampleText));
  return `${[...lines, ...advice(report)].join('\n')}\n`;
}

function headline({ state, step, rows }: StepReport): string {
  switch (state) {
    case 'planned':
      return `would change ${rowsText(rows)}`;
    case 'stopped':
      return `interrupted; it had found ${rowsText(rows)}`;
    case 'applied':
      return `step ${step}: changed ${rowsText(rows)}`;
    case 'undone':
      return `interrupted; step ${step} was taken back, ${rowsText(rows)}`;
  }
}

function advice({ state, step, rows }: StepReport): readonly string[] {
  if (state === 'applied') return [`"sluice label undo ${step}" takes it back.`];
  if (state === 'undone') return ['The table is as it was.'];
  if (state === 'planned' && rows === 0) return ['Nothing to change.'];
  return [state === 'stopped' ? 'Nothing was changed.' : 'Nothing was changed. With --apply, it is.'];
}

const SHOWN_CHARACTERS = 160;

function exampleText({ id, label, becomes, community, message }: StepExample): string {
  const known: KnownAs = label ?? 'unlabeled';
  const where = community === '' ? '' : ` [${community}]`;
  return `  ${id}${where} ${known} → ${becomes}: ${oneLine(message)}`;
}

/** The beginning of a message on one line. */
export function oneLine(message: string): string {
  const text = message
    .slice(0, 4 * SHOWN_CHARACTERS)
    .replaceAll(/\s+/g, ' ')
    .trim();
  const characters = [...text];
  return characters.length <= SHOWN_CHARACTERS
    ? text
    : `${characters.slice(0, SHOWN_CHARACTERS - 1).join('')}…`;
}
