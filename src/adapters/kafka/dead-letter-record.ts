import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { MessageHeaders, SourceMessage } from '../../core/batch.ts';
import type { DeadLetter, DeadLetterReason } from '../../core/dead-letter.ts';
import { bufferOf, copiedHeaders, headersToSend } from './record-headers.ts';

/*
 * A dead letter as a record: the message's own bytes, key and headers, and beside them the headers that Spring for Apache
 * Kafka gives one, in its encoding (numbers big-endian), so that tools for those read ours.
 */

const PREFIX = 'kafka_dlt-';
const TOPIC = `${PREFIX}original-topic`;
const PARTITION = `${PREFIX}original-partition`;
const OFFSET = `${PREFIX}original-offset`;
const TIMESTAMP = `${PREFIX}original-timestamp`;
const DETAIL = `${PREFIX}exception-message`;
/** Ours: the reason as a word, for metrics and filters. */
const REASON = 'sluice-reason';
/** Ours: how long the message was, where only its beginning was kept. */
const CUT = 'sluice-cut-from-bytes';

const isOurs = (name: string) => name.startsWith(PREFIX) || name === REASON || name === CUT;

export function recordOfDeadLetter(letter: DeadLetter, keptBytes = letter.bytes.byteLength): Message {
  const { position, reason, detail, bytes, headers, key, timestamp } = letter;
  const cut = keptBytes < bytes.byteLength;
  return {
    key: key === undefined ? null : bufferOf(key),
    value: bufferOf(bytes.subarray(0, keptBytes)),
    headers: {
      ...headersToSend(headers, isOurs),
      [TOPIC]: position.topic,
      [PARTITION]: int32(position.partition),
      [OFFSET]: int64(position.offset),
      ...(timestamp === undefined ? {} : { [TIMESTAMP]: int64(timestamp) }),
      [DETAIL]: detail,
      [REASON]: reason,
      ...(cut ? { [CUT]: String(bytes.byteLength) } : {}),
    },
  };
}

/** A record of a dead-letter topic, read back; what a foreign writer left out is empty or 0. */
export interface ReadDeadLetter extends DeadLetter {
  /** When it was written, epoch milliseconds. */
  readonly recordedAt: number;
  /** Length of the message, where only its beginning was kept. */
  readonly cutFromBytes?: number;
}

/** The same, of a record that came as a message of a source. */
export function deadLetterOfMessage({ bytes, key, headers, timestamp = 0 }: SourceMessage): ReadDeadLetter {
  return deadLetterOfRecord({
    key: key === undefined ? null : bufferOf(key),
    value: bufferOf(bytes),
    headers: headersToSend(headers),
    timestamp: String(timestamp),
  });
}

export function deadLetterOfRecord({
  key,
  value,
  headers,
  timestamp,
}: Pick<KafkaMessage, 'key' | 'value' | 'headers' | 'timestamp'>): ReadDeadLetter {
  const own = withoutOurs(copiedHeaders(headers));
  const cut = text(headers, CUT);
  const original = number(headers, TIMESTAMP);
  return {
    position: {
      topic: text(headers, TOPIC) ?? '',
      partition: number(headers, PARTITION) ?? 0,
      offset: number(headers, OFFSET) ?? 0,
    },
    reason: (text(headers, REASON) ?? 'not-json') as DeadLetterReason,
    detail: text(headers, DETAIL) ?? '',
    bytes: Uint8Array.from(value ?? []),
    ...(own === undefined ? {} : { headers: own }),
    ...(key === null ? {} : { key: Uint8Array.from(key) }),
    ...(original === undefined ? {} : { timestamp: original }),
    recordedAt: Number(timestamp),
    ...(cut === undefined ? {} : { cutFromBytes: Number(cut) }),
  };
}

function withoutOurs(headers: MessageHeaders | undefined): MessageHeaders | undefined {
  const own = Object.entries(headers ?? {}).filter(([name]) => !isOurs(name));
  return own.length === 0 ? undefined : Object.fromEntries(own);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(Math.trunc(value)));
  return bytes;
}

function first(headers: IHeaders | undefined, name: string): Buffer | undefined {
  const found = headers?.[name];
  const value = Array.isArray(found) ? found[0] : found;
  return typeof value === 'string' ? Buffer.from(value) : value;
}

function text(headers: IHeaders | undefined, name: string): string | undefined {
  return first(headers, name)?.toString('utf8');
}

function number(headers: IHeaders | undefined, name: string): number | undefined {
  const bytes = first(headers, name);
  if (bytes?.length === 4) return bytes.readInt32BE();
  if (bytes?.length === 8) return Number(bytes.readBigInt64BE());
  return undefined;
}
