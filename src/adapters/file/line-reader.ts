import type { SourceMessage } from '../../core/batch.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** How much one batch may hold. */
export interface BatchLimits {
  readonly maxMessages: number;
  /** Sum of the messages' bytes; the message that reaches it is the last. */
  readonly maxBytes: number;
}

/** A batch while it is being filled. */
export interface GrowingBatch {
  readonly messages: SourceMessage[];
  bytes: number;
}

export function isFull(batch: GrowingBatch, limits: BatchLimits): boolean {
  return batch.messages.length >= limits.maxMessages || batch.bytes >= limits.maxBytes;
}

/**
 * Cuts one stretch of a file, which begins at the start of a line, into messages. A message ends before `\n` or `\r\n`; its
 * bytes are a view of the stretch, which therefore must never be written to again. Blank lines are no messages; where a batch
 * ends with some, its last message reaches behind them.
 */
export class LineReader {
  readonly #stretch: Buffer;
  readonly #start: number;
  #at = 0;

  /** `start`: the offset of the stretch's first byte in the file. */
  constructor(stretch: Buffer, start: number) {
    this.#stretch = stretch;
    this.#start = start;
  }

  /** Offset in the file of the first line that was not taken yet. */
  get position(): number {
    return this.#start + this.#at;
  }

  /** Offset in the file behind the stretch. */
  get end(): number {
    return this.#start + this.#stretch.length;
  }

  get length(): number {
    return this.#stretch.length;
  }

  /** The bytes between two offsets of the file; a view. */
  bytes(from: number, to: number): Buffer {
    return this.#stretch.subarray(from - this.#start, to - this.#start);
  }

  /** Moves whole lines into the batch until it is full or no whole line is left. */
  take(batch: GrowingBatch, limits: BatchLimits, receivedElapsed: number): void {
    const stretch = this.#stretch;
    let at = this.#at;
    while (!isFull(batch, limits)) {
      const end = stretch.indexOf(NEWLINE, at);
      if (end === -1) break;
      if (!this.#isBlank(at, end)) this.#push(batch, at, end, end + 1, receivedElapsed);
      at = end + 1;
    }
    this.#at = at;
    this.#extendLast(batch);
  }

  /** Moves the last line of a file, which has no newline, into the batch. */
  takeLast(batch: GrowingBatch, receivedElapsed: number): void {
    const { length } = this.#stretch;
    const begin = this.#at;
    this.#at = length;
    if (this.#isBlank(begin, length)) this.#extendLast(batch);
    else this.#push(batch, begin, length, length, receivedElapsed);
  }

  /** Moves the beginning of a line that goes on behind the stretch into the batch. `nextOffset`: where the file goes on after it. */
  takeBeginning(batch: GrowingBatch, nextOffset: number, receivedElapsed: number): void {
    const { length } = this.#stretch;
    this.#push(batch, this.#at, length, nextOffset - this.#start, receivedElapsed);
    this.#at = length;
  }

  #push(batch: GrowingBatch, from: number, to: number, next: number, receivedElapsed: number): void {
    const stretch = this.#stretch;
    const start = this.#start;
    const end = to > from && stretch[to - 1] === CARRIAGE_RETURN ? to - 1 : to;
    const bytes = new Uint8Array(stretch.buffer, stretch.byteOffset + from, end - from);
    batch.messages.push({ offset: start + from, nextOffset: start + next, bytes, receivedElapsed });
    batch.bytes += bytes.length;
  }

  /** Adds the blank lines up to the position to the last message, if there is one. */
  #extendLast(batch: GrowingBatch): void {
    const last = batch.messages.at(-1);
    if (last !== undefined && last.nextOffset < this.position)
      batch.messages[batch.messages.length - 1] = { ...last, nextOffset: this.position };
  }

  /** Nothing but white space, or a byte order mark before it. */
  #isBlank(from: number, to: number): boolean {
    const stretch = this.#stretch;
    let at = BYTE_ORDER_MARK.every((byte, i) => stretch[from + i] === byte) ? from + 3 : from;
    while (at < to && isWhiteSpace(stretch[at]!)) at++;
    return at >= to;
  }
}

/** Tab, vertical tab, form feed, carriage return, space. */
function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
