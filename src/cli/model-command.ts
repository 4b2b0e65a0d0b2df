import type { AppFunctions } from './app-functions.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { loadFor, type SettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export interface ModelListOptions extends SettingsOptions {
  readonly json?: boolean;
}

/** Prints the versions that are whole, newest first; the one that the settings choose is marked. Answers 1 for none. */
export async function modelList(
  options: ModelListOptions,
  terminal: Terminal,
  app: AppFunctions,
): Promise<ExitCode> {
  const { settings } = await loadFor(options, terminal);
  const store = await app.openModelStore(settings);
  const versions = await store.list();
  const chosen = settings.model.version === 'latest' ? versions[0] : settings.model.version;
  const models = versions.map((version) => ({ version, chosen: version === chosen }));
  const rows = models.map((model) => `${model.chosen ? '*' : ' '} ${model.version}\n`);
  await terminal.stdout.write(options.json ? `${JSON.stringify(models, null, 2)}\n` : rows.join(''));
  if (models.length > 0) return exitCodes.ok;
  terminal.say(`There is no model in ${settings.model.localPath}.\n`);
  return exitCodes.no;
}
