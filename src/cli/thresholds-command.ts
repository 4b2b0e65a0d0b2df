import { InvalidArgumentError } from 'commander';
import type { ThresholdChange } from '../app/live-settings/change-thresholds.ts';
import type { ProposedThresholds } from '../app/tasks/propose-thresholds.ts';
import { SluiceError } from '../core/errors.ts';
import { isMissing } from '../core/report-facts.ts';
import { proposalsOf } from '../evaluation/thresholds/threshold-report.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { actorOf } from './label-step-output.ts';
import { LiveLine } from './live-line.ts';
import { collect, positiveNumber } from './option-values.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';
import { thresholdsText } from './thresholds-text.ts';

interface ThresholdsOptions extends SettingsOptions {
  readonly data: readonly string[];
  readonly model?: string;
  readonly everything?: boolean;
  readonly costFalseAccusation?: number;
  readonly costMissed?: number;
  readonly costReview?: number;
  readonly prevalence?: number;
  readonly reviewsADay?: number;
  readonly messagesADay?: number;
  readonly maxFpr?: number;
  readonly confidence: number;
  readonly byCommunity?: boolean;
  readonly json?: boolean;
  readonly apply?: boolean;
  readonly by?: string;
  readonly why?: string;
}

const own = {
  ...appFunctions,
  proposeThresholds: lazily(
    async () => (await import('../app/tasks/propose-thresholds.ts')).proposeThresholds,
  ),
  applyThresholds: lazily(async () => (await import('../app/tasks/apply-thresholds.ts')).applyThresholds),
};

/** `thresholds`. */
export function addThresholdsCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('thresholds'))
    .description(
      'Propose decide.rejectMin and decide.rejectMax from what errors cost, or for a limit of the false positive rate. Saves them with --apply only.',
    )
    .requiredOption(
      '-d, --data <data>',
      'as "sluice evaluate" takes it, or a folder of "sluice dataset assemble"; may be repeated',
      collect,
    )
    .option('-m, --model <version>', 'version of the model; default: the one that the settings select')
    .option('--everything', 'use all of the data, not only the test set that training holds out')
    .option('--cost-false-accusation <cost>', 'of ham called spam; default: retrain.gate.costs', costOption)
    .option('--cost-missed <cost>', 'of spam called ham; default: retrain.gate.costs', costOption)
    .option(
      '--cost-review <cost>',
      'of a message that a person looks at; default: retrain.gate.costs',
      costOption,
    )
    .option(
      '--reviews-a-day <number>',
      'how many messages people can look at; with --messages-a-day',
      positiveNumber,
    )
    .option('--messages-a-day <number>', 'how many messages arrive', positiveNumber)
    .option(
      '--prevalence <share>',
      'of spam among the messages that arrive; default: that of the data',
      inside,
    )
    .option('--max-fpr <rate>', 'the most recall with a false positive rate of at most this', inside)
    .option('--confidence <share>', 'how sure --max-fpr has to be', inside, 0.95)
    .option('--by-community', 'also for each community of the data with enough messages')
    .option('--apply', 'save the proposal to the settings file, or to ZooKeeper where that is used')
    .option('--by <name>', 'with --apply: who does it, for the record; default: the user of this process')
    .option('--why <text>', 'with --apply: why, for the record')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
Exits with 1 where the data cannot answer, such as for too few messages.
${examples(
  'sluice thresholds --data messages.csv --cost-false-accusation 20 --cost-missed 1 --cost-review 0.2',
  'sluice thresholds --data messages.csv --prevalence 0.02 --messages-a-day 50000 --reviews-a-day 200',
  'sluice thresholds --data messages.csv --max-fpr 0.001 --confidence 0.95',
  'sluice thresholds --data messages.csv --config sluice.yaml --apply --why "fewer false accusations"',
)}`,
    )
    .action(async (options: ThresholdsOptions) => answer(await thresholdsCommand(options, terminal, app)));
}

async function thresholdsCommand(
  options: ThresholdsOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  refuseHalf(options);
  const chosen =
    options.model === undefined
      ? options
      : { ...options, set: [...(options.set ?? []), `model.version=${options.model}`] };
  const loaded = await loadFor(chosen, terminal);
  const { settings, origins } = loaded;
  const line = terminal.interactive ? new LiveLine(terminal) : undefined;
  const level = origins.has('log.level') ? settings.log.level : 'warn';
  const log = await app.createLog({ level, format: settings.log.format, destination: line?.log ?? 'stderr' });
  let report: ProposedThresholds;
  try {
    report = await app.proposeThresholds({
      data: options.data,
      everything: options.everything ?? false,
      question: questionOf(options, settings),
      ...{ settings, log },
      progress: (scored) => line?.show(`${scored} messages scored`),
    });
  } finally {
    line?.end();
  }
  await terminal.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : thresholdsText(report));
  // A community of its own may have an answer that all together lack.
  const proposals = proposalsOf(report);
  if (isMissing(report.all.answer)) return exitCodes.no;
  if (!options.apply) {
    if (!options.json) terminal.say('Nothing was saved; --apply --why TEXT saves the proposal.\n');
    return exitCodes.ok;
  }
  return await apply(options, proposals, { base: loaded, file: options.config }, terminal, app);
}

async function apply(
  options: ThresholdsOptions,
  changes: readonly ThresholdChange[],
  source: Parameters<typeof own.applyThresholds>[0],
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const request = { changes, who: actorOf(options), why: options.why ?? '' };
  const outcome = await app.applyThresholds(source, request, (why) =>
    terminal.say(`warning: the change is not in the activity log (${why})\n`),
  );
  if (outcome.kind === 'overtaken') return exitCodes.no;
  terminal.say(
    outcome.changed
      ? `Saved to ${outcome.location}. Running daemons follow within seconds.\n`
      : `${outcome.location} has these thresholds already.\n`,
  );
  return exitCodes.ok;
}

/** Throws `USAGE` where an option lacks the one that it needs. */
function refuseHalf({ apply: saves, why, reviewsADay, messagesADay }: ThresholdsOptions): void {
  if (saves === true && (why === undefined || why.trim() === ''))
    throw new SluiceError(
      'USAGE',
      'Give --why with --apply: the activity log states why thresholds changed.',
    );
  if (reviewsADay !== undefined && messagesADay === undefined)
    throw new SluiceError('USAGE', 'Give --messages-a-day with --reviews-a-day: how many messages arrive.');
}

function questionOf(options: ThresholdsOptions, { retrain }: Settings) {
  const { costs } = retrain.gate;
  const { costFalseAccusation, costMissed, costReview, reviewsADay, messagesADay, maxFpr } = options;
  const given = [costFalseAccusation, costMissed, costReview, reviewsADay];
  return {
    costs: {
      falseAccusation: costFalseAccusation ?? costs.falseAccusation,
      missedSpam: costMissed ?? costs.missedSpam,
      review: costReview ?? costs.review,
    },
    spamShare: options.prevalence ?? costs.spamShare,
    messagesADay: messagesADay ?? null,
    mostReviewed: reviewsADay === undefined || messagesADay === undefined ? 1 : reviewsADay / messagesADay,
    ...(maxFpr === undefined ? {} : { limit: { maxRate: maxFpr, confidence: options.confidence } }),
    choosesLower: given.some((value) => value !== undefined),
    byCommunity: options.byCommunity ?? false,
  };
}

function inside(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('It must be between 0 and 1, without these.');
  return value;
}

function costOption(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0 && value <= 1_000_000))
    throw new InvalidArgumentError('It must be above 0, and at most 1,000,000.');
  return value;
}
