import { SluiceError } from '../core/errors.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { type RetryOptions, untilAccepted } from './retry.ts';

/** A scored stretch of a batch, its indices being places in the whole batch. */
export interface ScoredPart extends ScoredBatch {
  readonly messages: number;
  /** From asking to answer, in seconds; the thread's own seconds are in `statistics`. */
  readonly seconds: number;
}

/** What became of one batch: usually one part; more where a message that kills had to be found. */
export interface Judgement {
  readonly parts: readonly ScoredPart[];
  /** Places of messages under which a scoring thread died twice. */
  readonly killers: readonly number[];
}

export interface DispatcherParts {
  readonly scorer: Scorer;
  readonly telemetry: Telemetry;
  readonly scoreOptions: ScoreOptions;
  readonly retry: Omit<RetryOptions, 'what'>;
}

const PROBE = new TextEncoder().encode('{"message":"hello","message_id":"probe"}');

/**
 * Hands batches to the scorer. A batch whose thread died is sent once more; when it kills again it is halved until the
 * message is found that does it. Before a message is condemned, a harmless one must pass: where that dies too, the
 * scorer is ill and not the message, and all of it is tried again later.
 */
export class Dispatcher {
  readonly #scorer: Scorer;
  readonly #telemetry: Telemetry;
  readonly #scoreOptions: ScoreOptions;
  readonly #retry: Omit<RetryOptions, 'what'>;

  constructor({ scorer, telemetry, scoreOptions, retry }: DispatcherParts) {
    this.#scorer = scorer;
    this.#telemetry = telemetry;
    this.#scoreOptions = scoreOptions;
    this.#retry = retry;
  }

  async judge(messages: readonly Uint8Array[]): Promise<Judgement> {
    const parts: ScoredPart[] = [];
    const killers: number[] = [];
    const whole = await this.#scoreTwice(messages, 0);
    if (whole !== undefined) parts.push(whole);
    else await this.#bisect(messages, 0, parts, killers);
    for (const { model, seconds, statistics } of parts) {
      const { decodeSeconds, featurizeSeconds, inferSeconds } = statistics;
      const queueSeconds = Math.max(0, seconds - decodeSeconds - featurizeSeconds - inferSeconds);
      this.#telemetry.batchScored({ model, queueSeconds, statistics });
    }
    return { parts, killers };
  }

  /** One half after the other, so that a message that kills takes one thread at a time. */
  async #bisect(
    messages: readonly Uint8Array[],
    from: number,
    parts: ScoredPart[],
    killers: number[],
  ): Promise<void> {
    if (messages.length === 1) {
      if (await this.#scorerIsWell()) killers.push(from);
      else await this.#judgeLater(messages, from, parts, killers);
      return;
    }
    const middle = messages.length >> 1;
    for (const [start, half] of [
      [from, messages.slice(0, middle)],
      [from + middle, messages.slice(middle)],
    ] as const) {
      // A single one gets a second try: a thread can die for reasons of its own.
      const part = half.length === 1 ? await this.#scoreTwice(half, start) : await this.#score(half, start);
      if (part === undefined) await this.#bisect(half, start, parts, killers);
      else parts.push(part);
    }
  }

  async #judgeLater(
    messages: readonly Uint8Array[],
    from: number,
    parts: ScoredPart[],
    killers: number[],
  ): Promise<void> {
    await untilAccepted(
      async () => {
        if (await this.#scorerIsWell()) return;
        throw new SluiceError('SCORER_THREAD_LOST', 'scoring threads die under a harmless message too', {
          retriable: true,
        });
      },
      { ...this.#retry, what: 'score' },
    );
    const part = await this.#scoreTwice(messages, from);
    if (part === undefined) await this.#bisect(messages, from, parts, killers);
    else parts.push(part);
  }

  async #scorerIsWell(): Promise<boolean> {
    return (await this.#score([PROBE], 0)) !== undefined;
  }

  async #scoreTwice(messages: readonly Uint8Array[], from: number): Promise<ScoredPart | undefined> {
    const part = await this.#score(messages, from);
    if (part !== undefined) return part;
    this.#retry.onRetry();
    return this.#score(messages, from);
  }

  /** Undefined when the thread died under it. */
  async #score(messages: readonly Uint8Array[], from: number): Promise<ScoredPart | undefined> {
    const { clock, log } = this.#retry;
    let began = 0;
    const attempt = async () => {
      began = clock.elapsed();
      try {
        return await this.#scorer.score(messages, this.#scoreOptions);
      } catch (thrown) {
        if (!(thrown instanceof SluiceError) || thrown.code !== 'SCORER_THREAD_LOST') throw thrown;
        log.warn({ messages: messages.length }, 'a scoring thread died under a batch; it is sent again');
        return undefined;
      }
    };
    const scored = await untilAccepted(attempt, { ...this.#retry, what: 'score' });
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
