import * as z from 'zod';
import type { MessageHeaders } from '../../core/batch.ts';
import type { DeadLetter, DeadLetterReason } from '../../core/dead-letter.ts';
import { SluiceError } from '../../core/errors.ts';

/*
 * A dead letter as a line of JSON: `{topic, partition, offset, reason, detail, recorded_at, raw, key?, timestamp?, headers?}`.
 * `raw`, `key` and each header (a list of them where its name occurs more than once) are base64: bytes that could not be read as
 * text must come back as they were.
 */

/** Without the line break. */
export function lineOfDeadLetter(letter: DeadLetter, recorded_at: string): string {
  const { position, reason, detail, bytes, key, timestamp, headers } = letter;
  const { topic, partition, offset } = position;
  return JSON.stringify({
    topic,
    partition,
    offset,
    reason,
    detail,
    recorded_at,
    raw: base64(bytes),
    key: key && base64(key),
    timestamp,
    headers:
      headers &&
      Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [
          name,
          value instanceof Uint8Array ? base64(value) : value.map(base64),
        ]),
      ),
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

const headerSchema = z.union([z.string(), z.array(z.string())]);

const lineSchema = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  reason: z.string(),
  detail: z.string(),
  recorded_at: z.string().optional(),
  raw: z.string(),
  key: z.string().optional(),
  timestamp: z.number().optional(),
  // Not a record: zod leaves out a name such as `__proto__`.
  headers: z.custom<object>((value) => typeof value === 'object' && value !== null).optional(),
});

/** A dead letter that was stored. */
export interface StoredDeadLetter extends DeadLetter {
  /** When it was stored, epoch milliseconds; 0 where that is not known. */
  readonly recordedAt: number;
}

/** Reads such a line back. Throws `DATA_INVALID` where it is not a dead letter; `where` names the line for people. */
export function deadLetterOfLine(line: string, where: string): StoredDeadLetter {
  try {
    const { topic, partition, offset, reason, detail, recorded_at, raw, key, timestamp, headers } =
      lineSchema.parse(JSON.parse(line));
    return {
      position: { topic, partition, offset },
      reason: reason as DeadLetterReason,
      detail,
      bytes: bytesOf(raw),
      recordedAt: new Date(recorded_at ?? 0).getTime(),
      ...(key === undefined ? {} : { key: bytesOf(key) }),
      ...(timestamp === undefined ? {} : { timestamp }),
      ...(headers === undefined ? {} : { headers: headersOf(headers) }),
    };
  } catch {
    // The cause would quote the line.
    throw new SluiceError('DATA_INVALID', `${where} is not a dead letter; repair or remove that line`);
  }
}

function headersOf(headers: object): MessageHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const encoded = headerSchema.parse(value);
      return [name, typeof encoded === 'string' ? bytesOf(encoded) : encoded.map(bytesOf)];
    }),
  );
}

function bytesOf(base64Text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64Text, 'base64'));
}
