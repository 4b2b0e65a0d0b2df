import type { trainOn } from '../app/train-on.ts';
import type { Profile } from '../training/run-trainer.ts';
import type { TrainingStep } from '../training/training-progress.ts';
import type { AppFunctions } from './app-functions.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export interface TrainCommandOptions extends SettingsOptions {
  readonly data: readonly string[];
  readonly out: string;
  readonly profile: Profile;
  readonly seed: number;
  readonly jobs: number;
  readonly language?: readonly string[];
  readonly ownDomain?: readonly string[];
  readonly json?: boolean;
}

/** Trains a model on labelled data and writes its folder below `out`; its place goes to stdout. */
export async function trainCommand(
  options: TrainCommandOptions,
  terminal: Terminal,
  app: AppFunctions,
): Promise<ExitCode> {
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
      data: options.data,
      out: options.out,
      profile: options.profile,
      seed: options.seed,
      jobs: options.jobs,
      thresholds: { rejectMin, rejectMax },
      ...(options.language === undefined ? {} : { languages: options.language }),
      ownDomains: options.ownDomain ?? [],
      progress: (step) => terminal.say(stepText(step)),
      signal: interruption.signal,
    };
    const { version, path, manifest, duplicates } = await app.trainOn(order);
    const { spam, ham } = manifest.data;
    terminal.say(`Trained on ${spam} spam and ${ham} ham messages, ${duplicates} duplicates left out.\n`);
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

function stepText({ step, state, seconds, peakBytes }: TrainingStep): string {
  if (state === 'started') return `${step} …\n`;
  const memory = peakBytes === undefined ? '' : `, ${(peakBytes / 1024 ** 2).toFixed(0)} MiB`;
  return `${step}: ${(seconds ?? 0).toFixed(1)} s${memory}\n`;
}
