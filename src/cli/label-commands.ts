import type { AddCommand, CommandContext } from './command.ts';
import { addLabelImportCommand } from './label-import-command.ts';
import { addLabelNextCommand } from './label-next-command.ts';
import { addLabelPredictCommand } from './label-predict-command.ts';
import { addLabelExportCommand, addLabelStatsCommand } from './label-report-commands.ts';
import {
  addLabelRestCommand,
  addLabelResumeCommand,
  addLabelStepsCommand,
  addLabelUndoCommand,
} from './label-step-commands.ts';
import { addLabelSuspectsCommand } from './label-suspects-command.ts';

/** Every command of the group, in the order of `--help`. */
const commands: readonly AddCommand[] = [
  addLabelImportCommand,
  addLabelNextCommand,
  addLabelPredictCommand,
  addLabelSuspectsCommand,
  addLabelRestCommand,
  addLabelStatsCommand,
  addLabelExportCommand,
  addLabelStepsCommand,
  addLabelUndoCommand,
  addLabelResumeCommand,
];

/** `label …`. */
export function addLabelCommands({ program, ...context }: CommandContext): void {
  const label = program
    .command('label')
    .description('Turn an unlabeled dump of messages into training data, step by step.');
  for (const add of commands) add({ program: label, ...context });
}
