import { type FileHandle, open } from 'node:fs/promises';
import { type FileIdentity, identify, isShort, isStill } from './file-identity.ts';
import type { InboxEntry } from './inbox.ts';
import { type BatchLimits, type GrowingBatch, isFull, LineReader } from './line-reader.ts';

const NEWLINE = 0x0a;

export interface ReadLimits extends BatchLimits {
  /** A batch that is not full is given out when its first line has waited this long. */
  readonly maxAgeSeconds: number;
  /** How much is read at once; of a longer line only so much is kept. */
  readonly stretchBytes: number;
}

/**
 * One file of the inbox in one tenure, read line by line as it grows. Between two reads it holds a position and no lines:
 * a batch that is not yet due is read again when it is, so that ten thousand half-filled files cost no memory.
 */
export class TailedFile {
  readonly name: string;
  readonly path: string;
  readonly tenure: number;
  /** Where the first line begins that was not given out yet. */
  position = 0;
  /** The file's length as last seen. Nothing behind it is read. */
  size: number;
  /** Nothing more will be appended to it: what stands behind the last newline is a line, too. */
  #final: boolean;
  #detached = false;
  #handle: FileHandle | undefined;
  #lines: LineReader | undefined;
  #identity: FileIdentity | undefined;
  readonly #inodeWhenFound: number;
  /** Epoch milliseconds at which the first line of the next batch was first seen. */
  #waitingSince: number | undefined;
  /** The length at which the last read found no batch that was due. */
  #nothingDueAt = -1;
  /** While a line is too long to be kept: how far it was searched for its end. */
  #searchedTo = 0;

  constructor(at: InboxEntry & { readonly tenure: number; readonly final: boolean }) {
    this.name = at.name;
    this.path = at.path;
    this.#inodeWhenFound = at.inode;
    this.tenure = at.tenure;
    this.size = at.size;
    this.#final = at.final;
  }

  get isOpen(): boolean {
    return this.#handle !== undefined;
  }

  get inode(): number {
    return this.#identity?.inode ?? this.#inodeWhenFound;
  }

  /** Known after the first read. */
  get identity(): FileIdentity | undefined {
    return this.#identity;
  }

  get detached(): boolean {
    return this.#detached;
  }

  /** Its name was taken by another file, or removed: it ends where it ends now, as far as it is still open. */
  async detach(): Promise<void> {
    if (this.#detached) return;
    this.#detached = true;
    this.#final = true;
    // The last lines may have been written between the last look and the loss of the name.
    if (this.#handle !== undefined) this.size = (await this.#handle.stat()).size;
  }

  /** Its name came back to it. */
  attach(final: boolean): void {
    this.#detached = false;
    this.#final = final;
  }

  /** True where a read may give a batch; false also while a half-filled one is not old enough. */
  isWorthReading(now: number, maxAgeSeconds: number): boolean {
    if (this.position >= this.size) return false;
    if (this.size !== this.#nothingDueAt) return true;
    return this.#waitingSince !== undefined && (this.#final || now >= this.#waitingSince + maxAgeSeconds);
  }

  /** The `Clock.elapsed()` second at which a half-filled batch is due. */
  dueAt(maxAgeSeconds: number): number | undefined {
    return this.#waitingSince === undefined ? undefined : this.#waitingSince + maxAgeSeconds;
  }

  /** The next batch where one is due. Throws the file system's errors; the position then stays. */
  async read(limits: ReadLimits, now: number): Promise<GrowingBatch | undefined> {
    const batch: GrowingBatch = { messages: [], bytes: 0 };
    const receivedElapsed = this.#waitingSince ?? now;
    const reachedTo = await this.#fill(batch, limits, receivedElapsed);
    if (batch.messages.length === 0) {
      this.#nothingDueAt = this.size;
      return undefined;
    }
    if (!isFull(batch, limits) && !this.#final) {
      this.#waitingSince ??= now;
      if (now < this.#waitingSince + limits.maxAgeSeconds) {
        this.#nothingDueAt = this.size;
        this.rest();
        return undefined;
      }
    }
    this.#waitingSince = undefined;
    this.position = reachedTo;
    if (isShort(this.#identity, this.position))
      this.#identity = await identify(await this.#open(), this.position);
    return batch;
  }

  /** Goes on where an earlier run stopped, if this is still the file it read; else from the beginning. Answers which. */
  async resume(identity: FileIdentity, offset: number): Promise<boolean> {
    if (this.size < offset || !(await isStill(identity, await this.#open()))) return false;
    this.#identity = identity;
    this.position = offset;
    return true;
  }

  /** Leaves out the whole lines that are there. */
  async skipToEnd(stretchBytes: number): Promise<void> {
    for (let end = this.size; end > 0; ) {
      const start = Math.max(0, end - stretchBytes);
      const stretch = Buffer.alloc(end - start);
      await this.#readInto(stretch, start);
      const newline = stretch.lastIndexOf(NEWLINE);
      if (newline !== -1) {
        this.position = start + newline + 1;
        break;
      }
      end = start;
    }
    this.#identity = await identify(await this.#open(), this.position);
  }

  /** False when the file's beginning is no longer what was read of it. */
  async isWhatWasRead(): Promise<boolean> {
    return this.#identity === undefined || isStill(this.#identity, await this.#open());
  }

  /** Lets go of what was read ahead. */
  rest(): void {
    this.#lines = undefined;
  }

  async close(): Promise<void> {
    this.rest();
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  /** Answers where the file goes on behind the batch. */
  async #fill(batch: GrowingBatch, limits: ReadLimits, receivedElapsed: number): Promise<number> {
    let at = this.position;
    while (!isFull(batch, limits) && at < this.size) {
      const lines = this.#lines ?? (await this.#readStretch(at, limits.stretchBytes));
      if (lines === undefined) return at;
      this.#lines = lines;
      lines.take(batch, limits, receivedElapsed);
      at = lines.position;
      if (isFull(batch, limits)) break;
      this.#lines = undefined;
      if (lines.end >= this.size) {
        if (this.#final && at < this.size) {
          lines.takeRest(batch, this.size, receivedElapsed);
          at = this.size;
        }
        break;
      }
      if (lines.end - at < limits.stretchBytes) continue;
      const next = await this.#endOfLongLine(lines.end, limits.stretchBytes);
      if (next === undefined) break;
      lines.takeRest(batch, next, receivedElapsed);
      at = next;
    }
    return at;
  }

  async #readStretch(at: number, stretchBytes: number): Promise<LineReader | undefined> {
    const wanted = Math.min(stretchBytes, this.size - at);
    // Of its own memory: messages are views of it and live as long as their batch.
    const stretch = Buffer.allocUnsafeSlow(wanted);
    const filled = await this.#readInto(stretch, at);
    if (filled === wanted) return new LineReader(stretch, at);
    // The file has been cut. The next look at the folder deals with that.
    this.size = at + filled;
    return undefined;
  }

  /** Where the line after one that is too long begins; undefined while its end is not written. */
  async #endOfLongLine(from: number, stretchBytes: number): Promise<number | undefined> {
    let at = Math.max(from, this.#searchedTo);
    const stretch = Buffer.allocUnsafeSlow(stretchBytes);
    while (at < this.size) {
      const part = stretch.subarray(0, Math.min(stretchBytes, this.size - at));
      if ((await this.#readInto(part, at)) < part.length) return undefined;
      const end = part.indexOf(NEWLINE);
      if (end !== -1) return at + end + 1;
      at += part.length;
      this.#searchedTo = at;
    }
    return this.#final ? this.size : undefined;
  }

  async #readInto(target: Buffer, at: number): Promise<number> {
    const handle = await this.#open();
    let filled = 0;
    while (filled < target.length) {
      const { bytesRead } = await handle.read(target, filled, target.length - filled, at + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled;
  }

  async #open(): Promise<FileHandle> {
    this.#handle ??= await open(this.path, 'r');
    return this.#handle;
  }
}
