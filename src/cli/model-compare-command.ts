import { Option } from 'commander';
import { type Gate, gates } from '../core/gate-report.ts';
import { printable } from '../core/printable.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { LiveLine } from './live-line.ts';
import { comparisonText } from './model-compare-text.ts';
import { collect, wholeNumber } from './option-values.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

interface ModelCompareOptions extends SettingsOptions {
  readonly data: readonly string[];
  readonly everything?: boolean;
  readonly gate?: Gate;
  readonly disagreements: number;
  readonly json?: boolean;
}

const own = {
  ...appFunctions,
  compareModelsOn: lazily(async () => (await import('../app/tasks/compare-models.ts')).compareModelsOn),
};

/** `model compare`. `program`: the group `model`. */
export function addModelCompareCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('compare'))
    .description('Compare two models on labeled messages. Exits with 1 if the gate refuses the second one.')
    .argument('<champion>', 'a version of "sluice model list", "active", "latest", or a model’s folder')
    .argument('<challenger>', 'the same; the model that is to become active')
    .requiredOption(
      '-d, --data <data>',
      'folder of "sluice dataset assemble"; or a CSV or TSV file, corpus:own, corpus:spam-assassin or corpus:chitchat[:MESSAGES]; may be repeated',
      collect,
    )
    .option('--everything', 'use all of a file, not only the test set that training holds out')
    .addOption(new Option('--gate <gate>', 'default: the setting retrain.gate.kind').choices(gates))
    .option('--disagreements <number>', 'messages to show on which the models disagree', wholeNumber, 10)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice model compare active latest --data dataset',
        'sluice model compare active models/20261101T120000Z-0123abcd --data corpus:own --gate document',
      ),
    )
    .action(async (champion: string, challenger: string, options: ModelCompareOptions) =>
      answer(await modelCompare({ champion, challenger }, options, terminal, app)),
    );
}

async function modelCompare(
  models: { readonly champion: string; readonly challenger: string },
  options: ModelCompareOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const { settings, origins } = await loadFor(options, terminal);
  const line = terminal.interactive ? new LiveLine(terminal) : undefined;
  const level = origins.has('log.level') ? settings.log.level : 'warn';
  const log = await app.createLog({ level, format: settings.log.format, destination: line?.log ?? 'stderr' });
  const order = {
    ...models,
    data: options.data,
    everything: options.everything ?? false,
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    disagreements: options.disagreements,
    ...{ settings, log },
    workingDirectory: terminal.workingDirectory,
    progress: (scored: number, name?: string) =>
      line?.show(`${scored} messages scored${name === undefined ? '' : `, ${name}`}`),
  };
  try {
    const { result, interrupted } = await whileInterruptible(
      async (signal) => {
        try {
          return await app.compareModelsOn({ ...order, signal });
        } catch (error) {
          if (!signal.aborted) throw error;
          return undefined;
        }
      },
      { say: (text) => terminal.say(text), words: 'Stopping.\n' },
    );
    line?.end();
    if (result === undefined) return interrupted ?? exitCodes.interrupted;
    const text = options.json ? printable(`${JSON.stringify(result, null, 2)}\n`) : comparisonText(result);
    await terminal.stdout.write(text);
    return result.report.promoted ? exitCodes.ok : exitCodes.no;
  } finally {
    line?.end();
  }
}
