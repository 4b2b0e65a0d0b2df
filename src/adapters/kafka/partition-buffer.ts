import type { Batch, SourceMessage } from '../../core/batch.ts';
import type { FetchedRecord } from './fetched-record.ts';
import { bufferOf, copiedHeaders } from './record-headers.ts';

export interface BatchLimits {
  readonly maxMessages: number;
  readonly maxAgeSeconds: number;
  /** A batch of the longest messages must not weigh more than this. */
  readonly maxBatchBytes: number;
}

/** A batch that was given out and is not committed. */
interface Handed {
  readonly nextOffset: number;
  /** The record's time of its first message, which states how old the oldest uncommitted one is. */
  readonly timestamp: number;
}

/** Besides its bytes, what a message and each of its headers take up as objects. */
const MESSAGE_BYTES = 256;
const HEADER_BYTES = 128;

/** One partition in one assignment: what was fetched and not yet given out, and how far it is committed. */
export class PartitionBuffer {
  readonly topic: string;
  readonly partition: number;
  readonly epoch: number;
  /** Where fetching goes on; undefined before the first fetch. */
  position: number | undefined;
  paused = false;
  #messages: SourceMessage[] = [];
  /** What each of these weighs. */
  #weights: number[] = [];
  #head = 0;
  /** Of the messages' values. */
  #bytes = 0;
  #weight = 0;
  #handed: Handed[] = [];
  #committed: number | undefined;

  constructor(topic: string, partition: number, epoch: number) {
    this.topic = topic;
    this.partition = partition;
    this.epoch = epoch;
  }

  get count(): number {
    return this.#messages.length - this.#head;
  }

  /** The memory of what waits, in bytes: values, keys, headers and the objects around them. */
  get weight(): number {
    return this.#weight;
  }

  /** Where fetching begins, before anything was fetched. */
  beginAt(offset: number): void {
    if (this.position !== undefined) return;
    this.position = offset;
    this.#committed = offset;
  }

  /**
   * Takes all of a fetch up to `nextOffset`; returns what the records weigh. Values and keys are copied into memory of their
   * own: they are views of the whole answer, or of a whole inflated batch, and one message that waits would keep all of it.
   */
  take(records: readonly FetchedRecord[], nextOffset: number, receivedElapsed: number): number {
    let bytes = 0;
    let keyBytes = 0;
    for (const { value, key } of records) {
      bytes += value?.length ?? 0;
      keyBytes += key?.length ?? 0;
    }
    const values = Buffer.allocUnsafeSlow(bytes);
    const keys = new Uint8Array(keyBytes);
    let at = 0;
    let keyAt = 0;
    let taken = 0;
    for (const { offset, value, key, headers, timestamp } of records) {
      const length = value?.length ?? 0;
      if (value !== null) values.set(value, at);
      const keyLength = key?.length ?? 0;
      if (key !== null) keys.set(bufferOf(key), keyAt);
      const copied = copiedHeaders(headers);
      const begin = Number(offset);
      this.#messages.push({
        offset: begin,
        nextOffset: begin + 1,
        bytes: values.subarray(at, at + length),
        receivedElapsed,
        timestamp: Number(timestamp),
        ...(value === null ? { tombstone: true as const } : {}),
        ...(copied === undefined ? {} : { headers: copied }),
        ...(key === null ? {} : { key: keys.subarray(keyAt, keyAt + keyLength) }),
      });
      const weight = MESSAGE_BYTES + length + keyLength + weightOfHeaders(copied);
      this.#weights.push(weight);
      taken += weight;
      at += length;
      keyAt += keyLength;
    }
    this.#bytes += bytes;
    this.#weight += taken;
    this.position = nextOffset;
    // Behind the last record there may be marks of transactions, which nobody sees and which count in the offsets.
    const last = this.#messages.length - 1;
    if (records.length > 0) this.#messages[last] = { ...this.#messages[last]!, nextOffset };
    return taken;
  }

  isFull({ maxMessages, maxBatchBytes }: BatchLimits): boolean {
    return this.count >= maxMessages || this.#bytes >= maxBatchBytes;
  }

  /** The `Clock.elapsed()` second at which the waiting messages are due, full batch or not; undefined where none wait. */
  dueAt({ maxAgeSeconds }: BatchLimits): number | undefined {
    const first = this.#messages[this.#head];
    return first === undefined ? undefined : first.receivedElapsed + maxAgeSeconds;
  }

  /** The first of what waits, as one batch, with what it weighs. To be called only while something waits. */
  give({ maxMessages, maxBatchBytes }: BatchLimits): Batch & { readonly chargedBytes: number } {
    const messages: SourceMessage[] = [];
    let bytes = 0;
    let chargedBytes = 0;
    while (this.#head < this.#messages.length && messages.length < maxMessages && bytes < maxBatchBytes) {
      chargedBytes += this.#weights[this.#head]!;
      const message = this.#messages[this.#head++]!;
      bytes += message.bytes.byteLength;
      messages.push(message);
    }
    this.#bytes -= bytes;
    this.#weight -= chargedBytes;
    // What was given out must not be held here; to cut it off each time would copy the rest each time.
    if (this.#head === this.#messages.length || this.#head > 4 * maxMessages) {
      this.#messages = this.#messages.slice(this.#head);
      this.#weights = this.#weights.slice(this.#head);
      this.#head = 0;
    }
    const { nextOffset } = messages.at(-1)!;
    this.#handed.push({ nextOffset, timestamp: messages[0]!.timestamp! });
    const { topic, partition, epoch } = this;
    return { topic, partition, epoch, messages, nextOffset, chargedBytes };
  }

  /**
   * How far the partition may be committed when all up to `settled` is: beyond it where nothing that was fetched is left to
   * settle, since what follows is marks of transactions and aborted messages.
   */
  committable(settled: number): number {
    const isAllSettled = this.count === 0 && this.#handed.every(({ nextOffset }) => nextOffset <= settled);
    return isAllSettled ? Math.max(settled, this.position ?? settled) : settled;
  }

  /** How far the partition may be committed though no message was given out; undefined where it is already. */
  get passed(): number | undefined {
    const { position } = this;
    if (position === undefined || this.count > 0 || this.#handed.length > 0) return undefined;
    return position === this.#committed ? undefined : position;
  }

  committed(nextOffset: number): void {
    this.#committed = nextOffset;
    this.#handed = this.#handed.filter((each) => each.nextOffset > nextOffset);
  }

  /** The record's time of the oldest message that is not committed, epoch milliseconds; undefined where none is here. */
  get oldestUncommitted(): number | undefined {
    return this.#handed[0]?.timestamp ?? this.#messages[this.#head]?.timestamp;
  }
}

function weightOfHeaders(headers: SourceMessage['headers']): number {
  let weight = 0;
  for (const [name, value] of Object.entries(headers ?? {})) {
    const values: readonly Uint8Array[] = value instanceof Uint8Array ? [value] : value;
    weight += name.length;
    for (const each of values) weight += HEADER_BYTES + each.byteLength;
  }
  return weight;
}
