import type { Batch } from '../core/batch.ts';
import type { DeadLetter, DeadLetterReason } from '../core/dead-letter.ts';
import type { Refusal } from '../core/refusal.ts';
import type { DeadLetterSink } from '../ports/dead-letter-sink.ts';
import type { RefusedRecord, RefusedSink } from '../ports/refused-sink.ts';
import type { ReviewStore } from '../ports/review-store.ts';
import type { RefusingSink } from '../ports/sink-names.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { TraceSink } from '../ports/trace-sink.ts';
import type { VerdictSink } from '../ports/verdict-sink.ts';
import type { BatchResult } from './dispatch.ts';
import { type Outcomes, outcomesOf } from './outcomes.ts';
import { publishRest } from './publish-rest.ts';
import { type RetryOptions, untilAccepted } from './retry.ts';

export interface Sinks {
  readonly verdicts: VerdictSink;
  readonly reviews: ReviewStore;
  readonly deadLetters: DeadLetterSink;
  /** Null where no trace is kept. */
  readonly trace: TraceSink | null;
  /** What the others will never accept. */
  readonly refused: RefusedSink;
}

/**
 * Brings each message of a scored batch to where its outcome belongs. Each sink is tried until it accepts, on its own, so
 * that a sink that is unavailable makes no other receive a record twice. A record that a sink refuses for good is kept by the
 * sink for refused records and blocks nothing.
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
  async route(batch: Batch, result: BatchResult): Promise<void> {
    const { clock } = this.#retry;
    const began = clock.elapsed();
    const { reviews, trace } = this.#sinks;
    const outcomes = outcomesOf(batch, result, {
      mode: this.#mode,
      traced: trace !== null,
      now: clock.now(),
    });

    const steps: Promise<void>[] = [];
    if (outcomes.verdicts.length > 0) steps.push(this.#publishVerdicts(outcomes));
    if (outcomes.reviews.length > 0)
      steps.push(
        this.#untilAccepted('add review items', async () => {
          this.#telemetry.reviewItemsAdded(await reviews.add(outcomes.reviews));
        }),
      );
    if (outcomes.letters.length > 0) steps.push(this.#publishDeadLetters(outcomes));
    // All are waited for, even when one has failed for good: nothing may still be writing when the pipeline ends.
    throwFirst(await Promise.allSettled(steps));
    // Last, so that a line of the trace says what has happened and not what was about to.
    if (trace !== null) await this.#publishTrace(trace, outcomes);

    const routed = clock.elapsed();
    const ages = [batch.messages[0]!, batch.messages[batch.messages.length - 1]!].map(({ receivedElapsed }) =>
      Math.max(0, routed - receivedElapsed),
    );
    this.#telemetry.batchRouted({ seconds: routed - began, endToEndSeconds: ages });
  }

  /** Makes durable what was accepted before. Throws what a sink throws; the caller decides when to try again. */
  async flush(): Promise<void> {
    const { verdicts, deadLetters, trace, refused } = this.#sinks;
    throwFirst(
      await Promise.allSettled([verdicts.flush(), deadLetters.flush(), trace?.flush(), refused.flush()]),
    );
  }

  async #publishVerdicts({ verdicts, verdictHeaders, verdictPositions }: Outcomes): Promise<void> {
    const refusals = await this.#publishRest(
      'publish verdicts',
      verdicts.map((_, index) => index),
      (indices) =>
        this.#sinks.verdicts.publish(
          indices.map((index) => verdicts[index]!),
          indices.map((index) => verdictHeaders[index]),
        ),
    );
    await this.#keepRefused('verdicts', refusals, ({ index, reason }) => {
      const headers = verdictHeaders[index];
      return {
        sink: 'verdicts',
        position: verdictPositions[index]!,
        reason,
        record: verdicts[index]!,
        ...(headers === undefined ? {} : { headers }),
      };
    });
  }

  async #publishDeadLetters({ letters }: Outcomes): Promise<void> {
    const refusals = await this.#publishRest('publish dead letters', letters, (rest) =>
      this.#sinks.deadLetters.publish(rest),
    );
    await this.#keepRefused('dead-letters', refusals, ({ index, reason }) => {
      const record = letters[index]!;
      return { sink: 'dead-letters', position: record.position, reason, record };
    });
    this.#countDeadLetters(letters);
  }

  async #publishTrace(sink: TraceSink, { trace }: Outcomes): Promise<void> {
    const refusals = await this.#publishRest('publish trace', trace, (rest) => sink.publish(rest));
    await this.#keepRefused('trace', refusals, ({ index, reason }) => {
      const record = trace[index]!;
      return { sink: 'trace', position: record.position, reason, record };
    });
  }

  #publishRest<T>(
    what: string,
    records: readonly T[],
    publish: (rest: readonly T[]) => Promise<readonly Refusal[]>,
  ): Promise<readonly Refusal[]> {
    return publishRest(records, publish, { ...this.#retry, what });
  }

  async #keepRefused(
    sink: RefusingSink,
    refusals: readonly Refusal[],
    recordOf: (refusal: Refusal) => RefusedRecord,
  ): Promise<void> {
    if (refusals.length === 0) return;
    const records = refusals.map(recordOf);
    await this.#untilAccepted('write refused records', () => this.#sinks.refused.write(records));
    this.#telemetry.recordsRefused(sink, records.length);
    const { position, reason } = records[0]!;
    this.#retry.log.error(
      { sink, records: records.length, ...position, reason },
      'records will never be accepted by this sink; they are in the file of refused records (refused.file.path), for a person to see to',
    );
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
