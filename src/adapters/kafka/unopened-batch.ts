/** Bytes of a record batch of format 2 before its records, and where its fields stand in them. */
const HEADER_BYTES = 61;
const LENGTH_AT = 8;
const MAGIC_AT = 16;
const LAST_OFFSET_DELTA_AT = 23;
const COUNT_AT = 57;
/** The batch's own length counts from behind the length. */
const LENGTH_FROM = 12;

/** kafkajs hands all records of a batch over as arguments of one call, which more than this would overflow. */
const MOST_RECORDS = 100_000;

/**
 * Records in place of those of a batch that must not, or cannot, be inflated: one for each, at its own offset, whose value
 * says why. So each message of the batch becomes a dead letter and the partition goes on; to refuse the batch would stop
 * the consumer at it for ever. How many there are stands in the batch's header, which lies before the records in the
 * memory of the response. Undefined where that is not what is found there.
 */
export function recordsUnopened(compressed: Buffer, why: string): Buffer | undefined {
  const start = compressed.byteOffset - HEADER_BYTES;
  if (start < 0) return undefined;
  const header = Buffer.from(compressed.buffer, start, HEADER_BYTES);
  if (header[MAGIC_AT] !== 2) return undefined;
  if (header.readInt32BE(LENGTH_AT) !== HEADER_BYTES - LENGTH_FROM + compressed.length) return undefined;
  const count = header.readInt32BE(COUNT_AT);
  const lastDelta = header.readInt32BE(LAST_OFFSET_DELTA_AT);
  if (count < 1 || count > MOST_RECORDS || lastDelta < count - 1) return undefined;
  const value = Buffer.from(JSON.stringify({ sluice: `this record was not opened: ${why}` }));
  const records: Buffer[] = [];
  for (let i = 0; i < count; i++) records.push(record(i === count - 1 ? lastDelta : i, value));
  return Buffer.concat(records);
}

function record(offsetDelta: number, value: Buffer): Buffer {
  const attributes = Buffer.from([0]);
  const body = Buffer.concat([
    attributes,
    varint(0),
    varint(offsetDelta),
    varint(-1),
    varint(value.length),
    value,
    varint(0),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

/** Zigzag, seven bits a byte, the lowest first. */
function varint(value: number): Buffer {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  const bytes: number[] = [];
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}
