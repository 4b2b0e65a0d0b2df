import { type Command, InvalidArgumentError, Option } from 'commander';
import { blendings, profiles } from '../training/profiles.ts';
import { sampleLanguages } from '../training/sample-messages.ts';
import type { AppFunctions } from './app-functions.ts';
import { type EvaluateCommandOptions, evaluateCommand } from './evaluate-command.ts';
import { examples } from './examples.ts';
import type { ExitCode } from './exit-codes.ts';
import { type SampleCommandOptions, sampleCommand } from './sample-command.ts';
import { withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';
import { type TrainCommandOptions, trainCommand } from './train-command.ts';

/** `train`, `evaluate` and `sample`. */
export function addTrainingCommands(
  program: Command,
  terminal: Terminal,
  app: AppFunctions,
  answer: (code: ExitCode) => void,
): void {
  withSettingsOptions(program.command('train'))
    .description(
      'Train a model on labelled data; prints the folder of the model. Needs Python 3.11 or later.',
    )
    .requiredOption('-d, --data <data>', dataHelp, collect)
    .requiredOption('-o, --out <folder>', 'folder below which the model’s folder is written')
    .addOption(
      new Option('--profile <profile>', 'what is trained; quick is small and soon done')
        .choices(profiles)
        .default('default'),
    )
    .addOption(
      new Option(
        '--blending <mode>',
        'which messages train the members and which the blender; without it, the profile’s own',
      ).choices(blendings),
    )
    .option('--final', 'when the figures have been taken, refit the members on the whole training part')
    .option('--search', 'search a grid of the members’ settings first')
    .option('--seed <number>', 'of everything that is drawn at random', wholeNumber, 0)
    .option('--jobs <number>', 'members trained at once; the result does not depend on it', wholeNumber, 1)
    .option(
      '--language <tag>',
      'a language of the messages; the first is the default; may be repeated',
      collect,
    )
    .option('--own-domain <domain>', 'links to it are not counted as links; may be repeated', collect)
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      examples('sluice train --data corpus:spam-assassin --data messages.csv --out models'),
    )
    .action(async (options: TrainCommandOptions) => answer(await trainCommand(options, terminal, app)));

  withSettingsOptions(program.command('evaluate'))
    .description('Judge labelled data with the model that the settings choose, and print the figures.')
    .requiredOption('-d, --data <data>', dataHelp, collect)
    .option('-m, --model <folder>', 'a model’s folder, or one of models; without it, the settings choose')
    .option('--everything', 'not only the part that training keeps back for testing')
    .option('--json', 'one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice evaluate --data corpus:spam-assassin',
        'sluice evaluate --model models --everything --data others.csv --json',
      ),
    )
    .action(async (options: EvaluateCommandOptions) => answer(await evaluateCommand(options, terminal, app)));

  program
    .command('sample')
    .description('Write made-up messages with labels, one JSON line each: something to try the line with.')
    .option('-n, --count <number>', 'how many', wholeNumber, 100)
    .option('--spam <share>', 'share of spam, from 0 to 1', share, 0.1)
    .option('--seed <number>', 'the same seed gives the same messages', wholeNumber, 0)
    .addOption(new Option('--language <tag>', 'only this language').choices(sampleLanguages))
    .addHelpText(
      'after',
      examples(
        'sluice sample --count 1000 | sluice score',
        'sluice sample --count 1000 > data/inbox/sample.jsonl',
      ),
    )
    .action(async (options: SampleCommandOptions) => answer(await sampleCommand(options, terminal)));
}

const dataHelp =
  'a csv or tsv file, corpus:own, corpus:spam-assassin or corpus:chitchat[:MESSAGES]; may be repeated';

/** Without a default for the option, which would satisfy one that is required. */
function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('It must be from 0 to 1.');
  return value;
}
