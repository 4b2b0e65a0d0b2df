import { join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { PipelinePageOrder } from '../app/tasks/open-pipeline-page.ts';
import { environmentNameOf, environmentNames, pathOf } from '../settings/setting-name.ts';
import { settingsSchema } from '../settings/settings-schema.ts';
import { lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { whileInterruptible } from './interruptible.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { RunParts } from './signals.ts';
import type { Terminal } from './terminal.ts';

interface PipelineOptions extends SettingsOptions {
  readonly port?: number;
}

const own = {
  openPipelinePage: lazily(async () => (await import('../app/tasks/open-pipeline-page.ts')).openPipelinePage),
};

/** `pipeline`. */
export function addPipelineCommand({ program, terminal, functions, answer, runParts }: CommandContext): void {
  const app = functions(own);
  withSettingsOptions(program.command('pipeline'))
    .description(
      'Serve Dagster’s page with the retraining as assets: their lineage, runs and schedule. Requires Python 3.11 or later.',
    )
    .option('-p, --port <port>', 'port of the loopback address; default: 3000, or a free one', portNumber)
    .addHelpText(
      'after',
      `
The assets run the commands of this installation with the same settings. Runs are kept in the folder pipeline of
state.path. Its schedule is off until it is turned on, on the page.
${examples('sluice pipeline --config config/embedded.yaml', 'sluice pipeline --port 3333')}`,
    )
    .action(async (options: PipelineOptions) =>
      answer(await pipelineCommand(options, terminal, app, runParts)),
    );
}

/** Serves the page until a signal stops it, which is how it is meant to end. */
async function pipelineCommand(
  options: PipelineOptions,
  terminal: Terminal,
  app: typeof own,
  runParts: RunParts | undefined,
): Promise<ExitCode> {
  const { settings } = await loadFor(options, terminal);
  const { workingDirectory } = terminal;
  const folder = join(resolve(workingDirectory, settings.state.path), 'pipeline');
  await whileInterruptible(
    (signal) =>
      app.openPipelinePage({
        folder,
        ...settingsOf(options),
        workingDirectory,
        ...(options.port === undefined ? {} : { port: options.port }),
        say: (text) => terminal.say(text),
        signal,
      }),
    { ...runParts, say: (text) => terminal.say(text), words: 'Stopping Dagster.\n' },
  );
  return exitCodes.ok;
}

/**
 * As the commands get them that the assets run. Where a variable can name a setting, it does: a run of Dagster may replace it by another one,
 * and no variable replaces an option.
 */
function settingsOf({
  config,
  set = [],
}: SettingsOptions): Pick<PipelinePageOrder, 'options' | 'environment'> {
  const options = config === undefined ? [] : ['--config', config];
  const environment: Record<string, string> = {};
  const names = environmentNames(settingsSchema);
  for (const assignment of set) {
    const at = assignment.indexOf('=');
    const path = pathOf(assignment.slice(0, at)) ?? [];
    const name = environmentNameOf(path);
    if (names.get(name)?.length === path.length) environment[name] = assignment.slice(at + 1);
    else options.push('--set', assignment);
  }
  return { options, environment };
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It must be from 1 to 65535.');
  return port;
}
