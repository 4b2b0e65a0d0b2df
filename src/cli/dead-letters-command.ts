import type { Log } from '../ports/log.ts';
import type { Settings } from '../settings/settings-schema.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export interface DeadLettersOptions extends SettingsOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const own = {
  ...appFunctions,
  listDeadLetters: lazily(async () => (await import('../app/tasks/dead-letters.ts')).listDeadLetters),
  replayDeadLetters: lazily(async () => (await import('../app/tasks/dead-letters.ts')).replayDeadLetters),
};

/** `dead-letters list` and `dead-letters replay`. */
export function addDeadLettersCommands({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
  const deadLetters = program
    .command('dead-letters')
    .description('List unreadable messages, and send them to the source again.');
  withSettingsOptions(deadLetters.command('list'))
    .description('Print the dead letters, one JSON line each; `raw` is the message in base64.')
    .option('--reason <reason>', 'only dead letters with this reason')
    .addHelpText(
      'after',
      examples('sluice dead-letters list --config config/embedded.yaml --reason not-json'),
    )
    .action(async (options: DeadLettersOptions) => answer(await deadLettersList(options, terminal, app)));
  withSettingsOptions(deadLetters.command('replay'))
    .description(
      'Send the original bytes of each dead letter to the source, once. Run it as the user of the daemon.',
    )
    .option('--reason <reason>', 'only dead letters with this reason; the others remain for a later replay')
    .option('--dry-run', 'only print how many would be sent')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice dead-letters replay --reason kills-scorer'))
    .action(async (options: DeadLettersOptions) => answer(await deadLettersReplay(options, terminal, app)));
}

/** Prints the dead letters, one JSON line each. */
export async function deadLettersList(
  options: DeadLettersOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const { settings, log } = await settingsAndLog(options, terminal, app);
  let count = 0;
  await app.listDeadLetters(settings, log, async (line, reason) => {
    if (options.reason !== undefined && reason !== options.reason) return;
    count++;
    await terminal.stdout.write(`${line}\n`);
  });
  terminal.say(`${count} dead letters\n`);
  return exitCodes.ok;
}

/** Sends the dead letters to the source again; prints how many. */
export async function deadLettersReplay(
  options: DeadLettersOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const { settings, log } = await settingsAndLog(options, terminal, app);
  const { reason, dryRun = false, json } = options;
  const result = await app.replayDeadLetters(settings, log, {
    dryRun,
    ...(reason === undefined ? {} : { reason }),
  });
  const words = dryRun ? 'would be sent' : 'sent';
  await terminal.stdout.write(
    json
      ? `${JSON.stringify(result)}\n`
      : `${result.replayed} ${words} to the source again, ${result.otherReason} of another reason left for later, ${result.unsendable} that cannot be sent\n`,
  );
  return exitCodes.ok;
}

async function settingsAndLog(
  options: DeadLettersOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<{ readonly settings: Settings; readonly log: Log }> {
  const { settings } = await loadFor(options, terminal);
  // What is asked for goes to stdout; of the clients' own words only what went wrong.
  const level = settings.log.level === 'info' ? 'warn' : settings.log.level;
  const log = await app.createLog({ level, format: settings.log.format, destination: 'stderr' });
  return { settings, log };
}
