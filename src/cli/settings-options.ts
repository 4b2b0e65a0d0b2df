import type { Command } from 'commander';
import {
  checkSettings,
  type LoadedSettings,
  loadSettings,
  type SettingsSources,
  settingsBeforeLive,
} from '../settings/load-settings.ts';
import type { Terminal } from './terminal.ts';

/** Options of every command that reads settings. */
export interface SettingsOptions {
  readonly config?: string;
  readonly set?: readonly string[];
}

export function withSettingsOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'settings file (YAML); default: only defaults and environment variables')
    .option(
      '-s, --set <name=value>',
      'set one setting, e.g. decide.rejectMin=0.6; may be repeated',
      (value: string, before: readonly string[] = []) => [...before, value],
    );
}

async function sourcesOf(options: SettingsOptions, terminal: Terminal): Promise<SettingsSources> {
  const sources: SettingsSources = {
    file: options.config,
    environment: terminal.environment,
    assignments: options.set ?? [],
    baseFolders: { workingDirectory: terminal.workingDirectory, packageRoot: terminal.packageRoot },
  };
  const before = await settingsBeforeLive(sources);
  if (before.zookeeper.hosts === undefined) return sources;
  // The client of ZooKeeper is loaded by those who have one.
  const { readZooKeeper } = await import('../app/live-settings/zookeeper-source.ts');
  const say = (fields: Readonly<Record<string, unknown>>, text: string) =>
    terminal.say(`warning: ${text}${'error' in fields ? ` (${String(fields.error)})` : ''}\n`);
  const live = await readZooKeeper(before, { warn: say, info: () => {} });
  return live === undefined ? sources : { ...sources, live };
}

export async function loadFor(options: SettingsOptions, terminal: Terminal): Promise<LoadedSettings> {
  return await loadSettings(await sourcesOf(options, terminal));
}

export async function checkFor(
  options: SettingsOptions,
  terminal: Terminal,
): ReturnType<typeof checkSettings> {
  return await checkSettings(await sourcesOf(options, terminal));
}
