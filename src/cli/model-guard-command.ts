import type { GuardedVersion } from '../ports/guard-store.ts';
import { lazily } from './app-functions.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { ModelOptions } from './model-command.ts';
import { loadFor } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

/** What the commands of the guard need of the application. */
export const guardFunctions = {
  guardedVersions: lazily(async () => (await import('../app/tasks/model-guard.ts')).guardedVersions),
  confirmModel: lazily(async () => (await import('../app/tasks/model-guard.ts')).confirmModel),
};

type GuardFunctions = typeof guardFunctions;

/** Prints what the guard knows of the versions that became active. Answers 1 where it holds the spam of the last one back. */
export async function modelGuard(
  options: ModelOptions,
  terminal: Terminal,
  app: GuardFunctions,
): Promise<ExitCode> {
  const { settings } = await loadFor(options, terminal);
  const versions = await app.guardedVersions(settings);
  const text = versions.map(lineOf).join('');
  await terminal.stdout.write(options.json ? `${JSON.stringify(versions, null, 2)}\n` : text);
  if (versions.length === 0 && !options.json)
    terminal.say('The guard knows no model yet: no daemon with this database has scored.\n');
  const [last] = versions;
  return last?.state === 'tripped' ? exitCodes.no : exitCodes.ok;
}

/** Lets the spam of a version through that the guard holds back. Answers 1 where it does not. */
export async function modelConfirm(
  version: string,
  options: ModelOptions & { readonly reason: string },
  terminal: Terminal,
  app: GuardFunctions,
): Promise<ExitCode> {
  const { settings } = await loadFor(options, terminal);
  const confirmed = await app.confirmModel(settings, version, options.reason);
  if (confirmed === undefined) {
    terminal.say(`The guard holds nothing of ${version} back. "sluice model guard" lists what it knows.\n`);
    return exitCodes.no;
  }
  await terminal.stdout.write(
    options.json ? `${JSON.stringify(confirmed, null, 2)}\n` : `${version} is confirmed.\n`,
  );
  if (!options.json)
    terminal.say(
      'Running daemons publish its spam again within seconds. What they held back waits in the review queue.\n',
    );
  return exitCodes.ok;
}

function lineOf({ version, state, before, decided, ...counts }: GuardedVersion): string {
  const { messages, spamMore, spamFewer, reviewMore, reviewFewer } = counts;
  const points = (more: number, fewer: number) => {
    const change = (100 * (more - fewer)) / Math.max(1, messages);
    return `${change < 0 ? '' : '+'}${change.toFixed(2)} %`;
  };
  const compared =
    before === null || messages === 0
      ? ''
      : `, ${messages} messages compared with ${before}: spam ${points(spamMore, spamFewer)}, review ${points(reviewMore, reviewFewer)}`;
  return `${version}  ${state}${compared}${decided === null ? '' : ` (${decided})`}\n`;
}
