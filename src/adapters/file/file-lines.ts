import { hasBytes, type ReadInto, type SeenBytes } from './file-identity.ts';
import { type BatchLimits, type GrowingBatch, isFull, LineReader } from './line-reader.ts';

const NEWLINE = 0x0a;
/** How much of either end of what was read of a long line is kept as having been seen. */
const SEEN_BYTES = 256;

export interface ReadLimits extends BatchLimits {
  /** A batch that is not full is given out when its first line has waited this long. */
  readonly maxAgeSeconds: number;
  /** How much is read at once; of a longer line only so much is kept. */
  readonly stretchBytes: number;
  /** How much is read of one file, long lines and blank lines included, before others have their turn. */
  readonly turnBytes: number;
}

/** One attempt to fill a batch from a file's lines. */
export interface Filling {
  readonly batch: GrowingBatch;
  readonly limits: ReadLimits;
  /** Nothing at this offset or behind it is read. */
  readonly size: number;
  /** What is behind the last newline is a line, too. */
  readonly isFinal: boolean;
  readonly receivedElapsed: number;
  /** `Clock.elapsed()`. */
  readonly now: number;
  /** Throws where the file is no longer the one that `seen` was read of. Called before anything more of it is read. */
  readonly check: (filling: Filling) => Promise<void>;
  /** How far the batch reaches. */
  position: number;
  /** What was read up to there. */
  seen: SeenBytes;
  /** The batch is given out without waiting for more lines. */
  isDue: boolean;
  /** There is more that could be read at once. */
  isCutShort: boolean;
  /** The last line had no newline. */
  hasEnded: boolean;
  /** The file has fewer bytes than its size says. */
  endsAt: number | undefined;
}

/** A line that is longer than a stretch, and how far its end was looked for. */
interface LongLine {
  readonly start: number;
  readonly since: number;
  searchedTo: number;
  /** Its first bytes, and the last ones before `searchedTo`. */
  readonly first: Buffer;
  last: Buffer;
}

/** Cuts a file into lines, a stretch at a time. Of a line that is longer than a stretch only the beginning is kept. */
export class FileLines {
  readonly #read: ReadInto;
  /** What was read ahead. */
  #lines: LineReader | undefined;
  #longLine: LongLine | undefined;

  constructor(read: ReadInto) {
    this.#read = read;
  }

  get hasLongLine(): boolean {
    return this.#longLine !== undefined;
  }

  /** Since when the line at this offset is known to be a long one whose end is not found. */
  longLineSince(position: number): number | undefined {
    return this.#longLine?.start === position ? this.#longLine.since : undefined;
  }

  /** Drops what was read ahead. */
  rest(): void {
    this.#lines = undefined;
  }

  /** To be called when the file has changed: drops what no longer holds for the bytes behind the position. */
  async review(size: number): Promise<void> {
    this.#lines = undefined;
    const line = this.#longLine;
    if (line === undefined) return;
    const { start, searchedTo, first, last } = line;
    const isSame =
      searchedTo <= size &&
      (await hasBytes(this.#read, start, first)) &&
      (await hasBytes(this.#read, searchedTo - last.length, last));
    // Its search would go on in the middle of other lines.
    if (!isSame) this.#longLine = undefined;
  }

  /** Moves lines into the batch until it is due, the lines end, or the turn is over. Throws the file system's errors. */
  async fill(filling: Filling): Promise<void> {
    let room = filling.limits.turnBytes;
    let isChecked = false;
    while (filling.position < filling.size && !filling.isDue) {
      if (!isChecked && this.#lines?.position !== filling.position) {
        await filling.check(filling);
        isChecked = true;
      }
      if (room <= 0) {
        filling.isCutShort = true;
        filling.isDue = filling.batch.messages.length > 0;
        return;
      }
      const used =
        this.#longLine?.start === filling.position
          ? await this.#takeLongLine(filling, this.#longLine, room)
          : await this.#takeLines(filling);
      if (used === undefined) return;
      room -= used;
    }
  }

  /** From one stretch. Returns how much was read, undefined where nothing can follow. */
  async #takeLines(filling: Filling): Promise<number | undefined> {
    const { batch, limits, size, receivedElapsed } = filling;
    const from = filling.position;
    const ahead = this.#lines?.position === from ? this.#lines : undefined;
    const lines = ahead ?? (await this.#stretchAt(from, filling));
    if (lines === undefined) return undefined;
    lines.take(batch, limits, receivedElapsed);
    this.#passTo(lines.position, lines, filling);
    filling.isDue = isFull(batch, limits);
    this.#lines = filling.isDue ? lines : undefined;
    if (filling.isDue) return 0;
    if (lines.end >= size) {
      if (filling.isFinal && filling.position < size) {
        lines.takeLast(batch, receivedElapsed);
        this.#passTo(size, lines, filling);
        filling.hasEnded = true;
      }
      return undefined;
    }
    if (lines.end - filling.position >= limits.stretchBytes)
      this.#longLine = {
        start: filling.position,
        since: filling.now,
        searchedTo: lines.end,
        first: Buffer.from(lines.bytes(filling.position, Math.min(lines.end, filling.position + SEEN_BYTES))),
        last: lastOf(lines.bytes(filling.position, lines.end)),
      };
    return ahead === undefined ? lines.length : 0;
  }

  /** A batch with a long line goes out at once, so that its end need not be looked for a second time. */
  async #takeLongLine(filling: Filling, line: LongLine, room: number): Promise<number | undefined> {
    const { batch, size, isFinal, receivedElapsed } = filling;
    const before = line.searchedTo;
    const end = await this.#endOf(line, filling, room);
    if (end === undefined && !(isFinal && line.searchedTo >= size)) {
      filling.isCutShort = line.searchedTo < size && filling.endsAt === undefined;
      return undefined;
    }
    const lines = await this.#stretchAt(line.start, filling);
    if (lines === undefined) return undefined;
    const next = end?.next ?? size;
    lines.takeBeginning(batch, next, receivedElapsed);
    this.#passTo(lines.end, lines, filling);
    if (end !== undefined) filling.seen = filling.seen.after(end.seen, next - end.seen.length);
    filling.position = next;
    filling.hasEnded = end === undefined;
    filling.isDue = true;
    return line.searchedTo - before;
  }

  /** Where the line after a long one begins, and the last bytes before; undefined where it was not found yet. */
  async #endOf(
    line: LongLine,
    filling: Filling,
    room: number,
  ): Promise<{ readonly next: number; readonly seen: Buffer } | undefined> {
    const until = Math.min(filling.size, line.searchedTo + room);
    const stretch = Buffer.allocUnsafeSlow(
      Math.min(filling.limits.stretchBytes, Math.max(0, until - line.searchedTo)),
    );
    while (line.searchedTo < until) {
      const at = line.searchedTo;
      const part = stretch.subarray(0, Math.min(stretch.length, until - at));
      const filled = await this.#read(part, at);
      if (filled < part.length) {
        filling.endsAt = at + filled;
        return undefined;
      }
      const end = part.indexOf(NEWLINE);
      if (end !== -1) return { next: at + end + 1, seen: lastOf(part.subarray(0, end + 1)) };
      line.searchedTo += part.length;
      line.last = lastOf(part);
    }
    return undefined;
  }

  #passTo(position: number, lines: LineReader, filling: Filling): void {
    filling.seen = filling.seen.after(lines.bytes(filling.position, position), filling.position);
    filling.position = position;
  }

  async #stretchAt(at: number, filling: Filling): Promise<LineReader | undefined> {
    const wanted = Math.min(filling.limits.stretchBytes, filling.size - at);
    // Of its own memory: messages are views of it and live as long as their batch.
    const stretch = Buffer.allocUnsafeSlow(wanted);
    const filled = await this.#read(stretch, at);
    if (filled === wanted) return new LineReader(stretch, at);
    filling.endsAt = at + filled;
    return undefined;
  }
}

/** A copy of the last bytes. */
function lastOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(Math.max(0, bytes.length - SEEN_BYTES)));
}
