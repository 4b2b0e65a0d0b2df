import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { describeError, SluiceError } from '../../core/errors.ts';

const CHUNK_BYTES = 256 * 1024;
/** Hashed at each end of a file to know it again. */
const END_BYTES = 1024 * 1024;

/** Beginnings of files that hold no text, with what to do about them. */
const others: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0x1f, 0x8b], 'is compressed (gzip). Unpack it with gunzip'],
  [[0x50, 0x4b, 0x03, 0x04], 'is a ZIP archive or a spreadsheet. Unpack it, or save the sheet as CSV'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'is compressed (Zstandard). Unpack it with unzstd'],
  [[0x42, 0x5a, 0x68], 'is compressed (bzip2). Unpack it with bunzip2'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'is compressed (xz). Unpack it with unxz'],
  [
    [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20],
    'is a SQLite database. Name it as store.libsql.path and give --table',
  ],
  [[0x50, 0x41, 0x52, 0x31], 'is a Parquet file. Save it as CSV or JSON Lines'],
];

/** A file that holds text, with what it is known by again. */
export interface DumpFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  /** Of the first and the last mebibyte, in hex. */
  readonly sha256OfEnds: string;
  readonly head: Uint8Array;
  /** All of it, as it was when it was opened. Throws `DATA_INVALID` where it was cut since then. */
  chunks(): AsyncIterable<Uint8Array>;
}

/** Throws `DATA_UNREADABLE`, and `DATA_INVALID` for a file that is empty or holds no text. */
export async function openDumpFile(path: string): Promise<DumpFile> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stat = await file.stat();
    if (stat.isDirectory()) throw unreadable(path, 'it is a folder. Name one of its files');
    if (!stat.isFile()) throw unreadable(path, 'it is no regular file. Write the rows to a file first');
    const bytes = stat.size;
    const head = await part(file, 0, Math.min(END_BYTES, bytes));
    const tail = await part(file, Math.max(0, bytes - END_BYTES), Math.min(END_BYTES, bytes));
    const name = basename(path);
    if (bytes === 0) throw new SluiceError('DATA_INVALID', `${name} is empty. Name a file that has rows.`);
    for (const [magic, what] of others)
      if (magic.every((byte, at) => head[at] === byte))
        throw new SluiceError('DATA_INVALID', `${name} ${what}, and import the result.`);
    const sha256OfEnds = createHash('sha256').update(head).update(tail).digest('hex');
    return { path, name, bytes, head, sha256OfEnds, chunks: () => chunksOf(path, name, bytes) };
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw unreadable(path, describeError(error), error);
  } finally {
    await file?.close();
  }
}

async function part(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}

async function* chunksOf(path: string, name: string, bytes: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    // What is appended meanwhile is not part of this import.
    for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: CHUNK_BYTES })) {
      read += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  } catch (error) {
    throw error instanceof SluiceError ? error : unreadable(path, describeError(error), error);
  }
  if (read < bytes)
    throw new SluiceError(
      'DATA_INVALID',
      `${name} was cut to ${read} bytes while it was read. Write it again and import it.`,
    );
}

function unreadable(path: string, why: string, cause?: unknown): SluiceError {
  return new SluiceError(
    'DATA_UNREADABLE',
    `${path} cannot be read: ${why}. Check the path and its permissions.`,
    cause === undefined ? {} : { cause },
  );
}
