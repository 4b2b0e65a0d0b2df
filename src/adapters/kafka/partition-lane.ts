import type { EachBatchPayload } from 'kafkajs';
import type { Batch, SourceMessage } from '../../core/batch.ts';
import { bufferOf, copiedHeaders } from './record-headers.ts';

export interface LaneLimits {
  readonly maxMessages: number;
  readonly maxAgeSeconds: number;
  /** A batch of the longest messages must not weigh more than this. */
  readonly maxBatchBytes: number;
}

type Fetched = EachBatchPayload['batch'];

/** Where a message of the lane stood when it was given out, to tell how old the oldest uncommitted one is. */
interface Handed {
  readonly nextOffset: number;
  readonly timestamp: number;
}

/** One partition in one tenure: what was fetched and not yet given out. */
export class PartitionLane {
  readonly topic: string;
  readonly partition: number;
  readonly tenure: number;
  /** Where fetching goes on; undefined before the first fetch. */
  position: number | undefined;
  paused = false;
  #messages: SourceMessage[] = [];
  #head = 0;
  #bytes = 0;
  #handed: Handed[] = [];

  constructor(topic: string, partition: number, tenure: number) {
    this.topic = topic;
    this.partition = partition;
    this.tenure = tenure;
  }

  get count(): number {
    return this.#messages.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Copies the values into memory of their own: they are views of the whole response, up to 10 MiB, and one message that
   * waits would keep all of it.
   */
  take(fetched: Pick<Fetched, 'messages' | 'lastOffset'>, receivedElapsed: number): void {
    const { messages } = fetched;
    let bytes = 0;
    for (const { value } of messages) bytes += value?.length ?? 0;
    const memory = Buffer.allocUnsafeSlow(bytes);
    let at = 0;
    for (const { offset, value, key, headers, timestamp } of messages) {
      const length = value?.length ?? 0;
      if (value !== null) memory.set(value, at);
      const copied = copiedHeaders(headers);
      const begin = Number(offset);
      this.#messages.push({
        offset: begin,
        nextOffset: begin + 1,
        bytes: memory.subarray(at, at + length),
        receivedElapsed,
        timestamp: Number(timestamp),
        ...(value === null ? { tombstone: true as const } : {}),
        ...(copied === undefined ? {} : { headers: copied }),
        ...(key === null || key === undefined ? {} : { key: Uint8Array.from(bufferOf(key)) }),
      });
      at += length;
    }
    this.#bytes += bytes;
    this.position = Number(fetched.lastOffset()) + 1;
    // Behind the last record may stand marks of transactions, which nobody sees and which count in the offsets.
    const last = this.#messages.length - 1;
    if (messages.length > 0) this.#messages[last] = { ...this.#messages[last]!, nextOffset: this.position };
  }

  isFull({ maxMessages, maxBatchBytes }: LaneLimits): boolean {
    return this.count >= maxMessages || this.#bytes >= maxBatchBytes;
  }

  /** The `Clock.elapsed()` second at which the waiting messages are due, full batch or not; undefined where none wait. */
  dueAt({ maxAgeSeconds }: LaneLimits): number | undefined {
    const first = this.#messages[this.#head];
    return first === undefined ? undefined : first.receivedElapsed + maxAgeSeconds;
  }

  /** The first of what waits, as one batch. To be called only while something waits. */
  give({ maxMessages, maxBatchBytes }: LaneLimits): Batch {
    const messages: SourceMessage[] = [];
    let bytes = 0;
    while (this.#head < this.#messages.length && messages.length < maxMessages && bytes < maxBatchBytes) {
      const message = this.#messages[this.#head++]!;
      bytes += message.bytes.byteLength;
      messages.push(message);
    }
    this.#bytes -= bytes;
    // What was given out must not be held here; to cut it off each time would copy the rest each time.
    if (this.#head === this.#messages.length || this.#head > 4 * maxMessages) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
    const { nextOffset } = messages.at(-1)!;
    this.#handed.push({ nextOffset, timestamp: messages[0]!.timestamp! });
    const { topic, partition, tenure } = this;
    return { topic, partition, tenure, messages, nextOffset };
  }

  committed(nextOffset: number): void {
    this.#handed = this.#handed.filter((each) => each.nextOffset > nextOffset);
  }

  /** The record's time of the oldest message that is not committed, epoch milliseconds; undefined where none is here. */
  get oldestUncommitted(): number | undefined {
    return this.#handed[0]?.timestamp ?? this.#messages[this.#head]?.timestamp;
  }
}
