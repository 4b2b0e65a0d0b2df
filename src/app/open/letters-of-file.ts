import { createHash } from 'node:crypto';
import { deadLetterOfLine } from '../../adapters/file/dead-letter-line.ts';
import { type FileOperations, systemCode } from '../../adapters/file/file-operations.ts';
import { ReplayMarks } from '../../adapters/file/replay-marks.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { Letters, StoredLetter, WantedLetters } from './kinds.ts';

const NEWLINE = 0x0a;
const AT_ONCE = 500;

/**
 * Reads the dead letters of a file. What was replayed of it is in another beside it. Throws `DATA_UNREADABLE` or `DATA_INVALID`.
 */
export async function* lettersOfFile(
  path: string,
  log: Log,
  wanted: WantedLetters,
  files: FileOperations,
): AsyncGenerator<Letters> {
  const marks = wanted === 'all' ? undefined : await ReplayMarks.read(`${path}.replayed`, log, files);
  const present = new Set<string>();
  let letters: StoredLetter[] = [];
  let markOf = new Map<StoredLetter, string>();
  const take = (): Letters => {
    const [taken, marked] = [letters, markOf];
    letters = [];
    markOf = new Map();
    return {
      letters: taken,
      done: async (replayed) => {
        const added = replayed.map((letter) => marked.get(letter)!);
        await marks?.add(added);
        for (const mark of added) present.add(mark);
      },
    };
  };
  try {
    let number = 0;
    for await (const line of wholeLines(readable(path, files))) {
      number++;
      if (line.length === 0) continue;
      const mark = markOfLine(line);
      if (marks?.has(mark)) present.add(mark);
      else {
        const letter = letterOf(line, `line ${number} of ${path}`);
        if (letter instanceof SluiceError) {
          if (letters.length > 0) yield take();
          throw letter;
        }
        letters.push(letter);
        markOf.set(letter, mark);
      }
      if (letters.length >= AT_ONCE) yield take();
    }
    if (letters.length > 0) yield take();
    await marks?.tidy(present);
  } finally {
    await marks?.close();
  }
}

/** What a replay remembers of a line. */
export function markOfLine(line: Uint8Array): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 32);
}

/** What cannot be read is returned, so that those before it are sent first. */
function letterOf(line: Buffer, where: string): StoredLetter | SluiceError {
  try {
    return { ...deadLetterOfLine(line.toString(), where), isWhole: true };
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

/** The content of a file; none where there is no file, since no message has been unreadable yet. */
async function* readable(path: string, files: FileOperations): AsyncGenerator<Uint8Array> {
  try {
    yield* files.readChunks(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw new SluiceError('DATA_UNREADABLE', `${path} cannot be read (${describeError(error)})`, {
      cause: error,
    });
  }
}

/** Lines without their newline. What is behind the last newline is still being written and is left out. */
async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, end)]);
      parts = [];
      from = end + 1;
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
  }
}
