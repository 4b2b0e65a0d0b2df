import type { IHeaders } from 'kafkajs';
import { ByteReader } from './byte-reader.ts';
import { type FetchedRecord, unopenedRecord } from './fetched-record.ts';

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

/** A record with more headers is not opened: each is an object of its own, and an inflated record can hold millions. */
const MOST_HEADERS = 10_000;
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
  const [mark] = readRecords(bytes.subarray(header.from, header.to), { ...header, count: 1 }, 0, 0);
  const key = mark?.key;
  return Buffer.isBuffer(key) && key.length >= 4 && key.readInt16BE(2) === 0;
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
    const key = record.varintBytes();
    const value = record.varintBytes();
    const headerCount = record.varint();
    yield headerCount > MOST_HEADERS
      ? unopenedRecord({ offset, timestamp, epoch, why: `it has ${headerCount} headers` })
      : {
          attributes: 0,
          offset: String(offset),
          timestamp: String(timestamp),
          key,
          value,
          headers: readHeaders(record, headerCount),
          objects: 1 + Math.max(0, headerCount),
          epoch,
          isEnd: false,
        };
  }
}

function readHeaders(reader: ByteReader, count: number): IHeaders {
  const headers: Record<string, Buffer | Buffer[]> = {};
  const none = Buffer.alloc(0);
  for (let left = count; left > 0; left--) {
    const name = (reader.varintBytes() ?? none).toString('utf8');
    const value = reader.varintBytes() ?? none;
    const before = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (Array.isArray(before)) before.push(value);
    else setHeader(headers, name, before === undefined ? value : [before, value]);
  }
  return headers;
}

/** By definition, not by assignment, which at the name `__proto__` would set the prototype. */
function setHeader(headers: Record<string, Buffer | Buffer[]>, name: string, value: Buffer | Buffer[]): void {
  if (name !== '__proto__') headers[name] = value;
  else Object.defineProperty(headers, name, { value, enumerable: true, configurable: true, writable: true });
}
