import type { IHeaders, Message } from 'kafkajs';

/** Lengths, attributes and differences beside the data of a record, and beside that of a header: at most. */
const RECORD_OVERHEAD = 40;
const HEADER_OVERHEAD = 10;

/** Bytes that a record takes in a batch, without compression; a little more than it really takes. */
export function recordBytes({ key, value, headers }: Pick<Message, 'key' | 'value' | 'headers'>): number {
  return RECORD_OVERHEAD + lengthOf(key) + lengthOf(value) + headersBytes(headers);
}

export function headersBytes(headers: IHeaders | undefined): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers ?? {}))
    for (const each of Array.isArray(value) ? value : [value])
      bytes += HEADER_OVERHEAD + Buffer.byteLength(name) + lengthOf(each);
  return bytes;
}

/** The headers that fit into so many bytes together, small ones first, and how many were left out. */
export function headersWithin(
  headers: IHeaders,
  bytes: number,
): { readonly headers: IHeaders; readonly left: number } {
  const sized = Object.entries(headers).map(([name, value], index) => ({
    name,
    value,
    index,
    bytes: headersBytes({ [name]: value }),
  }));
  let room = bytes;
  const fitting = [...sized].sort((a, b) => a.bytes - b.bytes || a.index - b.index);
  const fitted = fitting.filter((each) => {
    room -= each.bytes;
    return room >= 0;
  });
  const ordered = fitted.sort((a, b) => a.index - b.index);
  return {
    headers: Object.fromEntries(ordered.map(({ name, value }) => [name, value])),
    left: sized.length - fitted.length,
  };
}

function lengthOf(value: Buffer | string | null | undefined): number {
  if (value === null || value === undefined) return 0;
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}
