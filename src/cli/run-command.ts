import type { Daemon } from '../app/daemon/start-daemon.ts';
import { describeError } from '../core/errors.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { consoleText } from './console-text.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { LiveLine, progressText } from './live-line.ts';
import { type RunSummary, summarise, summaryText } from './run-summary.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import { killOwnProcess, onStopSignals, type RunParts } from './signals.ts';
import type { Terminal } from './terminal.ts';

export interface RunOptions extends SettingsOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  /** Undefined: where stderr is a terminal. */
  readonly progress?: boolean;
}

const own = {
  ...appFunctions,
  startDaemon: lazily(async () => (await import('../app/daemon/start-daemon.ts')).startDaemon),
};

/** `run`. */
export function addRunCommand({ program, terminal, functions, answer, runParts }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('run'))
    .description('Run the daemon: score messages from the source until stopped.')
    .option('--once', 'process the messages that exist, then exit')
    .option('--json', 'print the summary as one JSON document on stdout; the log goes to stderr')
    .option('--progress', 'show a progress line on stderr even if it is not a terminal')
    .option('--no-progress', 'show no progress line')
    .addHelpText(
      'after',
      examples(
        'sluice run --config config/embedded.yaml',
        'sluice run --once --json --set source.file.inbox=./inbox',
      ),
    )
    .action(async (options: RunOptions) => answer(await runCommand(options, terminal, app, runParts)));
}

/**
 * The daemon, from settings to drained. Settles when the daemon is done; rejects with the `SluiceError` of a run that
 * could not start or failed.
 */
async function runCommand(
  options: RunOptions,
  terminal: Terminal,
  app: typeof own,
  { drawEveryMilliseconds = 250, ...stopParts }: RunParts = {},
): Promise<ExitCode> {
  const loaded = await loadFor(options, terminal);
  const { settings } = loaded;
  const line = (options.progress ?? terminal.interactive) ? new LiveLine(terminal) : undefined;
  const say = line === undefined ? (text: string) => terminal.say(text) : (text: string) => line.above(text);
  const log = await app.createLog({
    ...settings.log,
    destination: line?.log ?? (options.json ? 'stderr' : 'stdout'),
  });

  let daemon: Daemon | undefined;
  /** Set at the first stop signal: aborts when a drain has to give up what it waits for. */
  let stopped: AbortSignal | undefined;
  let reported = false;
  const stop = (giveUp: AbortSignal) => {
    stopped = giveUp;
    // The failure, if it is one, is what `done` rejects with.
    daemon?.drain(giveUp).catch(() => undefined);
  };
  const takeOff = onStopSignals({
    ...stopParts,
    stop,
    // Someone who closes the terminal is done with it; a service manager asks for what is new.
    reload: terminal.interactive ? undefined : () => daemon?.reload(),
    deadlineSeconds: settings.drain.deadlineSeconds,
    say,
  });
  const takeOffUncaught = dieOfUncaught(say, stopParts.kill ?? killOwnProcess);
  try {
    daemon = await app.startDaemon({
      settings,
      once: options.once ?? false,
      log,
      liveSource: { base: loaded, file: options.config },
    });
    if (daemon.console !== null) say(consoleText(daemon.console));
    // A signal may have come while the model was being admitted.
    if (stopped !== undefined) stop(stopped);
    await watch(daemon, {
      line,
      every: drawEveryMilliseconds,
      // With --once, and after a signal, the summary comes at the end.
      onCaughtUp: async (running) => (options.once || stopped ? undefined : report(running, 'caught up')),
    });
    await report(daemon, stopped ? 'stopped' : 'ended');
    return exitCodes.ok;
  } finally {
    line?.end();
    takeOff();
    takeOffUncaught();
  }

  async function report(running: Daemon, moment: Moment): Promise<void> {
    if (reported) return;
    reported = true;
    const summary = await summarise(running);
    if (options.json) await terminal.stdout.write(`${JSON.stringify(summary)}\n`);
    else if (line !== undefined) say(`${headline(summary, moment)}\n${summaryText(summary)}`);
    else log.info({ ...summary }, `summary: ${moment}`);
  }
}

/** When the one summary is printed: nothing is left and more may come, nothing is left and none will, or a signal came first. */
type Moment = 'caught up' | 'ended' | 'stopped';

function headline({ read, addresses }: RunSummary, moment: Moment): string {
  if (moment === 'stopped')
    return 'Stopped. Messages that were not scored yet are scored after the next start.';
  const scored = read === 0 ? 'There was nothing to score.' : 'All messages are scored.';
  if (moment === 'ended') return scored;
  const api = addresses.api === null ? '' : ', and the API answers';
  return `${scored} Added messages are scored too${api}; Ctrl-C stops.`;
}

interface Watching {
  readonly line: LiveLine | undefined;
  readonly every: number;
  onCaughtUp(daemon: Daemon): Promise<void>;
}

/** Draws the live line until the daemon is done, and calls `onCaughtUp` once when nothing is left to score. */
async function watch(daemon: Daemon, { line, every, onCaughtUp }: Watching): Promise<void> {
  let caughtUp: Promise<void> | undefined;
  const look = () => {
    const progress = daemon.progress();
    line?.show(progressText(progress));
    if (progress.caughtUp) caughtUp ??= onCaughtUp(daemon);
    // Seen below; a summary that fails must not end the process before the daemon has drained.
    caughtUp?.catch(() => undefined);
  };
  const timer = setInterval(look, every);
  try {
    await daemon.done;
  } finally {
    clearInterval(timer);
  }
  await caughtUp;
}

/** After a stray throw nothing is known of what is in flight: ending without a commit loses nothing. */
function dieOfUncaught(say: (text: string) => void, kill: () => void): () => void {
  const die = (thrown: unknown) => {
    say(
      `INTERNAL: ${describeError(thrown)}\n${thrown instanceof Error ? thrown.stack : ''}\n` +
        'This is a defect of Sluice. Exiting now; messages that were not committed are scored again after the next start.\n',
    );
    kill();
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
  return () => {
    process.off('uncaughtException', die);
    process.off('unhandledRejection', die);
  };
}
