import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import {
  type ModelActivateOptions,
  type ModelOptions,
  type ModelPushOptions,
  modelActivate,
  modelFunctions,
  modelList,
  modelPull,
  modelPush,
  modelRollback,
} from './model-command.ts';
import { addModelCompareCommand } from './model-compare-command.ts';
import { guardFunctions, modelConfirm, modelGuard } from './model-guard-command.ts';
import { addModelReferenceCommand } from './model-reference-command.ts';
import { withSettingsOptions } from './settings-options.ts';

export function addModelCommands({ program, terminal, functions, answer, ...rest }: CommandContext): void {
  const app = functions(modelFunctions);
  const guard = functions(guardFunctions);
  const model = program.command('model').description('Store models, and choose the active one.');
  const command = (name: string) =>
    withSettingsOptions(model.command(name)).option('--json', 'print one JSON document');

  command('list')
    .description('List complete models, newest first; * marks the one that the settings select.')
    .action(async (options: ModelOptions) => answer(await modelList(options, terminal, app)));
  command('push')
    .description('Copy a model to the model store. It becomes visible once it is complete.')
    .argument('[model]', 'its folder, or a version in model.localPath; default: the newest there')
    .option('--activate', 'also make it the active model')
    .addHelpText('after', examples('sluice model push models/20261101T120000Z-0123abcd --activate'))
    .action(async (pushed: string | undefined, options: ModelPushOptions) =>
      answer(await modelPush(pushed, options, terminal, app)),
    );
  command('pull')
    .description('Copy a model to the local disk and verify it.')
    .argument('[version]', 'default: the one that the settings select')
    .action(async (version: string | undefined, options: ModelOptions) =>
      answer(await modelPull(version, options, terminal, app)),
    );
  command('activate')
    .description('Make a version the active model. Running daemons switch to it.')
    .argument('<version>', 'a version of "sluice model list"')
    .option('--reason <text>', 'why, for the activity log')
    .addHelpText('after', examples('sluice model activate 20261101T120000Z-0123abcd'))
    .action(async (version: string, options: ModelActivateOptions) =>
      answer(await modelActivate(version, options, terminal, app)),
    );
  command('rollback')
    .description('Activate the previously active version again. Exits with 1 if there is none.')
    .option('--reason <text>', 'why, for the activity log')
    .action(async (options: ModelActivateOptions) => answer(await modelRollback(options, terminal, app)));
  command('guard')
    .description(
      'Show what the guard found of models that became active. Exits with 1 if it holds the spam of the last one back.',
    )
    .action(async (options: ModelOptions) => answer(await modelGuard(options, terminal, guard)));
  command('confirm')
    .description('Release a model whose spam the guard holds back. Running daemons publish its spam again.')
    .argument('<version>', 'a version of "sluice model guard"')
    .requiredOption('--reason <text>', 'why, for the activity log')
    .action(async (version: string, options: ModelOptions & { readonly reason: string }) =>
      answer(await modelConfirm(version, options, terminal, guard)),
    );
  addModelCompareCommand({ program: model, terminal, functions, answer, ...rest });
  addModelReferenceCommand({ program: model, terminal, functions, answer, ...rest });
}
