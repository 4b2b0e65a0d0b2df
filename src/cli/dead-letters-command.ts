import type { Log } from '../ports/log.ts';
import type { Settings } from '../settings/settings-schema.ts';
import type { AppFunctions } from './app-functions.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export interface DeadLettersOptions extends SettingsOptions {
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Prints the dead letters, one JSON line each. */
export async function deadLettersList(
  options: DeadLettersOptions,
  terminal: Terminal,
  app: AppFunctions,
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
  app: AppFunctions,
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
  app: AppFunctions,
): Promise<{ readonly settings: Settings; readonly log: Log }> {
  const { settings } = await loadFor(options, terminal);
  // What is asked for goes to stdout; of the clients' own words only what went wrong.
  const level = settings.log.level === 'info' ? 'warn' : settings.log.level;
  const log = await app.createLog({ level, format: settings.log.format, destination: 'stderr' });
  return { settings, log };
}
