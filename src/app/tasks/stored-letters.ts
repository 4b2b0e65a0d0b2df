import { createHash } from 'node:crypto';
import { deadLetterOfLine, type StoredDeadLetter } from '../../adapters/file/dead-letter-line.ts';
import { type FileOperations, systemCode } from '../../adapters/file/file-operations.ts';
import { ReplayMarks } from '../../adapters/file/replay-marks.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** A dead letter as it is read back. */
export interface StoredLetter extends StoredDeadLetter {
  /** False where only the beginning of its message was kept. */
  readonly isWhole: boolean;
}

/** Some dead letters, in the order in which they were stored. */
export interface Letters {
  readonly letters: readonly StoredLetter[];
  /** Remembers that these of them were replayed. On the disk, or in Kafka, when it resolves. */
  done(letters: readonly StoredLetter[]): Promise<void>;
}

/** All letters, or those that no replay has sent: `reason` is the one that is wanted, where not all of them are. */
export type Wanted = 'all' | { readonly notReplayed: true; readonly reason: string | undefined };

const NEWLINE = 0x0a;
const AT_ONCE = 500;

/** Throws `DATA_UNREADABLE`, `DATA_INVALID` or, of a topic, `SOURCE_FAILED`. */
export function storedLetters(
  settings: Settings,
  log: Log,
  wanted: Wanted,
  files: FileOperations,
): AsyncIterable<Letters> {
  return settings.deadLetters.kind === 'kafka'
    ? lettersOfTopic(settings, log, wanted)
    : lettersOfFile(settings.deadLetters.file.path, log, wanted, files);
}

/**
 * A replay of all commits in a group of its own, a replay of one reason in another, so that each letter is sent once and none of
 * another reason counts as replayed.
 */
async function* lettersOfTopic(settings: Settings, log: Log, wanted: Wanted): AsyncGenerator<Letters> {
  const [{ openKafka }, { deadLetterOfMessage }] = await Promise.all([
    import('../open/open-kafka.ts'),
    import('../../adapters/kafka/dead-letter-record.ts'),
  ]);
  const kafka = openKafka(settings, log);
  const groupOfAll = `${settings.source.group}-replay`;
  const groupOf = (reason: string) => `${groupOfAll}-${reason}`;
  const committed = new Map<string, Promise<ReadonlyMap<number, number>>>();
  const isReplayed = async ({ reason }: StoredLetter, partition: number, offset: number) => {
    if (wanted === 'all') return false;
    const group = wanted.reason === undefined ? groupOf(reason) : groupOfAll;
    if (!committed.has(group)) committed.set(group, kafka.deadLettersCommitted(group));
    return offset < ((await committed.get(group))?.get(partition) ?? 0);
  };
  // A listing remembers nothing, and must not get in the way of another.
  const own = wanted === 'all' ? `${settings.source.group}-list-${process.pid}` : undefined;
  const group =
    own ?? (wanted !== 'all' && wanted.reason !== undefined ? groupOf(wanted.reason) : groupOfAll);
  const source = kafka.deadLetterRecords(group);
  try {
    await source.open({ revoked: () => {} });
    const never = new AbortController().signal;
    for (let batch = await source.pull(never); batch !== undefined; batch = await source.pull(never)) {
      const passed = batch;
      const letters: StoredLetter[] = [];
      for (const message of batch.messages) {
        if (message.tombstone) continue;
        const read = deadLetterOfMessage(message);
        const letter = { ...read, isWhole: read.cutFromBytes === undefined };
        if (!(await isReplayed(letter, batch.partition, message.offset))) letters.push(letter);
      }
      yield { letters, done: () => source.commit([passed]) };
    }
  } finally {
    await source.close();
  }
}

/** What was replayed of the file is in another beside it. */
async function* lettersOfFile(
  path: string,
  log: Log,
  wanted: Wanted,
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
      const mark = createHash('sha256').update(line).digest('hex').slice(0, 32);
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
