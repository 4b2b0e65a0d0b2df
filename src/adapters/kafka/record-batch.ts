import type { IHeaders } from 'kafkajs';
import { ByteReader } from './byte-reader.ts';
import type { FetchedRecord } from './fetched-record.ts';

/** The header of a record batch of format 2, which is never compressed. */
export interface BatchHeader {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly magic: number;
  /** Kafka's number of the codec; 0 where the records are not compressed. */
  readonly codec: number;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly firstTimestamp: number;
  /** The time that all records of the batch have, where the broker gave it to them. */
  readonly appendTimestamp: number | undefined;
  readonly producerId: number;
  readonly count: number;
  /** Where its records begin and end in the bytes that were read. */
  readonly from: number;
  readonly to: number;
}

const HEADER_BYTES = 61;
/** The batch's own length counts from behind the length. */
const LENGTH_FROM = 12;
const MAGIC_AT = 16;

/** The format of the batch at `at`; undefined where its header is cut off. */
export function batchMagic(bytes: Buffer, at: number): number | undefined {
  return bytes.length - at < MAGIC_AT + 1 ? undefined : bytes.readInt8(at + MAGIC_AT);
}

/** The header of the batch at `at`; undefined where the batch is cut off, as the last one of an answer may be. */
export function readBatchHeader(bytes: Buffer, at: number): BatchHeader | undefined {
  if (bytes.length - at < HEADER_BYTES) return undefined;
  const reader = new ByteReader(bytes, at);
  const baseOffset = reader.int64();
  const to = at + LENGTH_FROM + reader.int32();
  if (to > bytes.length || to < at + HEADER_BYTES) return undefined;
  reader.int32(); // the leader's epoch
  const magic = reader.int8();
  reader.int32(); // the checksum
  const attributes = reader.int16();
  const lastOffset = baseOffset + reader.int32();
  const firstTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  const producerId = reader.int64();
  reader.int16(); // the producer's epoch
  reader.int32(); // its first sequence number
  return {
    baseOffset,
    lastOffset,
    magic,
    codec: attributes & 0x07,
    isTransactional: (attributes & 0x10) !== 0,
    isControl: (attributes & 0x20) !== 0,
    firstTimestamp,
    appendTimestamp: (attributes & 0x08) === 0 ? undefined : maxTimestamp,
    producerId,
    count: reader.int32(),
    from: reader.at,
    to,
  };
}

/** True for the mark behind a transaction that was aborted; false for that behind a committed one. */
export function isAbortMark(bytes: Buffer, header: BatchHeader): boolean {
  for (const { key } of readRecords(bytes.subarray(header.from, header.to), header, 0, 0))
    return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
  return false;
}

/**
 * The records of a batch from an offset on, each when it is asked for, as views of `bytes`, which are inflated. Time and
 * memory are linear in the bytes, whatever they hold: kafkajs' own reading is quadratic in a record's headers, so that one
 * record of 60 KB holds up the main thread for longer than a session lasts. Throws a RangeError where the bytes are not
 * what the header says.
 */
export function* readRecords(
  bytes: Buffer,
  header: BatchHeader,
  from: number,
  epoch: number,
): Generator<FetchedRecord> {
  const { baseOffset, firstTimestamp, appendTimestamp } = header;
  const reader = new ByteReader(bytes);
  for (let i = 0; i < header.count; i++) {
    const length = reader.varint();
    const end = reader.at + length;
    if (length < 0 || end > bytes.length) throw new RangeError(`record ${i} of ${header.count} is cut off`);
    const record = new ByteReader(bytes, reader.at, end);
    reader.at = end;
    record.int8(); // attributes, of which there are none yet
    const timestamp = appendTimestamp ?? firstTimestamp + record.varint();
    if (appendTimestamp !== undefined) record.varint();
    const offset = baseOffset + record.varint();
    if (offset < from) continue;
    yield {
      attributes: 0,
      offset: String(offset),
      timestamp: String(timestamp),
      key: record.varintBytes(),
      value: record.varintBytes(),
      headers: readHeaders(record),
      epoch,
      isEnd: false,
    };
  }
}

function readHeaders(reader: ByteReader): IHeaders {
  // Without a prototype: `__proto__` is a name like any other.
  const headers: Record<string, Buffer | Buffer[]> = Object.create(null);
  const none = Buffer.alloc(0);
  for (let count = reader.varint(); count > 0; count--) {
    const name = (reader.varintBytes() ?? none).toString('utf8');
    const value = reader.varintBytes() ?? none;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else headers[name] = [before, value];
  }
  return headers;
}
