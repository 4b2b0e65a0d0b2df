import type { AddCommand, CommandContext } from './command.ts';
import { addDatasetCountCommand } from './dataset-count-command.ts';
import { addDatasetAssembleCommand, addDatasetTraceCommand } from './dataset-data-commands.ts';
import { addDatasetFeaturesCommand } from './dataset-features-command.ts';

/** Every command of the group, in the order of `--help`. */
const commands: readonly AddCommand[] = [
  addDatasetAssembleCommand,
  addDatasetCountCommand,
  addDatasetTraceCommand,
  addDatasetFeaturesCommand,
];

/** `dataset …`. */
export function addDatasetCommands({ program, ...context }: CommandContext): void {
  const dataset = program
    .command('dataset')
    .description('Assemble what a model is trained on and compared with.');
  for (const add of commands) add({ program: dataset, ...context });
}
