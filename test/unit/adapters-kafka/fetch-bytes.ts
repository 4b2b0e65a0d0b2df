/* What a broker sends, byte for byte: record batches of format 2, and the answer to a fetch. */

export interface TestRecord {
  readonly key?: string | Buffer | null;
  readonly value?: string | Buffer | null;
  readonly headers?: readonly (readonly [name: string, value: string | null])[];
  readonly timestamp?: number;
  /** Counted from the batch's first offset; one after the other where left out. */
  readonly offsetDelta?: number;
}

export interface TestBatch {
  readonly baseOffset: number;
  readonly records?: readonly TestRecord[];
  /** The mark behind a transaction, in place of records. */
  readonly mark?: 'abort' | 'commit';
  readonly producerId?: number;
  readonly isTransactional?: boolean;
  readonly firstTimestamp?: number;
  /** The broker's time, which counts in place of the records' own. */
  readonly appendTimestamp?: number;
  readonly codec?: number;
  /** Compresses the records; or the bytes to put in their place. */
  readonly compress?: (records: Buffer) => Buffer;
  /** What the header states, where that is not what the records are. */
  readonly count?: number;
  readonly lastOffset?: number;
  readonly magic?: number;
}

export interface TestPartition {
  readonly partition: number;
  readonly high?: number;
  readonly stable?: number;
  readonly aborted?: readonly { readonly producerId: number; readonly firstOffset: number }[];
  readonly records: Buffer;
  readonly errorCode?: number;
}

export function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function bytesOf(value: string | Buffer | null | undefined): Buffer {
  if (value === null || value === undefined) return varint(-1);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(bytes.length), bytes]);
}

export function recordBytes(record: TestRecord, delta: number, firstTimestamp: number): Buffer {
  const { key, value, headers = [], timestamp = firstTimestamp, offsetDelta = delta } = record;
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(timestamp - firstTimestamp),
    varint(offsetDelta),
    bytesOf(key),
    bytesOf(value),
    varint(headers.length),
    ...headers.flatMap(([name, header]) => [bytesOf(name), bytesOf(header)]),
  ]);
  return Buffer.concat([varint(body.length), body]);
}

export function batchBytes(batch: TestBatch): Buffer {
  const { baseOffset, mark, firstTimestamp = 0, appendTimestamp, codec = 0, producerId = -1 } = batch;
  const marks = mark === undefined ? [] : [{ key: Buffer.from([0, 0, 0, mark === 'abort' ? 0 : 1]) }];
  const records: readonly TestRecord[] = batch.records ?? marks;
  const plain = Buffer.concat(records.map((each, i) => recordBytes(each, i, firstTimestamp)));
  const body = batch.compress?.(plain) ?? plain;
  const isTransactional = batch.isTransactional ?? mark !== undefined;
  const attributes =
    codec |
    (appendTimestamp === undefined ? 0 : 0x08) |
    (isTransactional ? 0x10 : 0) |
    (mark === undefined ? 0 : 0x20);
  const lastDelta =
    (batch.lastOffset ?? baseOffset + (records.at(-1)?.offsetDelta ?? records.length - 1)) - baseOffset;
  const header = Buffer.alloc(61);
  header.writeBigInt64BE(BigInt(baseOffset), 0);
  header.writeInt32BE(49 + body.length, 8);
  header.writeInt8(batch.magic ?? 2, 16);
  header.writeInt16BE(attributes, 21);
  header.writeInt32BE(lastDelta, 23);
  header.writeBigInt64BE(BigInt(firstTimestamp), 27);
  header.writeBigInt64BE(BigInt(appendTimestamp ?? firstTimestamp), 35);
  header.writeBigInt64BE(BigInt(producerId), 43);
  header.writeInt16BE(-1, 51);
  header.writeInt32BE(-1, 53);
  header.writeInt32BE(batch.count ?? records.length, 57);
  return Buffer.concat([header, body]);
}

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};

/** The answer to a fetch of one topic, without the frame around it. */
export function answerBytes(
  topic: string,
  partitions: readonly TestPartition[],
  { version = 11, throttleMs = 0 } = {},
): Buffer {
  return Buffer.concat([
    int32(throttleMs),
    ...(version >= 7 ? [int16(0), int32(0)] : []),
    int32(1),
    int16(Buffer.byteLength(topic)),
    Buffer.from(topic),
    int32(partitions.length),
    ...partitions.flatMap(({ partition, errorCode = 0, high = 0, stable = high, aborted = [], records }) => [
      int32(partition),
      int16(errorCode),
      int64(high),
      int64(stable),
      ...(version >= 5 ? [int64(0)] : []),
      ...(aborted.length === 0 ? [int32(-1)] : [int32(aborted.length)]),
      ...aborted.flatMap(({ producerId, firstOffset }) => [int64(producerId), int64(firstOffset)]),
      ...(version >= 11 ? [int32(-1)] : []),
      int32(records.length),
      records,
    ]),
  ]);
}
