import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { SluiceError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { LiveLine } from './live-line.ts';
import { collect } from './option-values.ts';
import { reportSummary } from './report-summary.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

interface ReportCommandOptions extends SettingsOptions {
  readonly data?: readonly string[];
  readonly model?: string;
  readonly compare?: string;
  readonly everything?: boolean;
  readonly out?: string;
  readonly json?: string;
  readonly plots?: string;
  readonly live?: boolean;
  readonly from?: number;
  readonly to?: number;
  readonly prometheus?: string;
}

const own = {
  ...appFunctions,
  reportOn: lazily(async () => (await import('../app/tasks/report-on.ts')).reportOn),
  writeReport: lazily(async () => (await import('../app/tasks/write-report.ts')).writeReport),
};

/** That of the demonstration. */
const DEFAULT_DATA = 'corpus:spam-assassin';
const DAYS = 30;
const DAY = 24 * 60 * 60 * 1000;

/** `report`. */
export function addReportCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('report'))
    .description(
      'Write a report with plots: how good a model is on labeled messages, and with --live how a running system does. docs/report.md explains each figure.',
    )
    .option(
      '-d, --data <data>',
      `folder of "sluice dataset assemble"; or a CSV, TSV or JSON Lines file, corpus:own, corpus:spam-assassin or corpus:chitchat[:MESSAGES]; may be repeated; default: ${DEFAULT_DATA}`,
      collect,
    )
    .option(
      '-m, --model <model>',
      'a version of "sluice model list", "active", "latest", or a model’s folder; default: the model that the settings select',
    )
    .option('--compare <model>', 'the same; another model, shown beside it on the same messages')
    .option('--everything', 'use all of the data, not only the test set that training holds out')
    .option('-o, --out <file>', 'write one HTML page, which needs nothing else')
    .option('--json <file>', 'write all figures as JSON')
    .option('--plots <folder>', 'write each plot as SVG and PNG')
    .option('--live', 'also report what the running system did; without a model or data, only that')
    .option(
      '--from <date>',
      `begin of what --live covers, e.g. 2026-11-01; default: ${DAYS} days before its end`,
      date,
    )
    .option('--to <date>', 'end of what --live covers; default: now', date)
    .option('--prometheus <url>', 'Prometheus that collects the metrics of the running system; with --live')
    .addHelpText(
      'after',
      examples(
        'sluice report --out report.html',
        'sluice report --data labeled.csv --everything --compare latest --out report.html --json report.json',
        'sluice report --config config/production.yaml --live --prometheus http://localhost:9090 --out live.html',
      ),
    )
    .action(async (options: ReportCommandOptions) => answer(await reportCommand(options, terminal, app)));
}

async function reportCommand(
  options: ReportCommandOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const now = new Date();
  const order = { ...evaluatedOf(options), ...liveOf(options, now.getTime()) };
  const targets = targetsOf(options, terminal);
  const { settings, origins } = await loadFor(options, terminal);
  const line = terminal.interactive ? new LiveLine(terminal) : undefined;
  const level = origins.has('log.level') ? settings.log.level : 'warn';
  const log = await app.createLog({ level, format: settings.log.format, destination: line?.log ?? 'stderr' });
  try {
    const { result, interrupted } = await whileInterruptible(
      async (signal) => {
        try {
          return await app.reportOn({
            ...{ ...order, settings, log, now, signal },
            workingDirectory: terminal.workingDirectory,
            progress: (scored, name) =>
              line?.show(`${scored} messages scored${name === undefined ? '' : `, ${name}`}`),
          });
        } catch (error) {
          if (!signal.aborted) throw error;
          return undefined;
        }
      },
      { say: (text) => terminal.say(text), words: 'Stopping.\n' },
    );
    line?.end();
    if (result === undefined) return interrupted ?? exitCodes.interrupted;
    const files = await app.writeReport(result.facts, targets);
    for (const why of result.empty) terminal.say(printable(`warning: ${why}\n`));
    await terminal.stdout.write(printable(reportSummary(result.facts, files)));
    return exitCodes.ok;
  } finally {
    line?.end();
  }
}

/** Which model on which messages; nothing for a page of the running system alone. */
function evaluatedOf({ data, model, compare, everything, live }: ReportCommandOptions) {
  const isNamed = [data, model, compare, everything].some((option) => option !== undefined);
  if (live === true && !isNamed) return {};
  return {
    evaluated: {
      ...{ data: data ?? [DEFAULT_DATA], everything: everything ?? false },
      ...(model === undefined ? {} : { model }),
      ...(compare === undefined ? {} : { compare }),
    },
  };
}

function liveOf({ live, from, to = Number.NaN, prometheus }: ReportCommandOptions, now: number) {
  if (live !== true) {
    if (from === undefined && Number.isNaN(to) && prometheus === undefined) return {};
    throw new SluiceError('USAGE', '--from, --to and --prometheus are of the running system; add --live.');
  }
  const end = Number.isNaN(to) ? now : to;
  const begin = from ?? end - DAYS * DAY;
  if (begin >= end)
    throw new SluiceError('USAGE', '--from must be before --to, which is now where it is left out.');
  return { live: { from: begin, to: end, ...(prometheus === undefined ? {} : { prometheus }) } };
}

function targetsOf(options: ReportCommandOptions, { workingDirectory }: Terminal) {
  const targets: { out?: string; json?: string; plots?: string } = {};
  for (const name of ['out', 'json', 'plots'] as const) {
    const given = options[name];
    if (given !== undefined) targets[name] = resolve(workingDirectory, given);
  }
  if (Object.keys(targets).length > 0) return targets;
  throw new SluiceError('USAGE', 'Name what to write: --out FILE.html, --json FILE or --plots FOLDER.');
}

/** Epoch milliseconds. A day without a time begins in UTC. */
function date(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new InvalidArgumentError('It must be a date such as 2026-11-01 or 2026-11-01T12:00:00Z.');
  return time;
}
