import { dirname } from 'node:path';
import { lineOfDeadLetter } from '../../adapters/file/dead-letter-line.ts';
import { type FileOperations, nodeFileOperations } from '../../adapters/file/file-operations.ts';
import { lockFile } from '../../adapters/libsql/lock-file.ts';
import { SluiceError } from '../../core/errors.ts';
import type { FileLock, LockFile } from '../../ports/file-lock.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { adapters } from '../open/adapters.ts';
import type { Letters, SourceKind, StoredLetter, WantedLetters } from '../open/kinds.ts';

/** The highest of the bytes that JSON counts as white space. */
const BLANK = 0x20;

/** What a replay of dead letters did with those that no replay had sent before. */
export interface Replayed {
  readonly replayed: number;
  /** Left for another replay: their reason is not the one that was asked for. */
  readonly otherReason: number;
  /** They can never be sent; each is named in the log, and is not offered again. */
  readonly unsendable: number;
}

export interface ReplayOptions {
  readonly reason?: string;
  /** Sends nothing and remembers nothing. */
  readonly dryRun: boolean;
}

/** Calls `line` for each dead letter that is there, with the JSON of the file's format. Throws as {@link replayDeadLetters}. */
export async function listDeadLetters(
  settings: Settings,
  log: Log,
  line: (letter: string, reason: string) => Promise<void>,
  files: FileOperations = nodeFileOperations,
): Promise<void> {
  for await (const { letters } of storedLetters(settings, log, 'all', files))
    for (const letter of letters)
      await line(lineOfDeadLetter(letter, new Date(letter.recordedAt).toISOString()), letter.reason);
}

/**
 * Sends dead letters to the source again, with the bytes that came, each once over all calls. Throws `DATA_UNREADABLE` and
 * `DATA_INVALID` where they cannot be read, `SINK_FAILED` and `SOURCE_FAILED` where they cannot be sent or marked as sent, and
 * `STORE_FAILED` while another replay of them runs.
 */
export async function replayDeadLetters(
  settings: Settings,
  log: Log,
  options: ReplayOptions,
  files: FileOperations = nodeFileOperations,
  lock: LockFile = lockFile,
): Promise<Replayed> {
  if (options.dryRun) return await replay(settings, log, options, files);
  const only = await lockReplay(settings, files, lock);
  if (only === undefined)
    throw new SluiceError(
      'STORE_FAILED',
      `another replay of these dead letters is running, by the lock on ${replayLock(settings)}; run this one when it has ended`,
      { retriable: true },
    );
  try {
    return await replay(settings, log, options, files);
  } finally {
    only.release();
  }
}

/**
 * Two replays at the same time would send the same letters. Also of a topic, as far as they run with this state folder. Undefined
 * while another one runs. Throws `STORE_FAILED` where the file cannot be locked.
 */
export async function lockReplay(
  settings: Settings,
  files: FileOperations = nodeFileOperations,
  lock: LockFile = lockFile,
): Promise<FileLock | undefined> {
  const path = replayLock(settings);
  await files.makeFolder(dirname(path)).catch(() => {
    // What is wrong with the folder is in the error of the lock.
  });
  return lock(path);
}

function replayLock({ deadLetters }: Settings): string {
  return `${deadLetters.file.path}.replay-lock`;
}

async function replay(
  settings: Settings,
  log: Log,
  { reason, dryRun }: ReplayOptions,
  files: FileOperations,
): Promise<Replayed> {
  const counts = { replayed: 0, otherReason: 0, unsendable: 0 };
  const source = adapters.source[settings.source.kind];
  const resender = dryRun ? undefined : await source.openResender({ settings, log }, files);
  try {
    for await (const { letters, done } of storedLetters(
      settings,
      log,
      { notReplayed: true, reason },
      files,
    )) {
      const asked = letters.filter((letter) => reason === undefined || letter.reason === reason);
      const sendable = asked.filter((letter) => isSendable(letter, source, log));
      counts.replayed += sendable.length;
      counts.otherReason += letters.length - asked.length;
      counts.unsendable += asked.length - sendable.length;
      if (resender === undefined) continue;
      const refusals = await resender.send(sendable);
      if (refusals.length > 0)
        log.error(
          { letters: refusals.length, reason: refusals[0]!.reason },
          'dead letters are refused by the source’s topic for good; they stay where they are stored',
        );
      counts.replayed -= refusals.length;
      counts.unsendable += refusals.length;
      await done(asked);
    }
  } finally {
    await resender?.close();
  }
  return counts;
}

/** Where they cannot be read, throws `DATA_UNREADABLE`, `DATA_INVALID` or, of a topic, `SOURCE_FAILED`. */
function storedLetters(
  settings: Settings,
  log: Log,
  wanted: WantedLetters,
  files: FileOperations,
): AsyncIterable<Letters> {
  return adapters.deadLetters[settings.deadLetters.kind].stored({ settings, log }, wanted, files);
}

function isSendable(letter: StoredLetter, source: SourceKind, log: Log): boolean {
  const why = whyUnsendable(letter, source);
  if (why !== undefined)
    log.warn(
      { ...letter.position, reason: letter.reason, why },
      'a dead letter cannot be sent to the source again; it stays where it is stored',
    );
  return why === undefined;
}

/** Why a letter can never be sent to the source; undefined where it can. */
export function whyUnsendable({ bytes, isWhole }: StoredLetter, source: SourceKind): string | undefined {
  if (!isWhole) return 'only the beginning of the message was kept';
  // Also what an older version made of a record without a value: it must not come back as an empty one.
  if (bytes.every((byte) => byte <= BLANK)) return 'it has no content';
  return source.whyUnsendable(bytes);
}
