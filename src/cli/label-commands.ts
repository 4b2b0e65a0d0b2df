import type { AddCommand, CommandContext } from './command.ts';
import { addLabelDedupeCommand } from './label-dedupe-command.ts';
import { addLabelImportCommand } from './label-import-command.ts';
import { addLabelNextCommand } from './label-next-command.ts';
import { addLabelPredictCommand } from './label-predict-command.ts';
import { addLabelExportCommand, addLabelStatsCommand } from './label-report-commands.ts';
import { addLabelRulesCommands } from './label-rules-command.ts';
import { addLabelSimilarCommand } from './label-similar-command.ts';
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
  addLabelDedupeCommand,
  addLabelRulesCommands,
  addLabelSimilarCommand,
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
