import { readFile, writeFile } from 'node:fs/promises';
import { describeError, SluiceError } from '../core/errors.ts';
import { type ExplainedSetting, explainSettings } from '../settings/explain-settings.ts';
import { originText } from '../settings/layer.ts';
import { settingsInvalid } from '../settings/resolve-layers.ts';
import { settingsJsonSchema } from '../settings/settings-json-schema.ts';
import { settingsTable, withSettingsTable } from '../settings/settings-table.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { checkFor, loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export interface ConfigOptions extends SettingsOptions {
  readonly json?: boolean;
}

/** `config check`, `explain`, `table` and `schema`. */
export function addConfigCommands({ program, terminal, answer }: CommandContext): void {
  const config = program.command('config').description('Check and explain the settings.');
  withSettingsOptions(config.command('check'))
    .description('Check the settings and report every problem.')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice config check --config config/embedded.yaml'))
    .action(async (options: ConfigOptions) => answer(await configCheck(options, terminal)));
  withSettingsOptions(config.command('explain'))
    .description('Print the current value of each setting and its source.')
    .argument('[name]', 'only this setting, or the settings below it')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice config explain decide --config config/embedded.yaml'))
    .action(async (name: string | undefined, options: ConfigOptions) =>
      answer(await configExplain(name, options, terminal)),
    );
  config
    .command('table')
    .description('Print the table of all settings in Markdown.')
    .option('-w, --write <document>', 'update the table between its markers in this document')
    .action(async ({ write }: { write?: string }) => answer(await configTable(write, terminal)));
  config
    .command('schema')
    .description('Print the JSON Schema of the settings file.')
    .option('-w, --write <file>', 'write it to this file')
    .action(async ({ write }: { write?: string }) => answer(await configSchema(write, terminal)));
}

/** Prints whether the settings are valid; 78 and every problem when they are not. */
export async function configCheck(options: ConfigOptions, terminal: Terminal): Promise<ExitCode> {
  const resolution = await checkFor(options, terminal);
  const problems = resolution.ok ? [] : resolution.problems;
  if (options.json) {
    const printed = problems.map(({ name, origin, text }) => ({
      name,
      from: originText(origin),
      problem: text,
    }));
    await terminal.stdout.write(`${JSON.stringify({ valid: resolution.ok, problems: printed }, null, 2)}\n`);
    return resolution.ok ? exitCodes.ok : exitCodes.settings;
  }
  if (!resolution.ok) throw settingsInvalid(problems);
  await terminal.stdout.write('The settings are valid.\n');
  return exitCodes.ok;
}

/** Prints each active value and where it comes from. `under`: only this setting, or the settings below it. */
export async function configExplain(
  under: string | undefined,
  options: ConfigOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const all = explainSettings(await loadFor(options, terminal));
  const wanted = all.filter(
    ({ name }) => under === undefined || name === under || name.startsWith(`${under}.`),
  );
  if (wanted.length === 0)
    throw new SluiceError('USAGE', `There is no setting ${under}. "sluice config explain" lists them all.`);
  await terminal.stdout.write(options.json ? `${JSON.stringify(wanted, null, 2)}\n` : explained(wanted));
  return exitCodes.ok;
}

function explained(settings: readonly ExplainedSetting[]): string {
  const rows = settings.map(
    ({ name, value, from, secret }) => [name, secret ? '(secret)' : String(value), from] as const,
  );
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  const [names, values] = [width(0), Math.min(60, width(1))];
  return rows
    .map(([name, value, from]) => `${name.padEnd(names)}  ${value.padEnd(values)}  ${from}\n`)
    .join('');
}

/** Prints the Markdown table of all settings, or renews it between its markers in a document. */
export async function configTable(document: string | undefined, terminal: Terminal): Promise<ExitCode> {
  if (document === undefined) await terminal.stdout.write(settingsTable());
  else await rewrite(document, withSettingsTable);
  return exitCodes.ok;
}

/** Prints the JSON Schema of the settings file, or writes it to a file. */
export async function configSchema(file: string | undefined, terminal: Terminal): Promise<ExitCode> {
  const text = `${JSON.stringify(settingsJsonSchema(), null, 2)}\n`;
  if (file === undefined) await terminal.stdout.write(text);
  else await writeFile(file, text);
  return exitCodes.ok;
}

async function rewrite(file: string, renew: (text: string) => string): Promise<void> {
  try {
    await writeFile(file, renew(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new SluiceError('DATA_UNREADABLE', `${file} was not renewed: ${describeError(cause)}.`, { cause });
  }
}
