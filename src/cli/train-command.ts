import { Option } from 'commander';
import type { trainOn } from '../app/tasks/train-on.ts';
import { SluiceError } from '../core/errors.ts';
import { type Blending, blendings, type Profile, profiles } from '../training/profiles.ts';
import type { TrainingStep } from '../training/training-progress.ts';
import type { TrainingFigures } from '../training/write-model.ts';
import { lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { collect, dataHelp, positiveNumber, wholeNumber } from './option-values.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

interface TrainCommandOptions extends SettingsOptions {
  readonly data?: readonly string[];
  readonly dataset?: string;
  readonly out: string;
  readonly profile: Profile;
  readonly blending?: Blending;
  readonly final?: boolean;
  readonly search?: boolean;
  readonly seed: number;
  readonly jobs: number;
  readonly language?: readonly string[];
  readonly ownDomain?: readonly string[];
  readonly json?: boolean;
}

const own = {
  trainOn: lazily(async () => (await import('../app/tasks/train-on.ts')).trainOn),
};

/** `train`. */
export function addTrainCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('train'))
    .description('Train a model on labeled data and print its folder. Requires Python 3.11 or later.')
    .option('-d, --data <data>', dataHelp, collect)
    .option(
      '--dataset <folder>',
      'a data set of "sluice dataset assemble", in place of --data; its held-out part is the testing part',
    )
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
    .option(
      '--jobs <number>',
      'base models to train in parallel; does not change the result',
      positiveNumber,
      1,
    )
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
      examples(
        'sluice train --data corpus:spam-assassin --data messages.csv --out models',
        'sluice train --dataset november --out models',
      ),
    )
    .action(async (options: TrainCommandOptions) => answer(await trainCommand(options, terminal, app)));
}

/** Throws `USAGE` unless it is exactly one of the two. */
function dataOf({ data, dataset }: TrainCommandOptions): Parameters<typeof trainOn>[0]['data'] {
  if (data !== undefined && dataset === undefined) return data;
  if (data === undefined && dataset !== undefined) return { folder: dataset };
  throw new SluiceError(
    'USAGE',
    data === undefined
      ? 'There is nothing to train on. Give --data, or --dataset with a folder of "sluice dataset assemble".'
      : 'Give --data or --dataset, not both: an assembled data set holds its data sets already.',
  );
}

/** Trains a model on labeled data and writes its folder below `out`. Prints the path of the folder on stdout. */
async function trainCommand(
  options: TrainCommandOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const data = dataOf(options);
  const { settings } = await loadFor(options, terminal);
  const { rejectMin, rejectMax } = settings.decide;
  const interruption = new AbortController();
  let cutOff: ExitCode | undefined;
  const interruptWith = (code: ExitCode) => () => {
    cutOff = code;
    interruption.abort();
  };
  const [onInterrupt, onTerminate] = [
    interruptWith(exitCodes.interrupted),
    interruptWith(exitCodes.terminated),
  ];
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate);
  try {
    const order: Parameters<typeof trainOn>[0] = {
      data,
      out: options.out,
      profile: options.profile,
      seed: options.seed,
      final: options.final ?? false,
      search: options.search ?? false,
      ...(options.blending === undefined ? {} : { blending: options.blending }),
      jobs: options.jobs,
      thresholds: { rejectMin, rejectMax },
      ...(options.language === undefined ? {} : { languages: options.language }),
      ownDomains: options.ownDomain ?? [],
      progress: (step) => terminal.say(trainingStepText(step)),
      signal: interruption.signal,
    };
    const { version, path, manifest, figures, duplicates, samples = {} } = await app.trainOn(order);
    const { spam, ham } = manifest.data;
    terminal.say(`Trained on ${spam} spam and ${ham} ham messages, ${duplicates} duplicates left out.\n`);
    for (const [name, { rows, of }] of Object.entries(samples))
      terminal.say(`${name} was fitted to a sample: ${rows} rows (messages, pieces and copies) of ${of}.\n`);
    for (const line of figureLines(figures)) terminal.say(line);
    await terminal.stdout.write(
      options.json ? `${JSON.stringify({ version, path, spam, ham, duplicates })}\n` : `${path}\n`,
    );
    return exitCodes.ok;
  } catch (error) {
    if (cutOff === undefined) throw error;
    terminal.say('Interrupted; no model was written.\n');
    return cutOff;
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate);
  }
}

const PARTS = {
  out_of_fold: 'Out of fold',
  blending_part: 'Blending part (the blender has seen it)',
  validation_part: 'Validation part',
  held_out: 'Held out',
  testing_part: 'Testing part',
} as const;

/** Of each part that has messages: true and false positive rate, and Matthews correlation, at 0.5. */
function figureLines(figures: TrainingFigures): string[] {
  return Object.entries(PARTS).flatMap(([part, name]) => {
    const all = figures[part as keyof typeof PARTS]?.all;
    if (all === undefined) return [];
    const [tpr, fpr] = [all.spam_above_half, all.ham_above_half].map(percent);
    const mcc = all.mcc_at_half?.toFixed(4) ?? '–';
    return [`${name}: TPR ${tpr}, FPR ${fpr}, MCC ${mcc} (${all.spam} spam, ${all.ham} ham).\n`];
  });
}

function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${(share * 100).toFixed(2)} %`;
}

/** A step of a training, on stderr. */
export function trainingStepText({ step, state, done, of, seconds, peakBytes }: TrainingStep): string {
  if (state === 'started') return `${step} …\n`;
  if (state === 'advanced') return done === 0 ? '' : `${step}: ${done} of ${of}\n`;
  const memory = peakBytes === undefined ? '' : `, ${(peakBytes / 1024 ** 2).toFixed(0)} MiB`;
  return `${step}: ${(seconds ?? 0).toFixed(1)} s${memory}\n`;
}
