import * as z from 'zod';
import type { DeadLetter, DeadLetterReason } from '../../core/dead-letter.ts';
import { SluiceError } from '../../core/errors.ts';
import { base64, bytesOf, headersSchema, jsonOfHeaders } from './json-bytes.ts';

/*
 * A dead letter as a line of JSON: `{topic, partition, offset, reason, detail, recorded_at, raw, key?, timestamp?, headers?}`.
 * `raw`, `key` and each header (a list of them where its name occurs more than once) are base64: bytes that could not be read as
 * text must come back as they were.
 */

/** Without the line break. */
export function lineOfDeadLetter(letter: DeadLetter, recordedAt: string): string {
  return JSON.stringify(jsonOfDeadLetter(letter, recordedAt));
}

/** The object that its line is the JSON of. */
export function jsonOfDeadLetter(letter: DeadLetter, recorded_at: string): object {
  const { position, reason, detail, bytes, key, timestamp, headers } = letter;
  const { topic, partition, offset } = position;
  return {
    topic,
    partition,
    offset,
    reason,
    detail,
    recorded_at,
    raw: base64(bytes),
    key: key && base64(key),
    timestamp,
    headers: jsonOfHeaders(headers),
  };
}

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
  headers: headersSchema.optional(),
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
      ...(headers === undefined ? {} : { headers }),
      ...(key === undefined ? {} : { key: bytesOf(key) }),
      ...(timestamp === undefined ? {} : { timestamp }),
    };
  } catch {
    // The cause would quote the line.
    throw new SluiceError('DATA_INVALID', `${where} is not a dead letter; repair or remove that line`);
  }
}
