import { createReadStream } from 'node:fs';
import type { Input, InputResult } from '../app/tasks/score-inputs.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import type { AppFunctions } from './app-functions.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { formatOf, type InputFormat, type NumberedInput, readInputs } from './score-inputs.ts';
import { loadFor, type SettingsOptions } from './settings-options.ts';
import type { Terminal } from './terminal.ts';

export interface ScoreCommandOptions extends SettingsOptions {
  readonly format?: InputFormat;
  readonly explain?: boolean;
  readonly full?: boolean;
}

/** Scores a file, or stdin for `-`: one JSON line per input, in order. Answers 65 when some could not be read. */
export async function scoreCommand(
  file: string,
  options: ScoreCommandOptions,
  terminal: Terminal,
  app: AppFunctions,
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
