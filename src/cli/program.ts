import { Command, CommanderError } from 'commander';
import { describeError, SluiceError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import { addAccountCommands } from './account-command.ts';
import { addClusterCommands } from './cluster-commands.ts';
import type { AddCommand, CommandContext, GivenFunctions } from './command.ts';
import { addConfigCommands } from './config-command.ts';
import { addConsoleCommand } from './console-command.ts';
import { addDatasetCommands } from './dataset-commands.ts';
import { addDeadLettersCommands } from './dead-letters-command.ts';
import { addEraseCommand } from './erase-command.ts';
import { addEvaluateCommand } from './evaluate-command.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { addLabelCommands } from './label-commands.ts';
import { addModelCommands } from './model-commands.ts';
import { addPipelineCommand } from './pipeline-command.ts';
import { addReportCommand } from './report-command.ts';
import { addRetrainCommand } from './retrain-command.ts';
import { addRunCommand } from './run-command.ts';
import { addSampleCommand } from './sample-command.ts';
import { addScoreCommand } from './score-command.ts';
import type { RunParts } from './signals.ts';
import type { Terminal } from './terminal.ts';
import { addThresholdsCommand } from './thresholds-command.ts';
import { addTrainCommand } from './train-command.ts';

/** Every command, in the order of `--help`. */
const commands: readonly AddCommand[] = [
  addRunCommand,
  addConsoleCommand,
  addScoreCommand,
  addConfigCommands,
  addTrainCommand,
  addRetrainCommand,
  addEvaluateCommand,
  addReportCommand,
  addThresholdsCommand,
  addSampleCommand,
  addDeadLettersCommands,
  addEraseCommand,
  addLabelCommands,
  addDatasetCommands,
  addModelCommands,
  addPipelineCommand,
  addAccountCommands,
  addClusterCommands,
];

/**
 * Runs one command line (without node and script). Returns the exit code of the process; never throws. Errors are
 * printed on stderr, with their code and what to do.
 */
export async function runProgram(
  argv: readonly string[],
  terminal: Terminal,
  functions: GivenFunctions = (own) => own,
  runParts?: RunParts,
): Promise<ExitCode> {
  let answer: ExitCode = exitCodes.ok;
  const program = programOf({
    terminal,
    functions,
    runParts,
    answer: (code) => {
      answer = code;
    },
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return answer;
  } catch (thrown) {
    // Commander has printed what was wrong, or the help that was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (thrown instanceof SluiceError) {
      terminal.say(printable(`${thrown.code}: ${thrown.message}\n`));
      return exitCodeOf(thrown.code);
    }
    const stack = thrown instanceof Error ? `\n${thrown.stack}` : '';
    terminal.say(
      printable(
        `INTERNAL: ${describeError(thrown)}. This is a defect of Sluice; please report it.${stack}\n`,
      ),
    );
    return exitCodes.internal;
  }
}

const exitCodeHelp = `
Exit codes:
  0 success   1 the answer is no   2 usage   65 data   69 a service is unavailable
  70 a defect of Sluice   75 try again later   78 settings`;

function programOf(context: Omit<CommandContext, 'program'>): Command {
  const { terminal } = context;
  const program = new Command('sluice')
    .description('A spam gate for messages that users send each other.')
    .version(terminal.version)
    .exitOverride()
    .configureOutput({
      // Help that was asked for is data; help after a mistake goes to stderr.
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => terminal.say(text),
    })
    .showHelpAfterError('"sluice help" lists the commands, "--help" the options of one.')
    .addHelpText('after', exitCodeHelp);

  for (const add of commands) add({ program, ...context });
  return program;
}
