import type { Batch } from '../core/batch.ts';
import type { DeadLetter, DeadLetterReason } from '../core/dead-letter.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { ReviewStore } from '../ports/review-store.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { TraceSink } from '../ports/trace-sink.ts';
import type { VerdictSink } from '../ports/verdict-sink.ts';
import type { Judgement } from './dispatch.ts';
import { outcomesOf } from './outcomes.ts';
import { type RetryOptions, untilAccepted } from './retry.ts';

export interface Sinks {
  readonly verdicts: VerdictSink;
  readonly reviews: ReviewStore;
  readonly deadLetters: DeadLetterSink;
  /** Null where no trace is kept. */
  readonly trace: TraceSink | null;
}

/**
 * Brings each message of a judged batch to where its outcome belongs. Each sink is tried until it accepts, on its own, so
 * that a sink that is away makes no other see a thing twice.
 */
export class Router {
  readonly #sinks: Sinks;
  readonly #mode: 'enforce' | 'observe';
  readonly #telemetry: Telemetry;
  readonly #retry: Omit<RetryOptions, 'what'>;

  constructor(
    sinks: Sinks,
    mode: 'enforce' | 'observe',
    telemetry: Telemetry,
    retry: Omit<RetryOptions, 'what'>,
  ) {
    this.#sinks = sinks;
    this.#mode = mode;
    this.#telemetry = telemetry;
    this.#retry = retry;
  }

  /** Resolves when every sink has accepted; not yet durable before their flush, save for the review store. */
  async route(batch: Batch, judgement: Judgement): Promise<void> {
    const { clock } = this.#retry;
    const began = clock.elapsed();
    const { verdicts, reviews, deadLetters, trace } = this.#sinks;
    const outcomes = outcomesOf(batch, judgement, {
      mode: this.#mode,
      traced: trace !== null,
      now: clock.now(),
    });

    const steps: Promise<void>[] = [];
    if (outcomes.verdicts.length > 0)
      steps.push(
        this.#untilAccepted('publish verdicts', () =>
          verdicts.publish(outcomes.verdicts, outcomes.verdictHeaders),
        ),
      );
    if (outcomes.reviews.length > 0)
      steps.push(
        this.#untilAccepted('add review items', async () => {
          this.#telemetry.reviewItemsAdded(await reviews.add(outcomes.reviews));
        }),
      );
    if (outcomes.letters.length > 0)
      steps.push(
        this.#untilAccepted('publish dead letters', async () => {
          await deadLetters.publish(outcomes.letters);
          this.#countDeadLetters(outcomes.letters);
        }),
      );
    // All are waited for, even when one has failed for good: nothing may still be writing when the line ends.
    if (steps.length > 0) throwFirst(await Promise.allSettled(steps));
    // Last, so that a line of the trace says what has happened and not what was about to.
    if (trace !== null && outcomes.trace.length > 0)
      await this.#untilAccepted('publish trace', () => trace.publish(outcomes.trace));

    const routed = clock.elapsed();
    const ages = [batch.messages[0]!, batch.messages[batch.messages.length - 1]!].map(({ receivedElapsed }) =>
      Math.max(0, routed - receivedElapsed),
    );
    this.#telemetry.batchRouted({ seconds: routed - began, endToEndSeconds: ages });
  }

  /** Makes durable what was accepted before. Throws what a sink throws; the caller decides when to try again. */
  async flush(): Promise<void> {
    const { verdicts, deadLetters, trace } = this.#sinks;
    throwFirst(await Promise.allSettled([verdicts.flush(), deadLetters.flush(), trace?.flush()]));
  }

  #untilAccepted(what: string, action: () => Promise<void>): Promise<void> {
    return untilAccepted(action, { ...this.#retry, what });
  }

  #countDeadLetters(letters: readonly DeadLetter[]): void {
    const counts = new Map<DeadLetterReason, number>();
    for (const { reason } of letters) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    for (const [reason, count] of counts) this.#telemetry.messagesDeadLettered(reason, count);
  }
}

function throwFirst(results: readonly PromiseSettledResult<unknown>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
