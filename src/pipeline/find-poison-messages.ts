import { SluiceError } from '../core/errors.ts';
import { clearHam, clearSpam } from '../core/known-messages.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import { type RetryOptions, untilAccepted } from './retry.ts';

/** Scores of consecutive messages of a batch. Indices are those of the whole batch. */
export interface ScoredPart extends ScoredBatch {
  readonly messages: number;
  /** From request to answer, in seconds; the thread's own seconds are in `statistics`. */
  readonly seconds: number;
}

export interface PoisonFinderParts {
  readonly scorer: Scorer;
  readonly scoreOptions: ScoreOptions;
  readonly retry: Omit<RetryOptions, 'what'>;
  /** Called with each part that was scored. */
  readonly onScored: (part: ScoredPart) => void;
  /** Called with the index of each poison message: it was scored alone, and its thread or process died twice. */
  readonly onPoison: (index: number) => void;
}

/** Harmless messages of every kind. A healthy scorer runs every stage of the model on them. */
const PROBE = [...clearHam, ...clearSpam].map(({ message, language }, i) =>
  new TextEncoder().encode(JSON.stringify({ message, language, message_id: `probe-${i}` })),
);

/**
 * Scores messages and finds poison messages, whose scoring kills the thread or the process. A lost batch is sent once more. If it is
 * lost again, it is halved until the message is found. Before a message counts as poison, harmless messages must pass every stage
 * of the model. If those are lost too, the scorer is at fault, and the whole batch is tried again later.
 */
export class PoisonFinder {
  readonly #parts: PoisonFinderParts;

  constructor(parts: PoisonFinderParts) {
    this.#parts = parts;
  }

  /** `from`: index of the first message in its batch. */
  async score(messages: readonly Uint8Array[], from: number): Promise<void> {
    const whole = await this.#scoreTwice(messages, from);
    if (whole !== undefined) this.#parts.onScored(whole);
    else await this.#bisect(messages, from);
  }

  /** Scores one half after the other, so that a poison message kills one thread at a time. */
  async #bisect(messages: readonly Uint8Array[], from: number): Promise<void> {
    if (messages.length === 1) {
      if (await this.#scorerIsHealthy()) this.#parts.onPoison(from);
      else await this.#scoreLater(messages, from);
      return;
    }
    const middle = messages.length >> 1;
    for (const [start, half] of [
      [from, messages.slice(0, middle)],
      [from + middle, messages.slice(middle)],
    ] as const) {
      // A single one gets a second try: a thread can die for reasons of its own.
      const part = half.length === 1 ? await this.#scoreTwice(half, start) : await this.#score(half, start);
      if (part === undefined) await this.#bisect(half, start);
      else this.#parts.onScored(part);
    }
  }

  async #scoreLater(messages: readonly Uint8Array[], from: number): Promise<void> {
    await untilAccepted(
      async () => {
        if (await this.#scorerIsHealthy()) return;
        throw new SluiceError('SCORER_THREAD_LOST', 'scoring threads die under harmless messages too', {
          retriable: true,
        });
      },
      { ...this.#parts.retry, what: 'score' },
    );
    await this.score(messages, from);
  }

  /** Early exit would leave out the later stages, where the message may have died. */
  async #scorerIsHealthy(): Promise<boolean> {
    return (await this.#score(PROBE, 0, { exactScores: 'all' })) !== undefined;
  }

  async #scoreTwice(messages: readonly Uint8Array[], from: number): Promise<ScoredPart | undefined> {
    return (await this.#score(messages, from)) ?? (await this.#score(messages, from));
  }

  /** Returns undefined if the thread or process died. */
  async #score(
    messages: readonly Uint8Array[],
    from: number,
    options: ScoreOptions = {},
  ): Promise<ScoredPart | undefined> {
    const { scorer, scoreOptions, retry } = this.#parts;
    const { clock, log } = retry;
    let began = 0;
    const attempt = async () => {
      began = clock.elapsed();
      try {
        return await scorer.score(messages, { ...scoreOptions, ...options });
      } catch (thrown) {
        if (!(thrown instanceof SluiceError) || thrown.code !== 'SCORER_THREAD_LOST') throw thrown;
        log.warn({ messages: messages.length }, 'a scoring thread died under a batch; it is sent again');
        retry.onRetry();
        return undefined;
      }
    };
    const scored = await untilAccepted(attempt, { ...retry, what: 'score' });
    if (scored === undefined) return undefined;
    const { ham, review, spam, unreadable } = scored.statistics;
    if (ham + review + spam + unreadable !== messages.length)
      throw new SluiceError(
        'INTERNAL',
        `the scorer answered for ${ham + review + spam + unreadable} of ${messages.length} messages`,
      );
    const seconds = clock.elapsed() - began;
    return from === 0
      ? { ...scored, messages: messages.length, seconds }
      : reindexed(scored, from, messages.length, seconds);
  }
}

function reindexed(scored: ScoredBatch, from: number, messages: number, seconds: number): ScoredPart {
  return {
    ...scored,
    messages,
    seconds,
    scored: scored.scored.map((each) => ({ ...each, index: each.index + from })),
    unreadable: scored.unreadable.map((each) => ({ ...each, index: each.index + from })),
  };
}
