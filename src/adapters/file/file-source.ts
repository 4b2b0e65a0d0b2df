import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Batch } from '../../core/batch.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { CommittableOffset, TopicPartition } from '../../core/topic-partition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource, PartitionLag, SourceEvents } from '../../ports/message-source.ts';
import type { ReadLimits } from './file-lines.ts';
import { Inbox } from './inbox.ts';
import { InboxFiles } from './inbox-files.ts';
import { NameLost } from './inbox-handle.ts';
import { OffsetFile } from './offset-file.ts';
import type { TailedFile } from './tailed-file.ts';

export interface FileSourceOptions {
  /** Folder whose `*.jsonl` files are read, one message a line; made if it is missing. */
  readonly inbox: string;
  /** Folder of `offsets.json`; made if it is missing. */
  readonly stateDir: string;
  /** Files that this process writes; none of them is read as messages, whatever name it has in the inbox. */
  readonly ownFiles?: readonly string[];
  readonly maxMessages: number;
  readonly maxAgeSeconds: number;
  /** Longer messages are dead letters anyway: of a line longer than this and 1 MiB, only the beginning is kept. */
  readonly maxMessageBytes: number;
  /** Where to begin in a file that has no committed offset at the first look. */
  readonly startAt: 'earliest' | 'latest';
  /** Ends when everything there has been delivered, a last line without its newline too. Else such a line waits. */
  readonly once: boolean;
  readonly log: Log;
  readonly clock: Clock;
  /** Sizes that tests make small. */
  readonly sizes?: Partial<FileSourceSizes>;
}

export interface FileSourceSizes {
  /** How much is read at once, and kept of a longer line. */
  readonly stretchBytes: number;
  /** A batch of the longest messages must not weigh more than this. */
  readonly batchBytes: number;
  /** How much is read of one file before the next has its turn. */
  readonly turnBytes: number;
}

const MEBIBYTE = 1024 * 1024;
/** How often the folder is looked at. */
const LOOK_SECONDS = 0.2;
/** A line whose end was not found for this long is reported. */
const LONG_LINE_SECONDS = 60;
/** Reading to the end and no further, so often is tried again what could not be read. */
const TRIES_AT_THE_END = 5;

type Skip = (at: TopicPartition) => boolean;

/**
 * Messages from the lines of a folder's files. The topic is the file's name, the partition 0, the offset a line's first
 * byte. Files take turns; what is appended, and files that are new, are found within a fifth of a second. A file that was
 * cut, replaced or rewritten starts over, in a new assignment epoch. A file that lost its name is read to its end. Blank lines are
 * skipped.
 */
export class FileSource implements MessageSource {
  readonly #options: FileSourceOptions;
  readonly #limits: ReadLimits;
  readonly #inbox: Inbox;
  #offsets: OffsetFile | undefined;
  #files: InboxFiles | undefined;
  /** Names of files that failed since the last look. */
  readonly #failed = new Set<string>();
  /** Names of files whose long lines were reported. */
  readonly #endless = new Set<string>();
  #lookedAt = 0;
  #turn = 0;
  #turnBytes = 0;
  #triesAtTheEnd = 0;

  constructor(options: FileSourceOptions) {
    this.#options = options;
    const { sizes = {} } = options;
    this.#limits = {
      maxMessages: options.maxMessages,
      maxBytes: sizes.batchBytes ?? 8 * MEBIBYTE,
      maxAgeSeconds: options.once ? 0 : options.maxAgeSeconds,
      stretchBytes: Math.max(sizes.stretchBytes ?? MEBIBYTE, options.maxMessageBytes + 2),
      turnBytes: sizes.turnBytes ?? 8 * MEBIBYTE,
    };
    this.#inbox = new Inbox(options.inbox, options.ownFiles ?? [], options.log);
  }

  async open(events: SourceEvents): Promise<void> {
    const { inbox, stateDir, startAt, once, log, clock } = this.#options;
    try {
      await mkdir(inbox, { recursive: true });
      await mkdir(stateDir, { recursive: true });
      const offsets = await OffsetFile.load(join(stateDir, 'offsets.json'));
      const { stretchBytes } = this.#limits;
      const revoked: SourceEvents['revoked'] = (at, epoch) => events.revoked(at, epoch);
      const files = new InboxFiles(this.#inbox, offsets, { startAt, once, stretchBytes }, log, revoked);
      await files.lookAround(true, { now: clock.now(), elapsed: clock.elapsed() });
      this.#offsets = offsets;
      this.#files = files;
      this.#lookedAt = clock.elapsed();
      // A crash before the first commit must not make "latest" later than it was.
      if (startAt === 'latest') await this.commit(files.inTurn.map(startOf));
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      throw new SluiceError(
        'SOURCE_FAILED',
        `the inbox ${inbox} cannot be opened (${describeError(error)}); check that it and ${stateDir} are folders with permission to read and write`,
        { cause: error },
      );
    }
  }

  /** One call at a time. Of a file that `skip` names nothing is given. */
  async pull(signal: AbortSignal, skip: Skip = () => false): Promise<Batch | undefined> {
    const { clock, once } = this.#options;
    while (!signal.aborted) {
      if (clock.elapsed() - this.#lookedAt >= LOOK_SECONDS) await this.#look();
      const batch = await this.#next(skip);
      if (batch !== undefined) return batch;
      if (this.#isSomethingWorthReading(skip)) continue;
      if (once && (await this.#isAtTheEnd())) return undefined;
      await clock.sleep(this.#idleSeconds(), signal);
    }
    return undefined;
  }

  async commit(committed: readonly CommittableOffset[]): Promise<void> {
    const [offsets, files] = this.#opened();
    for (const { topic, nextOffset } of committed) {
      const file = files.get(topic);
      if (file !== undefined) this.#setCommitted(file, nextOffset);
    }
    await offsets.save();
  }

  async lag(): Promise<readonly PartitionLag[]> {
    const [offsets] = this.#opened();
    return (await this.#inbox.list()).entries.map(({ name, size, inode }) => {
      const entry = offsets.get(name);
      const isSame = entry !== undefined && entry.inode === inode && entry.offset <= size;
      const committed = isSame ? entry.offset : 0;
      return { topic: name, partition: 0, committed, highWatermark: size, lag: size - committed };
    });
  }

  trouble(): string | undefined {
    if (this.#inbox.isUnreadable(''))
      return `the inbox ${this.#options.inbox} cannot be read; check its permissions`;
    const [name] = this.#endless;
    return name === undefined
      ? undefined
      : `the end of a line of ${name} was not found for ${LONG_LINE_SECONDS} s; end the line, or move the file out of the inbox`;
  }

  async close(): Promise<void> {
    if (this.#files !== undefined) await this.#commitBlankLines();
    await this.#files?.close();
  }

  #opened(): readonly [OffsetFile, InboxFiles] {
    if (this.#offsets === undefined || this.#files === undefined)
      throw new SluiceError('INTERNAL', 'the file source was used before it was opened; please report this');
    return [this.#offsets, this.#files];
  }

  async #look(): Promise<void> {
    const [, files] = this.#opened();
    const { clock } = this.#options;
    try {
      await files.lookAround(false, { now: clock.now(), elapsed: clock.elapsed() });
      this.#inbox.readable('');
    } catch (error) {
      this.#inbox.unreadable('', 'find', error);
    }
    this.#failed.clear();
    this.#reportLongLines();
    await this.#commitBlankLines();
    this.#lookedAt = clock.elapsed();
  }

  /** From the file whose turn it is, or the next that has something. */
  async #next(skip: Skip): Promise<Batch | undefined> {
    const [, files] = this.#opened();
    const { inTurn } = files;
    for (let tried = 0; tried < inTurn.length; tried++) {
      const file = inTurn[this.#turn % inTurn.length]!;
      const batch = this.#isWorthReading(file, skip) ? await this.#read(file) : undefined;
      if (batch === undefined || this.#turnBytes >= this.#limits.turnBytes) {
        await files.rest(file);
        this.#turn = (this.#turn + 1) % inTurn.length;
        this.#turnBytes = 0;
      }
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  async #read(file: TailedFile): Promise<Batch | undefined> {
    const { name: topic, epoch } = file;
    try {
      const batch = await file.read(this.#limits, this.#options.clock.elapsed());
      this.#inbox.readable(topic, 'read');
      if (batch === undefined) return undefined;
      this.#turnBytes += batch.bytes;
      return { topic, partition: 0, epoch, messages: batch.messages, nextOffset: file.position };
    } catch (error) {
      if (!(error instanceof NameLost)) this.#inbox.unreadable(topic, 'read', error);
      this.#failed.add(topic);
      file.suspect();
      return undefined;
    }
  }

  #isWorthReading(file: TailedFile, skip: Skip): boolean {
    const { clock } = this.#options;
    return (
      !this.#failed.has(file.name) &&
      file.isWorthReading(clock.elapsed(), this.#limits.maxAgeSeconds) &&
      !skip({ topic: file.name, partition: 0 })
    );
  }

  #isSomethingWorthReading(skip: Skip): boolean {
    return this.#opened()[1].inTurn.some((file) => this.#isWorthReading(file, skip));
  }

  /**
   * Whether everything there has been given out. What can't be read is tried some times more. Throws `SOURCE_FAILED` where
   * that does not help: to end as if all had been read would hide that there is more.
   */
  async #isAtTheEnd(): Promise<boolean> {
    await this.#look();
    const isMore = (file: TailedFile) => file.position < file.size && !this.#inbox.isUnreadable(file.name);
    if (this.#opened()[1].inTurn.some(isMore)) return false;
    const { inbox } = this.#options;
    const unreadable = this.#inbox.allUnreadable.map((name) => join(inbox, name));
    if (unreadable.length === 0) return true;
    if (++this.#triesAtTheEnd <= TRIES_AT_THE_END) return false;
    throw new SluiceError(
      'SOURCE_FAILED',
      `not everything in the inbox could be read: ${unreadable.slice(0, 5).join(', ')}${unreadable.length > 5 ? ', …' : ''}; see the warnings in the log, check permissions, and run again`,
    );
  }

  /** Until the next look, or until a half-filled batch is due. */
  #idleSeconds(): number {
    const now = this.#options.clock.elapsed();
    let until = this.#lookedAt + LOOK_SECONDS;
    for (const file of this.#opened()[1].inTurn)
      until = Math.min(until, file.dueAt(this.#limits.maxAgeSeconds) ?? until);
    return Math.max(0.001, until - now);
  }

  #setCommitted(file: TailedFile, nextOffset: number): void {
    file.committed = file.behindBlankLines(nextOffset);
    const committedAt = this.#options.clock.now();
    this.#opened()[0].set(file.name, { ...file.identity, offset: file.committed, committedAt });
  }

  /** Nothing comes of blank lines, so that nobody else would commit those at the end of a file. */
  async #commitBlankLines(): Promise<void> {
    const [offsets, files] = this.#opened();
    const passed = files.inTurn.filter((file) => file.behindBlankLines(file.committed) !== file.committed);
    if (passed.length === 0) return;
    for (const file of passed) this.#setCommitted(file, file.committed);
    // It is in memory, and is written with the next commit at the latest.
    await offsets.save().catch(() => {});
  }

  #reportLongLines(): void {
    const now = this.#options.clock.elapsed();
    const before = new Set(this.#endless);
    this.#endless.clear();
    for (const { name, position, longLineSince } of this.#opened()[1].inTurn) {
      if (longLineSince === undefined || now - longLineSince < LONG_LINE_SECONDS) continue;
      this.#endless.add(name);
      if (before.has(name)) continue;
      this.#options.log.warn(
        { file: name, position },
        'the end of a line was not found for a long time; end the line, or move the file out of the inbox. Other files are read meanwhile',
      );
    }
  }
}

function startOf({ name, position }: TailedFile): CommittableOffset {
  return { topic: name, partition: 0, nextOffset: position };
}
