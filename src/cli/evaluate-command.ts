import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Option } from 'commander';
import {
  type ObfuscationKind,
  obfuscationKinds,
  type PaddingKind,
  paddingKinds,
} from '../core/obfuscation-kinds.ts';
import { evaluationReport } from '../evaluation/evaluation-report.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { LiveLine } from './live-line.ts';
import { collect, dataHelp } from './option-values.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

interface EvaluateCommandOptions extends SettingsOptions {
  readonly data: readonly string[];
  /** A model's folder, or a folder of models. */
  readonly model?: string;
  readonly everything?: boolean;
  readonly obfuscation?: ObfuscationKind | PaddingKind | 'all';
  /** The former name of `obfuscation`. */
  readonly disguise?: ObfuscationKind | PaddingKind | 'all';
  readonly json?: boolean;
}

const own = {
  ...appFunctions,
  evaluateOn: lazily(async () => (await import('../app/tasks/evaluate-on.ts')).evaluateOn),
};

const applicable = [...obfuscationKinds, ...paddingKinds, 'all'];

/** `evaluate`. */
export function addEvaluateCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('evaluate'))
    .description('Evaluate the model that the settings select on labeled data.')
    .requiredOption('-d, --data <data>', dataHelp, collect)
    .option(
      '-m, --model <folder>',
      'folder of a model, or a folder of models; default: the model that the settings select',
    )
    .option('--everything', 'use all of the data, not only the test set that training holds out')
    .addOption(
      new Option(
        '--obfuscation <kind>',
        'also evaluate with this obfuscation, or padding, applied to the messages',
      ).choices(applicable),
    )
    .addOption(new Option('--disguise <kind>', 'former name of --obfuscation').choices(applicable).hideHelp())
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice evaluate --data corpus:spam-assassin',
        'sluice evaluate --data corpus:spam-assassin --obfuscation all',
        'sluice evaluate --model models --everything --data others.csv --json',
      ),
    )
    .action(async (options: EvaluateCommandOptions) => answer(await evaluateCommand(options, terminal, app)));
}

/** Evaluates the model that is named, or that the settings choose, on labeled data and prints the figures. */
async function evaluateCommand(
  options: EvaluateCommandOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  if (options.disguise !== undefined) terminal.say('warning: --disguise is deprecated; use --obfuscation.\n');
  const obfuscation = options.obfuscation ?? options.disguise;
  const { settings, origins } = await loadFor(withModel(options, terminal), terminal);
  const line = terminal.interactive ? new LiveLine(terminal) : undefined;
  const level = origins.has('log.level') ? settings.log.level : 'warn';
  const log = await app.createLog({ level, format: settings.log.format, destination: line?.log ?? 'stderr' });
  try {
    const evaluation = await app.evaluateOn({
      data: options.data,
      everything: options.everything ?? false,
      ...(obfuscation === undefined ? {} : { obfuscation }),
      settings,
      log,
      progress: (scored, name) =>
        line?.show(`${scored} messages scored${name === undefined ? '' : `, ${name}`}`),
    });
    line?.end();
    await terminal.stdout.write(
      options.json ? `${JSON.stringify(evaluation, null, 2)}\n` : evaluationReport(evaluation),
    );
    return exitCodes.ok;
  } finally {
    line?.end();
  }
}

/** `--model` as the settings have it: they know a folder of models and a version in it. */
function withModel(options: EvaluateCommandOptions, terminal: Terminal): SettingsOptions {
  if (options.model === undefined) return options;
  const folder = resolve(terminal.workingDirectory, options.model);
  const isModel = existsSync(join(folder, 'manifest.json'));
  const chosen = isModel
    ? [`model.localPath=${dirname(folder)}`, `model.version=${basename(folder)}`]
    : [`model.localPath=${folder}`, 'model.version=latest'];
  return { ...options, set: [...(options.set ?? []), ...chosen] };
}
