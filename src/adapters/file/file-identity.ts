import { createHash } from 'node:crypto';

/** How many of a file's first bytes its identity covers. */
const HEAD_BYTES = 1024;
/** How many bytes before the position are compared as well. */
const TAIL_BYTES = 256;
const NOTHING = Buffer.alloc(0);

/** What distinguishes a file from another that took its name: appending to it changes none of this. */
export interface FileIdentity {
  readonly inode: number;
  /** How many of the file's first bytes the hash covers: only such as have been read. */
  readonly headBytes: number;
  readonly headSha256: string;
  /** Of the last bytes that were read, where the head does not reach so far: an over-long line is not kept whole. */
  readonly tail?: FileTail | undefined;
}

interface FileTail {
  readonly bytes: number;
  /** Offset behind the last of them. */
  readonly end: number;
  readonly sha256: string;
}

/** Reads bytes of a file, as many as there are, and returns their number. */
export type ReadInto = (target: Buffer, at: number) => Promise<number>;

/**
 * What has been read of a file: its first bytes, and the last ones before the position. They are kept as they were read and not
 * read again later, since a file that was rewritten in between would be taken for the one that was read. Immutable.
 */
export class SeenBytes {
  /** Of a file of which nothing has been read. */
  static readonly none = new SeenBytes(NOTHING, NOTHING, 0);
  readonly #head: Buffer;
  readonly #tail: Buffer;
  readonly #tailEnd: number;

  private constructor(head: Buffer, tail: Buffer, tailEnd: number) {
    this.#head = head;
    this.#tail = tail;
    this.#tailEnd = tailEnd;
  }

  /** Of a file that is read from `position` on: what is before it now. */
  static async before(position: number, read: ReadInto): Promise<SeenBytes> {
    const head = await readPart(read, 0, Math.min(HEAD_BYTES, position));
    const tailStart = Math.max(0, position - TAIL_BYTES);
    return new SeenBytes(head, await readPart(read, tailStart, position), position);
  }

  /** With the bytes that were read at `at`, behind all that was there before. */
  after(bytes: Uint8Array, at: number): SeenBytes {
    if (bytes.length === 0) return this;
    const isHead = at === this.#head.length && at < HEAD_BYTES;
    const head = isHead ? Buffer.concat([this.#head, bytes.subarray(0, HEAD_BYTES - at)]) : this.#head;
    const end = at + bytes.length;
    if (bytes.length >= TAIL_BYTES || at !== this.#tailEnd)
      return new SeenBytes(head, Buffer.from(bytes.subarray(-TAIL_BYTES)), end);
    const tail = Buffer.concat([this.#tail, bytes]);
    return new SeenBytes(head, tail.subarray(Math.max(0, tail.length - TAIL_BYTES)), end);
  }

  get isNothing(): boolean {
    return this.#tail.length === 0;
  }

  identity(inode: number): FileIdentity {
    const head = { inode, headBytes: this.#head.length, headSha256: sha256(this.#head) };
    if (this.#tailEnd <= this.#head.length) return head;
    const tail = { bytes: this.#tail.length, end: this.#tailEnd, sha256: sha256(this.#tail) };
    return { ...head, tail };
  }

  /** False when the file has other bytes there by now. */
  async isStillIn(read: ReadInto): Promise<boolean> {
    if (!(await hasBytes(read, 0, this.#head))) return false;
    return (
      this.#tailEnd <= this.#head.length || hasBytes(read, this.#tailEnd - this.#tail.length, this.#tail)
    );
  }
}

/** Whether the file has these bytes at `at`. */
export async function hasBytes(read: ReadInto, at: number, bytes: Buffer): Promise<boolean> {
  if (bytes.length === 0) return true;
  return (await readPart(read, at, at + bytes.length)).equals(bytes);
}

/** Whether the file has the bytes that the identity covers. */
export async function hasIdentity(
  { headBytes, headSha256, tail }: FileIdentity,
  read: ReadInto,
): Promise<boolean> {
  const head = await readPart(read, 0, headBytes);
  if (head.length !== headBytes || sha256(head) !== headSha256) return false;
  if (tail === undefined) return true;
  const last = await readPart(read, tail.end - tail.bytes, tail.end);
  return last.length === tail.bytes && sha256(last) === tail.sha256;
}

async function readPart(read: ReadInto, start: number, end: number): Promise<Buffer> {
  const part = Buffer.alloc(end - start);
  return part.subarray(0, await read(part, start));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
