import type { AddCommand, CommandContext } from './command.ts';
import { addLabelRulesCommands } from './label-rules-command.ts';
import { addLabelSimilarCommand } from './label-similar-command.ts';

/** Every command of the group, in the order of `--help`. */
const commands: readonly AddCommand[] = [addLabelRulesCommands, addLabelSimilarCommand];

/** `label …`. */
export function addLabelCommands({ program, ...context }: CommandContext): void {
  const label = program
    .command('label')
    .description('Turn an unlabeled dump of messages into training data, step by step.');
  for (const add of commands) add({ program: label, ...context });
}
