import { Command, CommanderError, Option } from 'commander';
import { describeError, SluiceError } from '../core/errors.ts';
import { printable } from '../core/printable.ts';
import type { AppFunctions } from './app-functions.ts';
import { addClusterCommands } from './cluster-commands.ts';
import {
  type ConfigOptions,
  configCheck,
  configExplain,
  configSchema,
  configTable,
} from './config-command.ts';
import { type DeadLettersOptions, deadLettersList, deadLettersReplay } from './dead-letters-command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { addModelCommands } from './model-commands.ts';
import { type RunOptions, type RunParts, runCommand } from './run-command.ts';
import { type ScoreCommandOptions, scoreCommand } from './score-command.ts';
import { inputFormats } from './score-inputs.ts';
import { withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';
import { addTrainingCommands } from './training-commands.ts';

/**
 * Runs one command line (without node and script). Returns the exit code of the process; never throws. Errors are
 * printed on stderr, with their code and what to do.
 */
export async function runProgram(
  argv: readonly string[],
  terminal: Terminal,
  app: AppFunctions,
  parts?: RunParts,
): Promise<ExitCode> {
  let answer: ExitCode = exitCodes.ok;
  const program = programOf(terminal, app, parts, (code) => {
    answer = code;
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

function programOf(
  terminal: Terminal,
  app: AppFunctions,
  parts: RunParts | undefined,
  answer: (code: ExitCode) => void,
): Command {
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

  withSettingsOptions(program.command('run'))
    .description('Run the daemon: score messages from the source until stopped.')
    .option('--once', 'process the messages that exist, then exit')
    .option('--json', 'print the summary as one JSON document on stdout; the log goes to stderr')
    .option('--progress', 'show a progress line on stderr even if it is not a terminal')
    .option('--no-progress', 'show no progress line')
    .addHelpText(
      'after',
      examples(
        'sluice run --config config/embedded.yaml',
        'sluice run --once --json --set source.file.inbox=./inbox',
      ),
    )
    .action(async (options: RunOptions) => answer(await runCommand(options, terminal, app, parts)));

  withSettingsOptions(program.command('score'))
    .description('Score a file or stdin without a daemon; prints one JSON line per message, in order.')
    .argument('[file]', 'the file, or - for stdin', '-')
    .addOption(
      new Option(
        '-f, --format <format>',
        'jsonl: one object per line; csv: a header with "message" or "text"; text: one message per line',
      )
        .choices(inputFormats)
        .default(undefined, 'by the file name extension, otherwise jsonl'),
    )
    .option(
      '--explain',
      'add the score of each base model, the strongest features, and terms that add up to the score (explanation)',
    )
    .option('--full', 'no early exit: an exact probability for each message')
    .addHelpText(
      'after',
      examples(
        'echo "You have won a prize, reply now" | sluice score --format text --explain',
        'sluice score messages.jsonl > verdicts.jsonl',
      ),
    )
    .action(async (file: string, options: ScoreCommandOptions) =>
      answer(await scoreCommand(file, options, terminal, app)),
    );

  addConfigCommands(program, terminal, answer);
  addTrainingCommands(program, terminal, app, answer);
  addDeadLettersCommands(program, terminal, app, answer);
  addModelCommands(program, terminal, app, answer);
  addClusterCommands(program, terminal, app, answer);

  return program;
}

function addDeadLettersCommands(
  program: Command,
  terminal: Terminal,
  app: AppFunctions,
  answer: (code: ExitCode) => void,
): void {
  const deadLetters = program
    .command('dead-letters')
    .description('List unreadable messages, and send them to the source again.');
  withSettingsOptions(deadLetters.command('list'))
    .description('Print the dead letters, one JSON line each; `raw` is the message in base64.')
    .option('--reason <reason>', 'only dead letters with this reason')
    .addHelpText(
      'after',
      examples('sluice dead-letters list --config config/embedded.yaml --reason not-json'),
    )
    .action(async (options: DeadLettersOptions) => answer(await deadLettersList(options, terminal, app)));
  withSettingsOptions(deadLetters.command('replay'))
    .description(
      'Send the original bytes of each dead letter to the source, once. Run it as the user of the daemon.',
    )
    .option('--reason <reason>', 'only dead letters with this reason; the others remain for a later replay')
    .option('--dry-run', 'only print how many would be sent')
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples('sluice dead-letters replay --reason kills-scorer'))
    .action(async (options: DeadLettersOptions) => answer(await deadLettersReplay(options, terminal, app)));
}

function addConfigCommands(program: Command, terminal: Terminal, answer: (code: ExitCode) => void): void {
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
