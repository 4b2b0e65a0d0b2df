import * as z from 'zod';
import type { MessageHeaders } from '../../core/batch.ts';
import type { DeadLetter, DeadLetterReason } from '../../core/dead-letter.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadLetterSink } from '../../ports/dead-letter-sink.ts';
import type { AppendLog } from './append-log.ts';

/**
 * Dead letters as JSON lines: `{topic, partition, offset, reason, detail, recorded_at, raw, headers?}`. `raw`, and each
 * header (a list of them where its name occurs more than once), is base64: bytes that could not be read as text must come back as they were.
 */
export class FileDeadLetterSink implements DeadLetterSink {
  readonly #lines: AppendLog;
  readonly #clock: Pick<Clock, 'now'>;

  /** Closes `lines` when it is closed. */
  constructor(lines: AppendLog, clock: Pick<Clock, 'now'> = Date) {
    this.#lines = lines;
    this.#clock = clock;
  }

  async publish(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    const recordedAt = new Date(this.#clock.now()).toISOString();
    await this.#lines.append(`${letters.map((letter) => lineOfDeadLetter(letter, recordedAt)).join('\n')}\n`);
  }

  flush(): Promise<void> {
    return this.#lines.flush();
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}

/** One dead letter as its line, without the line break. */
export function lineOfDeadLetter(
  { position, reason, detail, bytes, headers }: DeadLetter,
  recorded_at: string,
): string {
  const { topic, partition, offset } = position;
  const encoded =
    headers &&
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? base64(value) : value.map(base64),
      ]),
    );
  return JSON.stringify({
    topic,
    partition,
    offset,
    reason,
    detail,
    recorded_at,
    raw: base64(bytes),
    headers: encoded,
  });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

const lineSchema = z.object({
  topic: z.string(),
  partition: z.number(),
  offset: z.number(),
  reason: z.string(),
  detail: z.string(),
  raw: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
});

/** Reads such a line back. Throws `DATA_INVALID` where it is none. */
export function deadLetterOfLine(line: string): DeadLetter {
  try {
    const { topic, partition, offset, reason, detail, raw, headers } = lineSchema.parse(JSON.parse(line));
    const decoded = Object.entries(headers ?? {}).map(([name, value]) => [
      name,
      typeof value === 'string' ? bytesOf(value) : value.map(bytesOf),
    ]);
    return {
      position: { topic, partition, offset },
      reason: reason as DeadLetterReason,
      detail,
      bytes: bytesOf(raw),
      ...(headers === undefined ? {} : { headers: Object.fromEntries(decoded) as MessageHeaders }),
    };
  } catch (error) {
    throw new SluiceError('DATA_INVALID', 'a line of the dead letters is none; mend or remove it', {
      cause: error,
    });
  }
}

function bytesOf(base64Text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(base64Text, 'base64'));
}
