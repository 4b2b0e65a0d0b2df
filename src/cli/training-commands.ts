import { type Command, InvalidArgumentError, Option } from 'commander';
import { disguiseKinds, paddingKinds } from '../core/disguise-kinds.ts';
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
  addTrain(program, terminal, app, answer);
  addEvaluate(program, terminal, app, answer);
  addSample(program, terminal, answer);
}

function addTrain(
  program: Command,
  terminal: Terminal,
  app: AppFunctions,
  answer: (code: ExitCode) => void,
): void {
  withSettingsOptions(program.command('train'))
    .description('Train a model on labeled data and print its folder. Requires Python 3.11 or later.')
    .requiredOption('-d, --data <data>', dataHelp, collect)
    .requiredOption('-o, --out <folder>', 'folder in which the model’s folder is created')
    .addOption(
      new Option('--profile <profile>', 'base models to train; quick is small and fast')
        .choices(profiles)
        .default('default'),
    )
    .addOption(
      new Option(
        '--blending <mode>',
        'which messages train the base models and which the blender; default: that of the profile',
      ).choices(blendings),
    )
    .option('--final', 'after evaluation, refit the base models on the whole training set')
    .option('--search', 'first search a grid of hyperparameters of the base models')
    .option('--seed <number>', 'seed of all random choices', wholeNumber, 0)
    .option('--jobs <number>', 'base models to train in parallel; does not change the result', wholeNumber, 1)
    .option(
      '--language <tag>',
      'a language of the messages; the first is the default; may be repeated',
      collect,
    )
    .option(
      '--own-domain <domain>',
      'a domain whose links are not counted as links; may be repeated',
      collect,
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples('sluice train --data corpus:spam-assassin --data messages.csv --out models'),
    )
    .action(async (options: TrainCommandOptions) => answer(await trainCommand(options, terminal, app)));
}

function addEvaluate(
  program: Command,
  terminal: Terminal,
  app: AppFunctions,
  answer: (code: ExitCode) => void,
): void {
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
        '--disguise <kind>',
        'also evaluate with this obfuscation, or padding, applied to the messages',
      ).choices([...disguiseKinds, ...paddingKinds, 'all']),
    )
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      examples(
        'sluice evaluate --data corpus:spam-assassin',
        'sluice evaluate --data corpus:spam-assassin --disguise all',
        'sluice evaluate --model models --everything --data others.csv --json',
      ),
    )
    .action(async (options: EvaluateCommandOptions) => answer(await evaluateCommand(options, terminal, app)));
}

function addSample(program: Command, terminal: Terminal, answer: (code: ExitCode) => void): void {
  program
    .command('sample')
    .description('Print synthetic messages with labels, one JSON line each, for trying Sluice out.')
    .option('-n, --count <number>', 'number of messages', wholeNumber, 100)
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
  'a CSV or TSV file, corpus:own, corpus:spam-assassin or corpus:chitchat[:MESSAGES]; may be repeated';

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
