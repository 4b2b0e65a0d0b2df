import kafkajs from 'kafkajs';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { ByteReader } from './byte-reader.ts';
import { endOfFetch, type FetchAllowance, type FetchedRecord, isUsedUp } from './fetched-record.ts';
import { type BatchHeader, batchMagic, isAbortMark, readBatchHeader, readRecords } from './record-batch.ts';
import { unopenedRecords } from './unopened-batch.ts';

const { CompressionCodecs } = kafkajs;

/** How far a partition of the topic goes, as the answer to a fetch states it. */
export interface PartitionEnds {
  readonly topic: string;
  readonly partition: number;
  /** The offset that the next record will have. */
  readonly high: number;
  /** Where the first open transaction begins; equal to `high` where there is none. */
  readonly stable: number;
}

export interface ReadingOptions {
  /** The version of the request; from 4 to 11. */
  readonly version: number;
  /** The offset that was asked for. */
  fetchOffset(topic: string, partition: number): number;
  /** In which membership of the group the request was made. */
  readonly epoch: number;
  readonly allowance: FetchAllowance;
  ends(ends: PartitionEnds): void;
  readonly log: Log;
}

/** One partition's part of an answer, with the names that kafkajs reads it by. */
interface PartitionAnswer {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly abortedTransactions: readonly never[];
  readonly preferredReadReplica?: number;
  readonly messages: readonly FetchedRecord[];
}

/** What kafkajs reads of the answer to a fetch. */
export interface FetchAnswer {
  readonly throttleTime: number;
  readonly clientSideThrottleTime?: number;
  readonly responses: readonly {
    readonly topicName: string;
    readonly partitions: readonly PartitionAnswer[];
  }[];
}

interface Aborted {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** A partition's part before its records are looked at. */
interface RawPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly high: number;
  readonly stable: number;
  readonly aborted: readonly Aborted[];
  readonly preferredReadReplica?: number;
  readonly records: Buffer;
}

/**
 * Reads the answer to a fetch in place of kafkajs, which reads all of it whatever it inflates to, ends the consumer at a
 * batch of more than some 120,000 records, and lets messages of aborted transactions through where two overlap. Records are
 * read as far as the allowance goes; what is left out is fetched again. Undefined where a partition has records of a format
 * older than Kafka 0.11.
 */
export async function readFetchAnswer(
  raw: Buffer,
  options: ReadingOptions,
): Promise<FetchAnswer | undefined> {
  const { throttleMs, partitions } = readFrame(raw, options.version);
  const isOld = ({ records }: RawPartition) => (batchMagic(records, 0) ?? 2) < 2;
  if (partitions.some(isOld)) return undefined;
  const byTopic = new Map<string, PartitionAnswer[]>();
  for (const part of partitions) {
    if (part.errorCode === 0) options.ends(part);
    const answers = byTopic.get(part.topic) ?? [];
    byTopic.set(part.topic, answers);
    answers.push({
      partition: part.partition,
      errorCode: part.errorCode,
      highWatermark: String(part.high),
      abortedTransactions: [],
      ...(part.preferredReadReplica === undefined ? {} : { preferredReadReplica: part.preferredReadReplica }),
      messages: await readPartition(part, options),
    });
  }
  return {
    // From version 8 on the broker leaves it to the client to keep quiet for so long.
    ...(options.version < 8
      ? { throttleTime: throttleMs }
      : { throttleTime: 0, clientSideThrottleTime: throttleMs }),
    responses: [...byTopic].map(([topicName, answers]) => ({ topicName, partitions: answers })),
  };
}

function readFrame(
  raw: Buffer,
  version: number,
): { readonly throttleMs: number; readonly partitions: readonly RawPartition[] } {
  const reader = new ByteReader(raw);
  const throttleMs = reader.int32();
  if (version >= 7) {
    reader.int16(); // an error of the session of fetches, of which there is none
    reader.int32(); // its number
  }
  const partitions = reader.list(() => {
    const topic = reader.text();
    return reader.list((): RawPartition => {
      const partition = reader.int32();
      const errorCode = reader.int16();
      const high = reader.int64();
      const stable = reader.int64();
      if (version >= 5) reader.int64(); // where the partition begins
      const aborted = reader.list(() => ({ producerId: reader.int64(), firstOffset: reader.int64() }));
      const replica = version >= 11 ? reader.int32() : undefined;
      const records = reader.take(Math.max(0, reader.int32()));
      return {
        topic,
        partition,
        errorCode,
        high,
        // Of an old broker: it knows of no transactions.
        stable: stable < 0 ? high : stable,
        aborted,
        ...(replica === undefined ? {} : { preferredReadReplica: replica }),
        records,
      };
    });
  });
  return { throttleMs, partitions: partitions.flat() };
}

/**
 * The records from the fetch's offset on that are neither marks nor of an aborted transaction, and, where the records
 * looked at go further than those, one that states how far.
 */
async function readPartition(part: RawPartition, options: ReadingOptions): Promise<readonly FetchedRecord[]> {
  const { allowance, epoch } = options;
  const from = options.fetchOffset(part.topic, part.partition);
  const found: FetchedRecord[] = [];
  const aborted = new AbortedProducers(part.aborted);
  let next = from;
  for (let at = 0; !isUsedUp(allowance); ) {
    const header = readBatchHeader(part.records, at);
    if (header === undefined) break;
    at = header.to;
    const isHidden = aborted.hides(header, part.records);
    if (header.lastOffset < from) continue;
    if (!isHidden) {
      const isWhole = await readBatch(part, header, next, found, options);
      next = Math.max(next, Number(found.at(-1)?.offset ?? -1) + 1);
      if (!isWhole) break;
    }
    next = Math.max(next, header.lastOffset + 1);
  }
  if (next > from && Number(found.at(-1)?.offset ?? -1) + 1 < next) found.push(endOfFetch(next - 1, epoch));
  return found;
}

/** Adds a batch's records, as many as may be; true where these were all. */
async function readBatch(
  part: RawPartition,
  header: BatchHeader,
  from: number,
  found: FetchedRecord[],
  options: ReadingOptions,
): Promise<boolean> {
  const { allowance, epoch, log } = options;
  const { topic, partition } = part;
  let next = from;
  const add = (records: Iterable<FetchedRecord>) => {
    for (const record of records) {
      if (allowance.objects <= 0) return false;
      allowance.objects -= record.objects;
      found.push(record);
      next = Number(record.offset) + 1;
    }
    return true;
  };
  try {
    const inflated = await inflate(part.records.subarray(header.from, header.to), header.codec);
    if (header.codec !== 0) allowance.bytes -= inflated.length;
    return add(readRecords(inflated, header, from, epoch));
  } catch (error) {
    if (isForNow(error)) throw error;
    const why = `its batch of ${header.to - header.from} bytes is broken or inflates to too much`;
    const fields = { topic, partition, offset: next, records: header.count, error: describeError(error) };
    log.error(fields, 'a batch of records could not be read; its messages become dead letters');
    return add(unopenedRecords(header, next, epoch, why));
  }
}

/** The codec itself is looked up outside of what makes dead letters: one that is missing is our fault. */
async function inflate(bytes: Buffer, codec: number): Promise<Buffer> {
  if (codec === 0) return bytes;
  const make = CompressionCodecs[codec as keyof typeof CompressionCodecs];
  if (make === undefined) throw new RangeError(`there is no codec ${codec}`);
  let found: { decompress(bytes: Buffer): Promise<Buffer> };
  try {
    found = make() as typeof found;
  } catch (error) {
    throw new CodecMissing(describeError(error), { cause: error });
  }
  return await found.decompress(bytes);
}

class CodecMissing extends Error {}

/** Memory that cannot be had, and a codec that is not installed, say nothing of the batch. */
function isForNow(error: unknown): boolean {
  if (error instanceof CodecMissing) return true;
  const { code = '', message = '' } = error as { readonly code?: unknown; readonly message?: string };
  return /Z_MEM_ERROR|ERR_MEMORY_ALLOCATION/.test(String(code)) || /allocat|not enough memory/i.test(message);
}

/** Which producers' transactional batches are hidden, since their transaction was aborted; as Kafka's own client does it. */
class AbortedProducers {
  readonly #waiting: Aborted[];
  readonly #now = new Set<number>();

  constructor(aborted: readonly Aborted[]) {
    this.#waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  }

  /** To be asked for each batch in order. True for marks too. */
  hides(header: BatchHeader, bytes: Buffer): boolean {
    while (this.#waiting.length > 0 && this.#waiting[0]!.firstOffset <= header.lastOffset)
      this.#now.add(this.#waiting.shift()!.producerId);
    if (header.isControl) {
      if (isAbortMark(bytes, header)) this.#now.delete(header.producerId);
      return true;
    }
    return header.isTransactional && this.#now.has(header.producerId);
  }
}
