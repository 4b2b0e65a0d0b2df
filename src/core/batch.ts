import type { TopicPartition } from './topic-partition.ts';

/** Headers of a record; a list where a name occurs more than once. */
export type MessageHeaders = Readonly<Record<string, Uint8Array | readonly Uint8Array[]>>;

/** One message as the source delivers it: bytes not yet looked at. */
export interface SourceMessage {
  readonly offset: number;
  /** The offset that follows; offsets may have gaps (bytes of a file, compacted topics). */
  readonly nextOffset: number;
  /** The record's value; owned by the batch, never a view of a buffer that the source will reuse. */
  readonly bytes: Uint8Array;
  /**
   * When the source received it, in seconds of `Clock.elapsed()`; ages and end-to-end time are counted from here, so that a
   * step of the wall clock changes neither.
   */
  readonly receivedElapsed: number;
  readonly headers?: MessageHeaders;
  /** What its producer keyed it by; decides its partition when it is sent again. */
  readonly key?: Uint8Array;
  /** The record's own time, epoch milliseconds, where the source has one. */
  readonly timestamp?: number;
  /** Set where the record has no value: it deletes its key from a compacted topic, holds no message and has no outcome. */
  readonly tombstone?: true;
}

/** Messages of one partition that are pulled, scored and settled together; in ascending order of offset, never empty. */
export interface Batch extends TopicPartition {
  /** Assignment epoch: counts how often the partition was assigned. A settle from an earlier epoch must never commit. */
  readonly epoch: number;
  readonly messages: readonly SourceMessage[];
  /** Where the partition goes on after this batch. */
  readonly nextOffset: number;
  /** What its source charged to the byte budget for it; to be released once, when it is settled or given up. */
  readonly chargedBytes?: number;
}

/** The memory that a batch's messages occupy: values, keys and headers. */
export function bytesOf({ messages }: Pick<Batch, 'messages'>): number {
  let bytes = 0;
  for (const { bytes: value, key, headers } of messages) {
    bytes += value.byteLength + (key?.byteLength ?? 0);
    if (headers !== undefined) bytes += bytesOfHeaders(headers);
  }
  return bytes;
}

function bytesOfHeaders(headers: MessageHeaders): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    bytes += name.length;
    if (value instanceof Uint8Array) bytes += value.byteLength;
    else for (const each of value) bytes += each.byteLength;
  }
  return bytes;
}
