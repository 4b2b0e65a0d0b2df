import { closeSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

/** The text of a file of at most `maxBytes` bytes. Throws an `Error` for a longer one, which a device may be without end. */
export async function readBoundedFile(path: string, maxBytes: number): Promise<string> {
  const handle: FileHandle = await open(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let bytes = 0; ; ) {
      // By chunks: what says that it has no length (a pipe, a device) may have some all the same.
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8');
      bytes += bytesRead;
      if (bytes > maxBytes) throw tooLong(path, maxBytes);
      chunks.push(chunk.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

/** As {@link readBoundedFile}, for callers that cannot wait. */
export function readBoundedFileSync(path: string, maxBytes: number): string {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let bytes = 0; ; ) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const bytesRead = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return Buffer.concat(chunks).toString('utf8');
      bytes += bytesRead;
      if (bytes > maxBytes) throw tooLong(path, maxBytes);
      chunks.push(chunk.subarray(0, bytesRead));
    }
  } finally {
    closeSync(file);
  }
}

function tooLong(path: string, maxBytes: number): Error {
  return new Error(`${path} is longer than ${maxBytes} bytes`);
}
