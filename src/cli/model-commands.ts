import type { Command } from 'commander';
import type { AppFunctions } from './app-functions.ts';
import { examples } from './examples.ts';
import type { ExitCode } from './exit-codes.ts';
import {
  type ModelOptions,
  type ModelPushOptions,
  modelActivate,
  modelList,
  modelPull,
  modelPush,
  modelRollback,
} from './model-command.ts';
import { withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export function addModelCommands(
  program: Command,
  terminal: Terminal,
  app: AppFunctions,
  answer: (code: ExitCode) => void,
): void {
  const model = program.command('model').description('Keep models, and say which one judges.');
  const command = (name: string) =>
    withSettingsOptions(model.command(name)).option('--json', 'one JSON document');

  command('list')
    .description('List the models that are whole, newest first; * marks the one that the settings choose.')
    .action(async (options: ModelOptions) => answer(await modelList(options, terminal, app)));
  command('push')
    .description('Copy a model to where models are kept; it is there once all of it is.')
    .argument('[model]', 'its folder, or a version in model.localPath; by default the newest there')
    .option('--activate', 'make it the one that judges, too')
    .addHelpText('after', examples('sluice model push models/20261101T120000Z-0123abcd --activate'))
    .action(async (pushed: string | undefined, options: ModelPushOptions) =>
      answer(await modelPush(pushed, options, terminal, app)),
    );
  command('pull')
    .description('Copy a model to this machine’s disk, verified.')
    .argument('[version]', 'by default the one that the settings choose')
    .action(async (version: string | undefined, options: ModelOptions) =>
      answer(await modelPull(version, options, terminal, app)),
    );
  command('activate')
    .description('Make a version the one that judges; running daemons change to it.')
    .argument('<version>', 'one of "sluice model list"')
    .addHelpText('after', examples('sluice model activate 20261101T120000Z-0123abcd'))
    .action(async (version: string, options: ModelOptions) =>
      answer(await modelActivate(version, options, terminal, app)),
    );
  command('rollback')
    .description('Make what was active before active again; answers 1 where nothing was.')
    .action(async (options: ModelOptions) => answer(await modelRollback(options, terminal, app)));
}
