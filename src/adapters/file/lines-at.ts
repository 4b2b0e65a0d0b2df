import { createReadStream } from 'node:fs';
import { systemCode } from './file-operations.ts';

const NEWLINE = 0x0a;

export interface LineAt {
  /** Offset of its first byte, and the one behind its last, without the newline. */
  readonly from: number;
  readonly to: number;
  readonly bytes: Buffer;
  /** False for what is behind the last newline, which may still be written. */
  readonly isWhole: boolean;
}

/** The lines of a file that are not empty; none where there is no file. Throws the file system's errors. */
export async function* linesAt(path: string): AsyncGenerator<LineAt> {
  let parts: Buffer[] = [];
  let from = 0;
  let at = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      let begin = 0;
      for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, begin)) {
        const bytes = Buffer.concat([...parts, chunk.subarray(begin, end)]);
        if (bytes.length > 0) yield { from, to: from + bytes.length, bytes, isWhole: true };
        parts = [];
        begin = end + 1;
        from = at + begin;
      }
      if (begin < chunk.length) parts.push(chunk.subarray(begin));
      at += chunk.length;
    }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (parts.length > 0) {
    const bytes = Buffer.concat(parts);
    yield { from, to: from + bytes.length, bytes, isWhole: false };
  }
}
