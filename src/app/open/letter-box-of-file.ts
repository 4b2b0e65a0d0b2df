import { deadLetterOfLine } from '../../adapters/file/dead-letter-line.ts';
import { type FileOperations, nodeFileOperations } from '../../adapters/file/file-operations.ts';
import { LinesBefore } from '../../adapters/file/lines-before.ts';
import { ReplayMarks } from '../../adapters/file/replay-marks.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { LetterFilter } from '../../ports/letter-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { BoxEntry, BoxedLetter, BoxPage, LetterBox, WhyUnsendable } from './kinds.ts';
import { listed, matches } from './letter-filter.ts';
import { markOfLine } from './letters-of-file.ts';

/** Of the file, by one request. */
const MOST_BYTES = 8 * 1024 * 1024;
/** No line of a letter is as short: such newlines are nothing that was erased. */
const SHORTEST_LINE = 60;

/** The dead letters of a file, read from its end. An id has the offset of the line, and its mark, so that another line there is noticed. */
export function letterBoxOfFile(
  path: string,
  log: Log,
  files: FileOperations = nodeFileOperations,
): LetterBox {
  const marksPath = `${path}.replayed`;
  return {
    page: ({ after, ...query }) =>
      reading(path, async (file) => {
        const end = after === undefined ? Number.MAX_SAFE_INTEGER : offsetOf(after);
        return file === undefined
          ? { entries: [], next: null, since: null, isComplete: true }
          : await pageBefore(file, end, query);
      }),
    read: (ids, mostBytes) =>
      reading(path, async (file) => {
        const letters: BoxedLetter[] = [];
        const left = new Set<string>();
        let bytes = 0;
        for (const id of file === undefined ? [] : ids) {
          const { offset, mark } = partsOf(id) ?? {};
          const line = offset === undefined ? undefined : await file!.lineAt(offset);
          if (line === undefined || markOfLine(line) !== mark) continue;
          const letter = letterOf(line, offset!);
          if (letter === undefined) continue;
          bytes += letter.bytes.byteLength;
          if (bytes > mostBytes && letters.length > 0) left.add(id);
          else letters.push(letter);
        }
        // In the order in which they were stored.
        return { letters: letters.sort((a, b) => partsOf(a.id)!.offset - partsOf(b.id)!.offset), left };
      }),
    replayed: (letters) => replayedOf(marksPath, letters, files),
    mark: (letters) => markReplayed(marksPath, letters, log, files),
  };
}

/** Those of the letters whose marks are in the file. Throws `DATA_UNREADABLE`. */
export async function replayedOf(
  marksPath: string,
  letters: readonly BoxedLetter[],
  files: FileOperations,
): Promise<ReadonlySet<string>> {
  if (letters.length === 0) return new Set();
  try {
    return await ReplayMarks.among(marksPath, new Set(letters.map(({ mark }) => mark)), files);
  } catch (error) {
    throw unreadable(marksPath, error);
  }
}

/** Throws `SINK_FAILED`. */
export async function markReplayed(
  marksPath: string,
  letters: readonly BoxedLetter[],
  log: Log,
  files: FileOperations,
): Promise<void> {
  const marks = await ReplayMarks.read(marksPath, log, files);
  try {
    await marks.add(letters.map(({ mark }) => mark));
  } finally {
    await marks.close();
  }
}

async function pageBefore(
  file: LinesBefore,
  end: number,
  {
    filter,
    limit,
    whyUnsendable,
  }: { readonly filter: LetterFilter; readonly limit: number; readonly whyUnsendable: WhyUnsendable },
): Promise<BoxPage> {
  const size = Math.min(end, await file.size());
  const entries: BoxEntry[] = [];
  /** Newlines in a row that were found so far. */
  let blank = { from: 0, length: 0 };
  const isFiltered = Object.keys(filter).length > 0;
  const endBlank = () => {
    const { from, length } = blank;
    blank = { from: 0, length: 0 };
    // Whose it was is gone with it, so that no filter finds it.
    if (length >= SHORTEST_LINE && !isFiltered)
      entries.push({ kind: 'erased', id: `${from}-erased`, length });
  };
  for await (const found of file.before(size)) {
    const { from } = found;
    if (found.kind === 'blank') blank = { from, length: blank.length + found.length };
    else {
      endBlank();
      const letter = found.kind === 'line' ? letterOf(found.bytes, from) : undefined;
      if (letter === undefined) {
        const length = found.kind === 'line' ? found.bytes.length : found.length;
        if (!isFiltered) entries.push({ kind: 'unreadable', id: `${from}-unreadable`, length });
      } else if (matches(letter, filter))
        entries.push({ kind: 'letter', letter: listed(letter, whyUnsendable) });
      if (entries.length >= limit || size - from >= MOST_BYTES)
        return { entries, next: from > 0 ? String(from) : null, since: null, isComplete: true };
    }
  }
  endBlank();
  return { entries, next: null, since: null, isComplete: true };
}

function letterOf(line: Buffer, offset: number): BoxedLetter | undefined {
  const mark = markOfLine(line);
  try {
    return { ...deadLetterOfLine(line.toString(), 'a line'), isWhole: true, id: `${offset}-${mark}`, mark };
  } catch {
    return undefined;
  }
}

function partsOf(id: string): { readonly offset: number; readonly mark: string } | undefined {
  const [, offset, mark] = /^(\d{1,15})-([0-9a-f]{32})$/.exec(id) ?? [];
  return mark === undefined ? undefined : { offset: Number(offset), mark };
}

function offsetOf(cursor: string): number {
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor);
  throw new SluiceError('USAGE', 'the cursor is not one of this list');
}

async function reading<T>(path: string, read: (file: LinesBefore | undefined) => Promise<T>): Promise<T> {
  let file: LinesBefore | undefined;
  try {
    file = await LinesBefore.open(path);
    return await read(file);
  } catch (error) {
    throw error instanceof SluiceError ? error : unreadable(path, error);
  } finally {
    await file?.close();
  }
}

function unreadable(path: string, error: unknown): SluiceError {
  return new SluiceError(
    'DATA_UNREADABLE',
    `${path} cannot be read (${describeError(error)}); check its permissions`,
    { cause: error },
  );
}
