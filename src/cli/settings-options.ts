import type { Command } from 'commander';
import {
  checkSettings,
  type LoadedSettings,
  loadSettings,
  type SettingsSources,
} from '../settings/load-settings.ts';
import type { Terminal } from './terminal.ts';

/** Options of every command that reads settings. */
export interface SettingsOptions {
  readonly config?: string;
  readonly set?: readonly string[];
}

export function withSettingsOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'settings file (YAML); without it, defaults and the environment')
    .option(
      '-s, --set <name=value>',
      'set one setting, e.g. decide.rejectMin=0.6; may be repeated',
      (value: string, before: readonly string[] = []) => [...before, value],
    );
}

function sourcesOf(options: SettingsOptions, terminal: Terminal): SettingsSources {
  return {
    file: options.config,
    environment: terminal.environment,
    assignments: options.set ?? [],
    places: { workingDirectory: terminal.workingDirectory, packageRoot: terminal.packageRoot },
  };
}

export function loadFor(options: SettingsOptions, terminal: Terminal): Promise<LoadedSettings> {
  return loadSettings(sourcesOf(options, terminal));
}

export function checkFor(options: SettingsOptions, terminal: Terminal): ReturnType<typeof checkSettings> {
  return checkSettings(sourcesOf(options, terminal));
}
