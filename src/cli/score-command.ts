import { createReadStream } from 'node:fs';
import { Option } from 'commander';
import type { Input, InputResult } from '../app/tasks/score-inputs.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import { appFunctions, lazily } from './app-functions.ts';
import type { CommandContext } from './command.ts';
import { examples } from './examples.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { formatOf, type InputFormat, inputFormats, type NumberedInput, readInputs } from './score-inputs.ts';
import { loadFor, type SettingsOptions, withSettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

interface ScoreCommandOptions extends SettingsOptions {
  readonly format?: InputFormat;
  readonly explain?: boolean;
  readonly full?: boolean;
}

const own = {
  ...appFunctions,
  openScorer: lazily(async () => (await import('../app/models/open-scorer.ts')).openScorer),
  scoreInputs: lazily(async () => (await import('../app/tasks/score-inputs.ts')).scoreInputs),
};

/** `score`. */
export function addScoreCommand({ program, terminal, functions, answer }: CommandContext): void {
  const app = functions(own);
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
}

/** Scores a file, or stdin for `-`: one JSON line per input, in order. Answers 65 when some could not be read. */
async function scoreCommand(
  file: string,
  options: ScoreCommandOptions,
  terminal: Terminal,
  app: typeof own,
): Promise<ExitCode> {
  const { settings, origins } = await loadFor(options, terminal);
  // What an operator of the daemon wants to know is noise beside the verdicts, unless it was asked for.
  const level = origins.has('log.level') ? settings.log.level : 'warn';
  const log = await app.createLog({ level, format: settings.log.format, destination: 'stderr' });
  const source = await openInput(file, terminal);
  const opened = await app.openScorer(settings, log);
  try {
    const format = options.format ?? formatOf(file);
    const numbers: number[] = [];
    const inputs = readInputs(readable(source, file), format, settings.messages.maxBytes);
    const results = await app.scoreInputs(opened, batchesOf(inputs, settings.batch.maxMessages, numbers), {
      explain: options.explain ?? false,
      full: options.full ?? false,
      inFlight: settings.pool.maxInFlight,
    });
    let read = 0;
    let unreadable = 0;
    for await (const batchResults of results) {
      const batch = numbers.splice(0, batchResults.length);
      read += batchResults.length;
      unreadable += batchResults.filter((result) => 'error' in result).length;
      const lines = batchResults.map(
        (result, index) => `${JSON.stringify(outputOf(result, batch[index]!))}\n`,
      );
      // Nobody reads any more, as after `| head`.
      if (!(await terminal.stdout.write(lines.join('')))) break;
    }
    if (unreadable === 0) return exitCodes.ok;
    terminal.say(
      `${unreadable} of ${read} inputs could not be read; their lines have "error" in place of a verdict.\n`,
    );
    return exitCodes.data;
  } finally {
    // Ends a read that still waits; otherwise it would keep the process alive.
    source.destroy();
    await opened.close();
  }
}

/** The keys of a verdict, or `error` with the number of the line (csv: row) that it is about. */
function outputOf(result: InputResult, number: number): InputResult | { readonly line: number } {
  return 'error' in result ? { line: number, ...result } : result;
}

/** Splits what is there into batches, and notes the number of each input in `numbers`. */
async function* batchesOf(
  inputs: AsyncIterable<readonly NumberedInput[]>,
  most: number,
  numbers: number[],
): AsyncGenerator<readonly Input[]> {
  for await (const arrived of inputs) {
    for (let start = 0; start < arrived.length; start += most) {
      const batch = arrived.slice(start, start + most);
      for (const { number } of batch) numbers.push(number);
      yield batch.map(({ input }) => input);
    }
  }
}

type InputStream = AsyncIterable<Uint8Array> & { destroy(): unknown };

async function openInput(file: string, terminal: Terminal): Promise<InputStream> {
  if (file === '-') {
    if (terminal.stdin.isTTY) terminal.say('Reading messages from the terminal; Ctrl-D ends.\n');
    return terminal.stdin;
  }
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
  // Before a model is loaded for nothing.
  await new Promise<void>((resolve, reject) => {
    stream.once('ready', () => resolve());
    stream.once('error', (cause) => reject(unreadable(file, cause)));
  });
  return stream;
}

async function* readable(source: InputStream, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function unreadable(file: string, cause: unknown): SluiceError {
  const name = file === '-' ? 'stdin' : file;
  return new SluiceError(
    'DATA_UNREADABLE',
    `${name} cannot be read: ${describeError(cause)}. Check the path.`,
    { cause },
  );
}
