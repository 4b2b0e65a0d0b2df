import type { CountedData } from '../app/learning/count-data.ts';
import { printable } from '../core/printable.ts';
import { lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { countText } from './label-step-output.ts';
import { collect, dataHelp } from './option-values.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';

interface CountOptions extends SettingsOptions {
  readonly data?: readonly string[];
  readonly tables?: boolean;
  readonly json?: boolean;
}

const own = {
  countData: lazily(async () => (await import('../app/learning/count-data.ts')).countData),
};

/** `dataset count`. */
export function addDatasetCountCommand({
  program,
  terminal,
  functions,
  answer,
  runParts,
}: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('count'))
    .description('Count the labeled messages that a data set would be assembled from.')
    .option('-d, --data <data>', dataHelp, collect)
    .option('--tables', 'the tables of the database: labels, messages, and what users reported')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples('sluice dataset count --data corpus:own --tables --config config/embedded.yaml'),
    )
    .action(async (options: CountOptions) => {
      const { settings } = await loadFor(options, terminal);
      const { data, tables = false, json } = options;
      const { result, interrupted } = await whileInterruptible(
        (signal) => app.countData(settings, { ...(data === undefined ? {} : { data }), tables, signal }),
        { ...runParts, say: (text) => terminal.say(text), words: 'Stopping.\n' },
      );
      await terminal.stdout.write(
        json ? `${JSON.stringify(result)}\n` : printable(countsText(result, tables)),
      );
      answer(interrupted ?? exitCodes.ok);
    });
}

function countsText({ sets, tables, reported }: CountedData, withTables: boolean): string {
  const lines = [...sets, ...tables].map(
    ({ name, spam, ham }) => `${name}: spam ${countText(spam)}, ham ${countText(ham)}`,
  );
  if (withTables) lines.push(`reported and not decided: ${countText(reported)}`);
  return `${lines.join('\n')}\n`;
}
