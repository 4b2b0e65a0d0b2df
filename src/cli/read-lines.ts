import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describeError, SluiceError } from '../core/errors.ts';
import type { Terminal } from './terminal.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/**
 * The lines of a UTF-8 file of at most 64 MiB, without their line breaks. Throws `DATA_UNREADABLE` where it cannot be read, and
 * `DATA_INVALID`, with the line, where it is not UTF-8.
 */
export async function readLines(
  path: string,
  { workingDirectory }: Pick<Terminal, 'workingDirectory'>,
): Promise<readonly string[]> {
  const bytes = await bytesOf(resolve(workingDirectory, path), path);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return decoder.decode(bytes).split(/\r?\n|\r/);
  } catch {
    throw new SluiceError('DATA_INVALID', `${path}:${badLine(bytes)}: this is not UTF-8; convert the file`);
  }
}

async function bytesOf(file: string, path: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES)
      throw new SluiceError('DATA_INVALID', `${path} has more than 64 MiB; divide it into several files`);
    return await readFile(file);
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    throw new SluiceError('DATA_UNREADABLE', `${path} cannot be read: ${describeError(error)}`, {
      cause: error,
    });
  }
}

/** The first line that is not UTF-8. */
function badLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; from <= bytes.length; line++) {
    const end = bytes.indexOf(10, from);
    const part = bytes.subarray(from, end < 0 ? bytes.length : end);
    if (!part.equals(Buffer.from(part.toString('utf8')))) return line;
    if (end < 0) break;
    from = end + 1;
  }
  return line;
}
