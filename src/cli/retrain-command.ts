import { hostname } from 'node:os';
import { Option } from 'commander';
import type { GivenModel } from '../app/learning/given-model.ts';
import { SluiceError } from '../core/errors.ts';
import { type Gate, gates } from '../core/gate-report.ts';
import type { Log } from '../ports/log.ts';
import { originText } from '../settings/layer.ts';
import type { LoadedSettings } from '../settings/load-settings.ts';
import { pinnedModel } from '../settings/pinned-model.ts';
import { type Profile, profiles } from '../training/profiles.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { actorOf } from './label-step-output.ts';
import { collect, positiveNumber, wholeNumber } from './option-values.ts';
import { outcomeText, runsText } from './retrain-text.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { RunParts } from './signals.ts';
import type { Terminal } from './terminal.ts';
import { trainingStepText } from './train-command.ts';

interface RetrainCommandOptions extends SettingsOptions {
  readonly gate?: Gate;
  readonly profile: Profile;
  readonly seed?: number;
  readonly jobs: number;
  readonly out?: string;
  readonly language?: readonly string[];
  readonly ownDomain?: readonly string[];
  readonly by?: string;
  readonly anyway?: boolean;
  readonly dataset?: string;
  readonly model?: string;
  readonly resume?: boolean;
  readonly list?: boolean;
  readonly schedule?: string;
  readonly timeZone: string;
  readonly json?: boolean;
}

const own = {
  ...appFunctions,
  runRetraining: lazily(async () => (await import('../app/learning/retrain.ts')).runRetraining),
  runRetrainSchedule: lazily(async () => (await import('../app/learning/retrain.ts')).runRetrainSchedule),
  listRetrainings: lazily(async () => (await import('../app/learning/retrain.ts')).listRetrainings),
};

/** Runs that `--list` shows. */
const LISTED = 20;

/** `retrain`. */
export function addRetrainCommand({ program, terminal, functions, answer, runParts }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('retrain'))
    .description(
      'Train a new model on what people decided, compare it with the active one, and make it active if it is better. Requires Python 3.11 or later.',
    )
    .addOption(
      new Option('--gate <gate>', 'when it is better; default: the setting retrain.gate.kind').choices(gates),
    )
    .addOption(new Option('--profile <profile>', 'base models to train').choices(profiles).default('default'))
    .option('--seed <number>', 'seed of all random choices; default: retrain.run.seed', wholeNumber)
    .option(
      '--jobs <number>',
      'base models to train in parallel; does not change the result',
      positiveNumber,
      1,
    )
    .option('-o, --out <folder>', 'folder that keeps the new model; default: one in retrain.run.folder')
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
    .option('--by <name>', 'who does it, for the record; default: the user of this process')
    .option('--anyway', 'train though no label is new')
    .addOption(
      new Option(
        '--dataset <folder>',
        'of "sluice dataset assemble": assemble nothing; with --model',
      ).conflicts(['schedule', 'resume']),
    )
    .addOption(
      new Option(
        '--model <folder>',
        'of "sluice train --dataset": train nothing, only compare and promote; with --dataset',
      ).conflicts(['schedule', 'resume']),
    )
    .addOption(
      new Option('--resume', 'only finish a promotion that was cut off').conflicts(['schedule', 'anyway']),
    )
    .option('--schedule <cron>', 'run until stopped, and retrain at these times: five fields of cron')
    .option('--time-zone <zone>', 'of the schedule, by its IANA name', 'UTC')
    .addOption(new Option('--list', 'only print the last retrainings').conflicts(['schedule', 'resume']))
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Exits with 0 if the new model is active or nothing was to be done, with 1 if the gate refused it, with 75 if another
process retrains.
${examples(
  'sluice retrain --config config/embedded.yaml',
  "sluice retrain --config config/production.yaml --schedule '0 0 1 * *' --time-zone Europe/Berlin",
  'sluice retrain --config config/production.yaml --list',
)}`,
    )
    .action(async (options: RetrainCommandOptions) =>
      answer(await retrainCommand(options, terminal, app, runParts)),
    );
}

async function retrainCommand(
  options: RetrainCommandOptions,
  terminal: Terminal,
  app: typeof own,
  runParts: RunParts = {},
): Promise<ExitCode> {
  const loaded = await loadFor(options, terminal);
  if (options.list) return await list(options, loaded, terminal, app);
  refusePinned(loaded);
  const { settings } = loaded;
  const isScheduled = options.schedule !== undefined;
  const level = !isScheduled && settings.log.level === 'info' ? 'warn' : settings.log.level;
  const destination = isScheduled ? 'stdout' : 'stderr';
  const log = await app.createLog({ level, format: settings.log.format, destination });
  if (isScheduled) return await keep(options, loaded, log, terminal, app, runParts);
  const words = 'Interrupted; the active model stays. A promotion that has begun is finished first.\n';
  const { result, interrupted } = await whileInterruptible(
    async (signal) => {
      try {
        return await app.runRetraining(settings, log, {
          ...orderOf(options, loaded, terminal),
          ...{ resumeOnly: options.resume ?? false, signal },
        });
      } catch (error) {
        if (signal.aborted) return undefined;
        throw error;
      }
    },
    { ...stopParts(runParts), say: (text) => terminal.say(text), words },
  );
  if (result === undefined) return interrupted ?? exitCodes.internal;
  const { resumed, run } = result;
  await terminal.stdout.write(
    options.json ? `${JSON.stringify({ resumed, run }, null, 2)}\n` : outcomeText(result),
  );
  const last = run ?? resumed;
  return last?.state === 'refused' || last?.state === 'withdrawn' ? exitCodes.no : exitCodes.ok;
}

/** Until a signal stops it. */
async function keep(
  options: RetrainCommandOptions,
  loaded: LoadedSettings,
  log: Log,
  terminal: Terminal,
  app: typeof own,
  runParts: RunParts,
): Promise<ExitCode> {
  const words = 'Stopping; a retraining that runs is cut off, and made up after the next start.\n';
  await whileInterruptible(
    async (signal) =>
      app.runRetrainSchedule(loaded.settings, log, {
        ...orderOf(options, loaded, terminal),
        ...{ pattern: options.schedule ?? '', timeZone: options.timeZone, signal },
        progress: ({ step, state, seconds }) => {
          if (state === 'finished') log.info({ step, seconds }, 'a step of the retraining is done');
        },
      }),
    { ...stopParts(runParts), say: (text) => terminal.say(text), words },
  );
  return exitCodes.ok;
}

function orderOf(options: RetrainCommandOptions, { settings }: LoadedSettings, terminal: Terminal) {
  const { profile, jobs, seed, out, language, ownDomain, gate } = options;
  const given = givenOf(options);
  const anyway = options.anyway ?? given !== undefined;
  const { retrain } = settings;
  return {
    ...{ profile, jobs, anyway, by: `${actorOf(options)}@${hostname()}` },
    gate: gate ?? retrain.gate.kind,
    seed: seed ?? retrain.run.seed,
    ...(out === undefined ? {} : { out }),
    ...(language === undefined ? {} : { languages: language }),
    ...(ownDomain === undefined ? {} : { ownDomains: ownDomain }),
    ...(given === undefined ? {} : { given }),
    progress: (step: Parameters<typeof trainingStepText>[0]) => terminal.say(trainingStepText(step)),
  };
}

/** Throws `USAGE` for one without the other. */
function givenOf({ dataset, model }: RetrainCommandOptions): GivenModel | undefined {
  if (dataset !== undefined && model !== undefined) return { dataset, model };
  if (dataset === undefined && model === undefined) return undefined;
  throw new SluiceError('USAGE', 'Name both --dataset and --model, or neither.');
}

async function list(
  { json }: RetrainCommandOptions,
  { settings }: LoadedSettings,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const runs = await app.listRetrainings(settings, LISTED);
  await terminal.stdout.write(json ? `${JSON.stringify(runs, null, 2)}\n` : runsText(runs));
  return exitCodes.ok;
}

/** Throws `SETTINGS_INVALID` where no daemon with these settings would follow a promotion. */
function refusePinned({ settings, origins }: LoadedSettings): void {
  const origin = origins.get('model.version') ?? { kind: 'default' };
  const pinned = pinnedModel(settings, origin);
  if (pinned === undefined) return;
  throw new SluiceError(
    'SETTINGS_INVALID',
    `model.version is ${pinned} (${originText(origin)}), which daemons obey whatever is activated; remove it, or set it to active, so that a retraining can change the model`,
  );
}

function stopParts({
  drawEveryMilliseconds: _,
  ...parts
}: RunParts): Omit<RunParts, 'drawEveryMilliseconds'> {
  return parts;
}
