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
 * bytes are a view of the stretch, which therefore must never be written to again.
 */
export class LineReader {
  readonly #stretch: Buffer;
  readonly #start: number;
  #at = 0;

  /** `start`: the place of the stretch's first byte in the file. */
  constructor(stretch: Buffer, start: number) {
    this.#stretch = stretch;
    this.#start = start;
  }

  /** Place in the file of the first line that was not taken yet. */
  get position(): number {
    return this.#start + this.#at;
  }

  /** Place in the file behind the stretch. */
  get end(): number {
    return this.#start + this.#stretch.length;
  }

  /** Moves whole lines into the batch until it is full or no whole line is left. */
  take(batch: GrowingBatch, limits: BatchLimits, receivedElapsed: number): void {
    const stretch = this.#stretch;
    let at = this.#at;
    while (!isFull(batch, limits)) {
      const end = stretch.indexOf(NEWLINE, at);
      if (end === -1) break;
      batch.bytes += this.#push(batch, at, end, end + 1, receivedElapsed);
      at = end + 1;
    }
    this.#at = at;
  }

  /** Moves what is left, a line without its end, into the batch. `nextOffset`: where the file goes on after it. */
  takeRest(batch: GrowingBatch, nextOffset: number, receivedElapsed: number): void {
    const { length } = this.#stretch;
    batch.bytes += this.#push(batch, this.#at, length, nextOffset - this.#start, receivedElapsed);
    this.#at = length;
  }

  #push(batch: GrowingBatch, from: number, to: number, next: number, receivedElapsed: number): number {
    const stretch = this.#stretch;
    const start = this.#start;
    const end = to > from && stretch[to - 1] === CARRIAGE_RETURN ? to - 1 : to;
    const begin = start + from === 0 && BYTE_ORDER_MARK.every((byte, i) => stretch[i] === byte) ? 3 : from;
    const bytes = new Uint8Array(stretch.buffer, stretch.byteOffset + begin, Math.max(0, end - begin));
    batch.messages.push({ offset: start + from, nextOffset: start + next, bytes, receivedElapsed });
    return bytes.length;
  }
}
