import { type FileHandle, open } from 'node:fs/promises';
import { systemCode } from './file-operations.ts';

const NEWLINE = 0x0a;
const BLOCK_BYTES = 64 * 1024;
/** What is longer is counted and not kept. */
const MOST_LINE_BYTES = 32 * 1024 * 1024;

/** A line, or newlines in a row, which an erasure leaves in the place of lines. */
export type Before =
  | { readonly kind: 'line'; readonly from: number; readonly bytes: Buffer }
  | { readonly kind: 'too-long'; readonly from: number; readonly length: number }
  | { readonly kind: 'blank'; readonly from: number; readonly length: number };

/** A file that is read from its end, or at one place, a block at a time. */
export class LinesBefore {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Undefined where there is no file. Throws the file system's errors. */
  static async open(path: string): Promise<LinesBefore | undefined> {
    try {
      return new LinesBefore(await open(path, 'r'));
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }

  /** What ends before the offset, the last first. Without a line that does not end in a newline: it is still being written. */
  async *before(end: number): AsyncGenerator<Before> {
    const line = new LineOfBlocks();
    let isEnded = false;
    for (let at = Math.min(end, await this.size()); at > 0; ) {
      const start = Math.max(0, at - BLOCK_BYTES);
      const block = await this.#read(start, at - start);
      // It was made shorter meanwhile.
      if (block.length < at - start) return;
      let to = block.length;
      while (to > 0) {
        const newline = block.lastIndexOf(NEWLINE, to - 1);
        if (newline === -1) break;
        line.prepend(block.subarray(newline + 1, to));
        if (isEnded) yield line.take(start + newline + 1);
        else line.take(0);
        isEnded = true;
        to = newline;
        let blank = to;
        while (blank > 0 && block[blank - 1] === NEWLINE) blank--;
        if (blank === to) continue;
        yield { kind: 'blank', from: start + blank, length: to - blank };
        // The first of them ends the line before.
        to = blank;
      }
      line.prepend(block.subarray(0, to));
      at = start;
    }
    if (isEnded && !line.isEmpty) yield line.take(0);
  }

  /** The line that begins at the offset, without its newline; undefined where none ends behind it, or it is too long. */
  async lineAt(from: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let at = from; at - from < MOST_LINE_BYTES; ) {
      const block = await this.#read(at, BLOCK_BYTES);
      if (block.length === 0) return undefined;
      const end = block.indexOf(NEWLINE);
      if (end !== -1) return Buffer.concat([...parts, block.subarray(0, end)]);
      parts.push(block);
      at += block.length;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #read(from: number, length: number): Promise<Buffer> {
    const block = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#handle.read(block, read, length - read, from + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return block.subarray(0, read);
  }
}

/** A line that is put together from its end. */
class LineOfBlocks {
  #parts: Buffer[] = [];
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  prepend(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > MOST_LINE_BYTES) this.#parts = [];
    else if (part.length > 0) this.#parts.unshift(part);
  }

  take(from: number): Before {
    const [parts, length] = [this.#parts, this.#length];
    this.#parts = [];
    this.#length = 0;
    if (length > MOST_LINE_BYTES) return { kind: 'too-long', from, length };
    return length === 0
      ? { kind: 'blank', from, length: 1 }
      : { kind: 'line', from, bytes: Buffer.concat(parts) };
  }
}
