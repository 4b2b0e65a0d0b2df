/** A line of input that is not blank, without its line break. A line longer than the limit is cut one byte above it. */
export interface InputLine {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/**
 * Splits a stream into lines, all that one chunk completes at a time, so that an interactive reader gets its answers at
 * once. Memory is bounded by the chunk and by `limit`, in bytes, however long a line is.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<readonly InputLine[]> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const keep = (part: Uint8Array) => {
    // One byte above the limit stays, so that the line is seen to be too long.
    const head = part.subarray(0, Math.max(0, limit + 1 - length));
    if (head.length > 0) parts.push(head);
    length += head.length;
  };
  const finish = (): InputLine[] => {
    number += 1;
    const bytes = withoutMarks(Buffer.concat(parts), number);
    // Of a line that was cut, the rest is not known.
    const isBlank = length <= limit && bytes.every(isWhiteSpace);
    parts = [];
    length = 0;
    return isBlank ? [] : [{ number, bytes }];
  };
  for await (const chunk of chunks) {
    const lines: InputLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      keep(chunk.subarray(start, end));
      lines.push(...finish());
      start = end + 1;
    }
    keep(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  // The last line may lack its line break.
  const last = length > 0 ? finish() : [];
  if (last.length > 0) yield last;
}

function withoutMarks(line: Buffer, number: number): Uint8Array {
  const from =
    number === 1 && byteOrderMark.every((byte, at) => line[at] === byte) ? byteOrderMark.length : 0;
  const to = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
  return line.subarray(from, to);
}

/** Tab, vertical tab, form feed, carriage return, space. */
function isWhiteSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
