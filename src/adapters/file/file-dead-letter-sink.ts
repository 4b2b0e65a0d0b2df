import * as z from 'zod';
import type { DeadLetter, DeadLetterReason } from '../../core/dead-letter.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Refusal } from '../../core/refusal.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { AppendLog } from './append-log.ts';
import { base64, bytesOf, headersSchema, jsonOfHeaders } from './json-bytes.ts';

/**
 * Dead letters as JSON lines: `{topic, partition, offset, reason, detail, recorded_at, raw, headers?, key?, timestamp?}`.
 * `raw`, `key` and each header (a list where its name occurs more than once) are base64: bytes that could not be read as text
 * must come back as they were.
 */
export class FileDeadLetterSink implements DeadLetterSink {
  readonly #lines: AppendLog;
  readonly #clock: Pick<Clock, 'now'>;

  /** Closes `lines` when it is closed. */
  constructor(lines: AppendLog, clock: Pick<Clock, 'now'> = Date) {
    this.#lines = lines;
    this.#clock = clock;
  }

  async publish(letters: readonly DeadLetter[]): Promise<readonly Refusal[]> {
    if (letters.length === 0) return [];
    const recordedAt = new Date(this.#clock.now()).toISOString();
    await this.#lines.append(`${letters.map((letter) => lineOfDeadLetter(letter, recordedAt)).join('\n')}\n`);
    return [];
  }

  flush(): Promise<void> {
    return this.#lines.flush();
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}

/** One dead letter as its line, without the line break. */
export function lineOfDeadLetter(letter: DeadLetter, recordedAt: string): string {
  return JSON.stringify(jsonOfDeadLetter(letter, recordedAt));
}

/** One dead letter as the object that its line is the JSON of. */
export function jsonOfDeadLetter(
  { position, reason, detail, bytes, headers, key, timestamp }: DeadLetter,
  recorded_at: string,
): object {
  const { topic, partition, offset } = position;
  return {
    topic,
    partition,
    offset,
    reason,
    detail,
    recorded_at,
    raw: base64(bytes),
    headers: jsonOfHeaders(headers),
    key: key && base64(key),
    timestamp,
  };
}

const lineSchema = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  reason: z.string(),
  detail: z.string(),
  raw: z.string(),
  headers: headersSchema.optional(),
  key: z.string().optional(),
  timestamp: z.number().optional(),
});

/** Reads such a line back. Throws `DATA_INVALID` where it is none. */
export function deadLetterOfLine(line: string): DeadLetter {
  try {
    const { topic, partition, offset, reason, detail, raw, headers, key, timestamp } = lineSchema.parse(
      JSON.parse(line),
    );
    return {
      position: { topic, partition, offset },
      reason: reason as DeadLetterReason,
      detail,
      bytes: bytesOf(raw),
      ...(headers === undefined ? {} : { headers }),
      ...(key === undefined ? {} : { key: bytesOf(key) }),
      ...(timestamp === undefined ? {} : { timestamp }),
    };
  } catch (error) {
    throw new SluiceError('DATA_INVALID', 'a line of the dead letters is none; fix or remove it', {
      cause: error,
    });
  }
}
