import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { MessageHeaders, SourceMessage } from '../../core/batch.ts';
import type { DeadLetter, DeadLetterReason } from '../../core/dead-letter.ts';
import { bufferOf, copiedHeaders, headersCut, headersToSend } from './record-headers.ts';
import { headersBytes, headersWithin, recordBytes } from './record-size.ts';

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
/** Ours: how long the message was, where only its beginning was kept; how long the key was, where it was left out. */
const CUT = 'sluice-cut-from-bytes';
const KEY_CUT = 'sluice-key-left-out-bytes';

const ours: ReadonlySet<string> = new Set([REASON, CUT, KEY_CUT, headersCut]);
const isOurs = (name: string) => name.startsWith(PREFIX) || ours.has(name);
/** A key that would take more than this share of a record that has to be made smaller is left out. */
const KEY_SHARE = 1 / 4;
/** Headers may take this share even where the message then has to be cut. */
const HEADERS_SHARE = 1 / 2;

/**
 * The record of a dead letter: whole, or, where `most` is given, in so many bytes if that can be. Then the message's end is
 * cut off first; headers beyond half of the room and what the message leaves are left out, the largest first, and so is a
 * very long key. The record's own headers say which of that was done.
 */
export function recordOfDeadLetter(letter: DeadLetter, most = Number.POSITIVE_INFINITY): Message {
  const { bytes, key } = letter;
  const own = headersToSend(letter.headers, isOurs);
  const whole = recordOf(letter, { bytes, headers: own, key });
  if (recordBytes(whole) <= most) return whole;
  const cuts = { valueCut: true, keyCut: true, headersLeft: 1_000_000 };
  const frame = recordBytes(
    recordOf(letter, { bytes: new Uint8Array(), headers: {}, key: undefined, ...cuts }),
  );
  const room = Math.max(0, most - frame);
  const fittingKey = key !== undefined && key.byteLength <= room * KEY_SHARE ? key : undefined;
  const roomForBoth = room - (fittingKey?.byteLength ?? 0);
  const roomForHeaders = Math.max(roomForBoth * HEADERS_SHARE, roomForBoth - bytes.byteLength);
  const { headers, left } = headersWithin(own, roomForHeaders);
  const fittingBytes = bytes.subarray(0, Math.max(0, Math.floor(roomForBoth - headersBytes(headers))));
  return recordOf(letter, {
    bytes: fittingBytes,
    headers,
    key: fittingKey,
    valueCut: fittingBytes.byteLength < bytes.byteLength,
    keyCut: fittingKey !== key,
    headersLeft: left,
  });
}

interface Parts {
  readonly bytes: Uint8Array;
  readonly headers: IHeaders;
  readonly key: Uint8Array | undefined;
  readonly valueCut?: boolean;
  readonly keyCut?: boolean;
  readonly headersLeft?: number;
}

function recordOf(letter: DeadLetter, parts: Parts): Message {
  const { position, reason, detail, timestamp } = letter;
  const { bytes, headers, key, valueCut = false, keyCut = false, headersLeft = 0 } = parts;
  return {
    key: key === undefined ? null : bufferOf(key),
    value: bufferOf(bytes),
    headers: {
      ...headers,
      [TOPIC]: position.topic,
      [PARTITION]: int32(position.partition),
      [OFFSET]: int64(position.offset),
      ...(timestamp === undefined ? {} : { [TIMESTAMP]: int64(timestamp) }),
      [DETAIL]: detail,
      [REASON]: reason,
      ...(valueCut ? { [CUT]: String(letter.bytes.byteLength) } : {}),
      ...(keyCut ? { [KEY_CUT]: String(letter.key?.byteLength ?? 0) } : {}),
      ...(headersLeft > 0 ? { [headersCut]: String(headersLeft) } : {}),
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
