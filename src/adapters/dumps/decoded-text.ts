import { SluiceError } from '../../core/errors.ts';
import { withoutC1Controls } from '../../core/windows-1252.ts';

export interface DecodedText {
  readonly text: string;
  /** Bytes that have been read so far. */
  readonly bytes: number;
}

/** Thrown after all text before the damaged bytes; who counts the rows names the row. */
export class UndecodableBytes extends Error {
  override readonly name = 'UndecodableBytes';
}

/**
 * The decoder's name of an encoding. Without one: as the byte order mark says, else UTF-8. Throws `USAGE` for one that is not known, and
 * `DATA_INVALID` for a file that looks like UTF-16 and is not read as that.
 */
export function encodingOf(head: Uint8Array, wanted: string | undefined, name: string): string {
  if (wanted !== undefined) {
    try {
      return new TextDecoder(wanted).encoding;
    } catch {
      throw new SluiceError(
        'USAGE',
        `the encoding ${wanted} is not known. Known are utf-8, windows-1252, utf-16le, utf-16be and the other names of the Encoding Standard`,
      );
    }
  }
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const start = head.subarray(0, 4096);
  const zeros = [0, 0];
  for (const [at, byte] of start.entries()) if (byte === 0) zeros[at % 2]!++;
  if (Math.max(...zeros) > start.length / 4)
    throw new SluiceError(
      'DATA_INVALID',
      `${name}, row 1: every second byte is NUL. Give --encoding ${zeros[0]! > zeros[1]! ? 'utf-16be' : 'utf-16le'}, or save it as UTF-8.`,
    );
  return 'utf-8';
}

/** Decodes a stream, without its byte order mark. Throws {@link UndecodableBytes} after the text before them. */
export async function* decodedText(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string,
): AsyncGenerator<DecodedText> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  // Node 20 decodes Windows-1252 as ISO-8859-1.
  const finish = encoding === 'windows-1252' ? withoutC1Controls : (text: string) => text;
  let bytes = 0;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      const whole = Buffer.concat([rest, chunk]);
      yield { text: finish(validPart(whole, encoding, bytes === 0)), bytes };
      throw new UndecodableBytes();
    }
    bytes += chunk.length;
    rest = encoding === 'utf-8' ? unfinished(chunk) : new Uint8Array(0);
    yield { text: finish(text), bytes };
  }
  try {
    yield { text: finish(decoder.decode()), bytes };
  } catch {
    throw new UndecodableBytes();
  }
}

/** What can be decoded before the first byte that cannot. */
function validPart(bytes: Uint8Array, encoding: string, isFirst: boolean): string {
  const decode = (length: number) =>
    new TextDecoder(encoding, { fatal: true, ignoreBOM: !isFirst }).decode(bytes.subarray(0, length), {
      stream: true,
    });
  let [valid, invalid] = [0, bytes.length];
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    try {
      decode(middle);
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return decode(valid);
}

/** The bytes of a character of UTF-8 that the end of a chunk cuts. */
function unfinished(chunk: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, chunk.length); back++) {
    const byte = chunk[chunk.length - back]!;
    if (byte >= 0xc0)
      return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? chunk.slice(-back) : chunk.subarray(0, 0);
    if (byte < 0x80) break;
  }
  return chunk.subarray(0, 0);
}

/** For a person: which row, and which encodings to try. */
export function undecodable(name: string, row: number, encoding: string): SluiceError {
  const others = ['utf-8', 'windows-1252', 'utf-16le'].filter((other) => other !== encoding);
  return new SluiceError(
    'DATA_INVALID',
    `${name}, row ${row}: bytes that are not ${encoding}. Give --encoding ${others.join(' or ')}, whichever the file was written in, or save it as UTF-8.`,
  );
}
