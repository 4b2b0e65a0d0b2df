import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Batch } from '../../core/batch.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { CommittableOffset } from '../../core/topic-partition.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { MessageSource, PartitionLag, SourceEvents } from '../../ports/message-source.ts';
import { Inbox } from './inbox.ts';
import { InboxFiles } from './inbox-files.ts';
import { OffsetFile } from './offset-file.ts';
import type { ReadLimits, TailedFile } from './tailed-file.ts';

export interface FileSourceOptions {
  /** Folder whose `*.jsonl` files are read, one message a line; made if it is missing. */
  readonly inbox: string;
  /** Folder of `offsets.json`; made if it is missing. */
  readonly stateDir: string;
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
}

/** How often the folder is looked at. */
const LOOK_SECONDS = 0.2;
const STRETCH_BYTES = 1024 * 1024;
/** A batch of the longest messages must not weigh more than this. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;
/** Bytes that one file gives before the next has its turn. */
const TURN_BYTES = 8 * 1024 * 1024;

/**
 * Messages from the lines of a folder's files. The topic is the file's name, the partition 0, the offset a line's first
 * byte. Files take turns; what is appended, and files that are new, are found within a fifth of a second. A file that was
 * cut, replaced or written anew starts over, in a new tenure. A file that lost its name is read to its end.
 */
export class FileSource implements MessageSource {
  readonly #options: FileSourceOptions;
  readonly #limits: ReadLimits;
  readonly #inbox: Inbox;
  #offsets: OffsetFile | undefined;
  #files: InboxFiles | undefined;
  /** Names of files that failed since the last look. */
  readonly #failed = new Set<string>();
  #lookedAt = 0;
  #turn = 0;
  #turnBytes = 0;

  constructor(options: FileSourceOptions) {
    this.#options = options;
    this.#limits = {
      maxMessages: options.maxMessages,
      maxBytes: MAX_BATCH_BYTES,
      maxAgeSeconds: options.once ? 0 : options.maxAgeSeconds,
      stretchBytes: Math.max(STRETCH_BYTES, options.maxMessageBytes + 2),
    };
    this.#inbox = new Inbox(options.inbox, options.log);
  }

  async open(events: SourceEvents): Promise<void> {
    const { inbox, stateDir, startAt, once, log, clock } = this.#options;
    try {
      await mkdir(inbox, { recursive: true });
      await mkdir(stateDir, { recursive: true });
      const offsets = await OffsetFile.load(join(stateDir, 'offsets.json'));
      const { stretchBytes } = this.#limits;
      const revoked: SourceEvents['revoked'] = (at, tenure) => events.revoked(at, tenure);
      const files = new InboxFiles(this.#inbox, offsets, { startAt, once, stretchBytes }, log, revoked);
      await files.lookAround(true, clock.now());
      this.#offsets = offsets;
      this.#files = files;
      this.#lookedAt = clock.elapsed();
      // A crash before the first commit must not make "latest" later than it was.
      if (startAt === 'latest') await this.commit(files.inTurn.map(startOf));
    } catch (error) {
      if (error instanceof SluiceError) throw error;
      throw new SluiceError(
        'SOURCE_FAILED',
        `the inbox ${inbox} cannot be opened (${describeError(error)}); check that it and ${stateDir} are folders with rights to read and write`,
        { cause: error },
      );
    }
  }

  /** One call at a time. */
  async pull(signal: AbortSignal): Promise<Batch | undefined> {
    const { clock, once } = this.#options;
    while (!signal.aborted) {
      if (clock.elapsed() - this.#lookedAt >= LOOK_SECONDS) await this.#look();
      const batch = await this.#next();
      if (batch !== undefined) return batch;
      if (once) {
        await this.#look();
        if (!this.#isSomethingWorthReading()) return undefined;
      } else await clock.sleep(this.#idleSeconds(), signal);
    }
    return undefined;
  }

  async commit(committed: readonly CommittableOffset[]): Promise<void> {
    const [offsets, files] = this.#opened();
    for (const { topic, nextOffset } of committed) {
      const identity = files.get(topic)?.identity;
      if (identity !== undefined)
        offsets.set(topic, { ...identity, offset: nextOffset, committedAt: this.#options.clock.now() });
    }
    await offsets.save();
  }

  async lag(): Promise<readonly PartitionLag[]> {
    const [offsets] = this.#opened();
    return (await this.#inbox.list()).map(({ name, size, inode }) => {
      const entry = offsets.get(name);
      const isSame = entry !== undefined && entry.inode === inode && entry.offset <= size;
      const committed = isSame ? entry.offset : 0;
      return { topic: name, partition: 0, committed, highWatermark: size, lag: size - committed };
    });
  }

  async close(): Promise<void> {
    await this.#files?.close();
  }

  #opened(): readonly [OffsetFile, InboxFiles] {
    if (this.#offsets === undefined || this.#files === undefined)
      throw new SluiceError('INTERNAL', 'the file source was used before it was opened; please report this');
    return [this.#offsets, this.#files];
  }

  async #look(): Promise<void> {
    const [, files] = this.#opened();
    const now = this.#options.clock.now();
    try {
      await files.lookAround(false, now);
      this.#inbox.isWell('');
    } catch (error) {
      this.#inbox.warn('', error);
    }
    this.#failed.clear();
    this.#lookedAt = this.#options.clock.elapsed();
  }

  /** From the file whose turn it is, or the next that has something. */
  async #next(): Promise<Batch | undefined> {
    const [, files] = this.#opened();
    const { inTurn } = files;
    const now = this.#options.clock.elapsed();
    for (let tried = 0; tried < inTurn.length; tried++) {
      const file = inTurn[this.#turn % inTurn.length]!;
      const batch = this.#isWorthReading(file, now) ? await this.#read(file, now) : undefined;
      if (batch === undefined || this.#turnBytes >= TURN_BYTES) {
        await files.rest(file);
        this.#turn = (this.#turn + 1) % inTurn.length;
        this.#turnBytes = 0;
      }
      if (batch !== undefined) return batch;
    }
    return undefined;
  }

  async #read(file: TailedFile, now: number): Promise<Batch | undefined> {
    try {
      const batch = await file.read(this.#limits, now);
      this.#inbox.isWell(file.name);
      if (batch === undefined) return undefined;
      this.#turnBytes += batch.bytes;
      const { name: topic, tenure, position: nextOffset } = file;
      return { topic, partition: 0, tenure, messages: batch.messages, nextOffset };
    } catch (error) {
      this.#inbox.warn(file.name, error);
      this.#failed.add(file.name);
      await file.close();
      return undefined;
    }
  }

  #isWorthReading(file: TailedFile, now: number): boolean {
    return !this.#failed.has(file.name) && file.isWorthReading(now, this.#limits.maxAgeSeconds);
  }

  #isSomethingWorthReading(): boolean {
    const now = this.#options.clock.elapsed();
    return this.#opened()[1].inTurn.some(
      (file) => file.isWorthReading(now, 0) && !this.#inbox.isIll(file.name),
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
}

function startOf({ name, position }: TailedFile): CommittableOffset {
  return { topic: name, partition: 0, nextOffset: position };
}
