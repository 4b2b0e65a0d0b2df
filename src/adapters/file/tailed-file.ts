import { type FileIdentity, hasIdentity, type ReadInto, SeenBytes } from './file-identity.ts';
import { FileLines, type Filling, type ReadLimits } from './file-lines.ts';
import type { InboxEntry, LookTime } from './inbox.ts';
import { InboxHandle, NameLost } from './inbox-handle.ts';
import type { GrowingBatch } from './line-reader.ts';

const NEWLINE = 0x0a;

/**
 * A file that lost its name ends when it has not grown for this long: a program goes on writing to a file that was renamed until
 * it opens the new one.
 */
const QUIET_SECONDS = 0.5;
/** It ends after this long in any case, or a file of the same name would never be read. */
const LONGEST_SECONDS = 60;
/** Within this time of a change, the file system's clock may give another change the same time, so it is compared once more. */
const SETTLING_SECONDS = 2;
/** A file whose last change is older than this when it is first seen is not in the middle of others. */
const FRESH_MS = 10_000;

export interface TailedFileOptions {
  readonly epoch: number;
  /** Nothing will be appended to it: what is behind the last newline is a line, too. */
  readonly final: boolean;
  readonly time: LookTime;
}

interface NameLoss {
  readonly since: number;
  grewAt: number;
  /** No name is left of it. */
  isRemoved: boolean;
  /** Nothing that is appended from now on is read. */
  isOver: boolean;
}

/**
 * One file of the inbox in one assignment epoch, read line by line as it grows. Between two reads it holds a position and no lines:
 * a batch that is not yet due is read again when it is, so that ten thousand half-filled files cost no memory.
 */
export class TailedFile {
  readonly name: string;
  readonly epoch: number;
  readonly inode: number;
  /** Offset of the first line that was not given out yet. */
  position = 0;
  /** The offset up to which everything was handled, as far as this epoch knows. */
  committed = 0;
  /** The file's length as last seen. Nothing behind it is read. */
  size: number;
  readonly #handle: InboxHandle;
  readonly #readInto: ReadInto = (target, at) => this.#handle.read(target, at);
  /** Nothing more will be appended to it: what is behind the last newline is a line, too. */
  #isFinal: boolean;
  readonly #isAlwaysFinal: boolean;
  #lostName: NameLoss | undefined;
  /** A last line without its newline was given out, so that nothing can be read behind it any more. */
  #hasEnded = false;
  #seen = SeenBytes.none;
  /** It has other content than what was read of it, and can't be read on. */
  #isOther = false;
  /** The time of change at which that was last checked before reading. */
  #checkedAt: number | undefined;
  readonly #lines = new FileLines(this.#readInto);
  /** `Clock.elapsed()` at which the first line of the next batch was first seen. */
  #waitingSince: number | undefined;
  /** The length at which the last read found no batch that was due. */
  #nothingDueAt = -1;
  /** Blank lines before the position that belong to no message. */
  #blank: { readonly from: number; readonly to: number } | undefined;
  #changedAt: number;
  #settlesAt: number | undefined;

  constructor(at: InboxEntry, { epoch, final, time }: TailedFileOptions) {
    this.name = at.name;
    this.inode = at.inode;
    this.epoch = epoch;
    this.size = at.size;
    this.#handle = new InboxHandle(at.path, at.inode);
    this.#isFinal = final;
    this.#isAlwaysFinal = final;
    this.#changedAt = at.changedAt;
    const isFresh = Math.abs(time.now - at.changedAt) < FRESH_MS;
    this.#settlesAt = isFresh ? time.elapsed + SETTLING_SECONDS : undefined;
  }

  get isOpen(): boolean {
    return this.#handle.isOpen;
  }

  get identity(): FileIdentity {
    return this.#seen.identity(this.inode);
  }

  /** Since when its name leads to another file, or to none, in seconds of `Clock.elapsed()`. */
  get nameLostSince(): number | undefined {
    return this.#lostName?.since;
  }

  /** The file is nowhere to be found any more: it had no name left when it was last looked at. */
  get isRemoved(): boolean {
    return this.#lostName?.isRemoved ?? false;
  }

  get isOther(): boolean {
    return this.#isOther;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Lost its name and will not grow any more. */
  get isFinished(): boolean {
    return this.#lostName?.isOver === true && this.position >= this.size;
  }

  /** When a line was first seen whose end is not found yet though it is longer than what is kept of a line. */
  get longLineSince(): number | undefined {
    return this.#lines.longLineSince(this.position);
  }

  /**
   * Its name was taken by another file, or removed. While it is open it is read on; it ends when it has not grown for a while.
   * To be called at each look as long as that lasts. Throws the file system's errors.
   */
  async loseName(now: number): Promise<void> {
    this.#lostName ??= { since: now, grewAt: now, isRemoved: false, isOver: false };
    const lost = this.#lostName;
    if (lost.isOver) return;
    const { size, isRemoved } = await this.#handle.status();
    lost.isRemoved = isRemoved;
    if (size < this.position || !(await this.#seen.isStillIn(this.#readInto))) {
      this.#isOther = true;
      return;
    }
    if (size !== this.size) {
      await this.#lines.review(size);
      lost.grewAt = now;
      this.size = size;
    }
    if (!this.#isAlwaysFinal && now - lost.grewAt < QUIET_SECONDS && now - lost.since < LONGEST_SECONDS)
      return;
    lost.isOver = true;
    this.#isFinal = true;
    // What was half a line is a line now.
    this.#nothingDueAt = -1;
  }

  /** Its name came back to it. */
  regainName(): void {
    this.#lostName = undefined;
    this.#isFinal = this.#isAlwaysFinal;
    this.#nothingDueAt = -1;
  }

  /** True where a read may give a batch; false also while a half-filled one is not old enough. */
  isWorthReading(now: number, maxAgeSeconds: number): boolean {
    if (this.position >= this.size) return false;
    if (this.size !== this.#nothingDueAt) return true;
    return this.#waitingSince !== undefined && (this.#isFinal || now >= this.#waitingSince + maxAgeSeconds);
  }

  /** The `Clock.elapsed()` second at which a half-filled batch is due. */
  dueAt(maxAgeSeconds: number): number | undefined {
    return this.#waitingSince === undefined ? undefined : this.#waitingSince + maxAgeSeconds;
  }

  /** The next batch where one is due. Throws the file system's errors, or {@link NameLost}; the position then stays. */
  async read(limits: ReadLimits, now: number): Promise<GrowingBatch | undefined> {
    const batch: GrowingBatch = { messages: [], bytes: 0 };
    const filling: Filling = {
      batch,
      limits,
      size: this.size,
      isFinal: this.#isFinal,
      receivedElapsed: this.#waitingSince ?? now,
      now,
      check: (reached) => this.#check(reached),
      position: this.position,
      seen: this.#seen,
      isDue: false,
      isCutShort: false,
      hasEnded: false,
      endsAt: undefined,
    };
    await this.#lines.fill(filling);
    // The file was cut, and may have been written to again.
    if (filling.endsAt !== undefined) this.size = filling.endsAt;
    const nothingDueAt = filling.isCutShort || filling.endsAt !== undefined ? -1 : this.size;
    if (batch.messages.length > 0 && !filling.isDue && !this.#isFinal) {
      this.#waitingSince ??= now;
      if (now < this.#waitingSince + limits.maxAgeSeconds) {
        this.#nothingDueAt = nothingDueAt;
        this.rest();
        return undefined;
      }
    }
    const before = this.position;
    this.position = filling.position;
    this.#seen = filling.seen;
    this.#hasEnded ||= filling.hasEnded;
    this.#waitingSince = undefined;
    if (batch.messages.length > 0) return batch;
    this.#nothingDueAt = nothingDueAt;
    if (this.position > before)
      this.#blank = { from: this.#blank?.to === before ? this.#blank.from : before, to: this.position };
    return undefined;
  }

  /** What may be committed when everything before `offset` was handled: that, and the blank lines that follow. */
  behindBlankLines(offset: number): number {
    return this.#blank?.from === offset ? this.#blank.to : offset;
  }

  /** Opens the file before its name can be lost. Throws the file system's errors, or {@link NameLost}. */
  async open(): Promise<void> {
    await this.#handle.open();
  }

  /** Goes on where an earlier run stopped, if this is still the file it read; else from the beginning. Returns which. */
  async resume(identity: FileIdentity, offset: number): Promise<boolean> {
    if (this.size < offset || this.inode !== identity.inode) return false;
    await this.#handle.open();
    if (!(await hasIdentity(identity, this.#readInto))) return false;
    await this.#startAt(offset);
    return true;
  }

  /** Leaves out the whole lines that are there. */
  async skipToEnd(stretchBytes: number): Promise<void> {
    await this.#handle.open();
    let position = 0;
    for (let end = this.size; end > 0; ) {
      const start = Math.max(0, end - stretchBytes);
      const stretch = Buffer.alloc(end - start);
      await this.#readInto(stretch, start);
      const newline = stretch.lastIndexOf(NEWLINE);
      if (newline !== -1) {
        position = start + newline + 1;
        break;
      }
      end = start;
    }
    await this.#startAt(position);
  }

  /**
   * Takes over what the folder shows of it. Returns false when it is no longer the file that was read: when it was cut, or
   * has other bytes where some were read. Throws the file system's errors; nothing is taken over then.
   */
  async follow({ size, changedAt }: InboxEntry, now: number): Promise<boolean> {
    if (this.#isOther || size < this.position) return false;
    const hasChanged = size !== this.size || changedAt !== this.#changedAt;
    const hasSettled = this.#settlesAt !== undefined && now >= this.#settlesAt;
    if (!hasChanged && !hasSettled) return true;
    if (!this.#seen.isNothing || this.#lines.hasLongLine) await this.#handle.open();
    if (!(await this.#seen.isStillIn(this.#readInto))) return false;
    await this.#lines.review(size);
    this.size = size;
    this.#changedAt = changedAt;
    // With the same length, half a line may have become a line.
    if (hasChanged) this.#nothingDueAt = -1;
    this.#settlesAt = hasChanged ? now + SETTLING_SECONDS : undefined;
    return true;
  }

  /** Drops what was read ahead. */
  rest(): void {
    this.#lines.rest();
  }

  /** After an error: what was read ahead is dropped, and the file is opened again if it can be. */
  suspect(): void {
    this.rest();
    this.#handle.suspect();
  }

  async close(): Promise<void> {
    this.rest();
    await this.#handle.close();
  }

  async #startAt(position: number): Promise<void> {
    this.#seen = await SeenBytes.before(position, this.#readInto);
    this.position = position;
    this.committed = position;
  }

  /** The file may have been rewritten since it was last looked at, or, while it was closed, replaced by one with its inode number. */
  async #check({ position, seen }: Filling): Promise<void> {
    if (await this.#handle.open()) this.#checkedAt = undefined;
    const { size, changedAt } = await this.#handle.status();
    if (changedAt === this.#checkedAt) return;
    if (size < position || !(await seen.isStillIn(this.#readInto))) {
      this.#isOther = true;
      throw new NameLost('the file has other content than what was read of it');
    }
    await this.#lines.review(size);
    this.#checkedAt = changedAt;
  }
}
