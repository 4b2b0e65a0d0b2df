import type { ScoredBatch } from '../core/scored-batch.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import { ProblemError } from './problem.ts';
import { retryAfterSeconds } from './problem-of-error.ts';

const stringFields = ['message', 'message_id', 'community', 'sender', 'language'] as const;

/**
 * Hands messages of requests to the scorer, and bounds how many are there at once: the scorer's queue serves the line
 * too, and the API must not fill it.
 */
export class ScoreDesk {
  readonly #scorer: Scorer;
  readonly #most: number;
  #inProgress = 0;

  constructor(scorer: Scorer, mostInProgress: number) {
    this.#scorer = scorer;
    this.#most = mostInProgress;
  }

  /** `messages`: parsed JSON, not yet looked at. Throws what the scorer throws, or a problem when too much is under way. */
  async score(messages: readonly unknown[], options: ScoreOptions): Promise<ScoredBatch> {
    // A batch that is larger than the bound itself would never get in; it may when it is alone.
    if (this.#inProgress > 0 && this.#inProgress + messages.length > this.#most)
      throw new ProblemError('unavailable', {
        detail: 'Too many messages are being judged for this API already. Try again shortly.',
        retryAfter: retryAfterSeconds,
      });
    this.#inProgress += messages.length;
    try {
      return await this.#scorer.score(messages.map(recordOf), options);
    } finally {
      this.#inProgress -= messages.length;
    }
  }
}

/**
 * The message as the record that the scorer reads. Only the fields that it knows go in, and what cannot be their value
 * goes in as false, which it reports as of the wrong type: writing out unknown values, nested as deep as a body allows,
 * would overflow the stack.
 */
function recordOf(message: unknown): Uint8Array {
  if (typeof message !== 'object' || message === null || Array.isArray(message)) return Buffer.from('null');
  const fields = message as Readonly<Record<string, unknown>>;
  const record: Record<string, unknown> = {};
  for (const name of stringFields) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (value !== undefined) record[name] = typeof value === 'string' || value === null ? value : false;
  }
  const sentAt = Object.hasOwn(fields, 'sent_at') ? fields.sent_at : undefined;
  if (sentAt !== undefined)
    record.sent_at =
      typeof sentAt === 'string' || typeof sentAt === 'number' || sentAt === null ? sentAt : false;
  return Buffer.from(JSON.stringify(record));
}
