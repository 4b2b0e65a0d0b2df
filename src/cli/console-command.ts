import type { RunningConsole } from '../app/console/start-console.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { consoleText } from './console-text.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import { onStopSignals, type RunParts } from './signals.ts';
import type { Terminal } from './terminal.ts';

const own = {
  ...appFunctions,
  startConsole: lazily(async () => (await import('../app/console/start-console.ts')).startConsole),
};

/** `console`. */
export function addConsoleCommand({ program, terminal, functions, answer, runParts }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('console'))
    .description(
      'Serve the review console and its API without a pipeline, on the database of a daemon with the same settings file.',
    )
    .addHelpText(
      'after',
      `
A daemon serves the console too. In a process of its own, neither slows or ends the other. It listens on
console.port, its probes and metrics on console.opsPort. The first start prints a link for the first admin.
Verdicts of decisions are published by any daemon or console; where they go to a file, by its daemon alone.
Its page Overview shows what the database knows; rates and lag are at the address of each daemon, and in Prometheus.
${examples('sluice console --config config/embedded.yaml', 'sluice console --set console.port=9000')}`,
    )
    .action(async (options: SettingsOptions) =>
      answer(await consoleCommand(options, terminal, app, runParts)),
    );
}

/** Runs until a signal stops it. Rejects with the `SluiceError` of a console that could not start. */
async function consoleCommand(
  options: SettingsOptions,
  terminal: Terminal,
  app: typeof own,
  { drawEveryMilliseconds: _, ...stopParts }: RunParts = {},
): Promise<ExitCode> {
  const loaded = await loadFor(options, terminal);
  const { settings } = loaded;
  const log = await app.createLog({ ...settings.log, destination: 'stdout' });
  let stopped = () => {};
  const stopping = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const takeOff = onStopSignals({
    ...stopParts,
    stop: () => stopped(),
    reload: undefined,
    deadlineSeconds: settings.drain.deadlineSeconds,
    say: (text) => terminal.say(text),
  });
  try {
    const running: RunningConsole = await app.startConsole(loaded, log, options.config);
    log.info({ console: running.address.split('?')[0], ops: running.ops }, 'ready');
    terminal.say(consoleText(running.address));
    await stopping;
    await running.stop();
    return exitCodes.ok;
  } finally {
    takeOff();
  }
}
