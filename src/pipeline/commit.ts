import type { Batch } from '../core/batch.ts';
import { describeError } from '../core/errors.ts';
import type { TopicPartition } from '../core/topic-partition.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { Change } from './change.ts';
import { OffsetTracker, type Ticket } from './offset-tracker.ts';
import { isRetriable, type RetryOptions, untilAccepted } from './retry.ts';

export interface CommitterParts {
  readonly source: Pick<MessageSource, 'commit'>;
  /** Makes durable what the sinks have accepted; an offset is committed only after it. */
  readonly flush: () => Promise<void>;
  readonly telemetry: Pick<Telemetry, 'batchRetried' | 'offsetsCommitted'>;
  readonly intervalSeconds: number;
  /** Commits that fail for longer stop the pulling. */
  readonly maxFailureSeconds: number;
  readonly retry: Omit<RetryOptions, 'what'>;
}

/** A long interval must not keep pulling stopped after a failure that has passed. */
const AFTER_FAILURE_SECONDS = 5;

/**
 * Reports to the source how far it may forget: on a timer, before partitions are taken away, and once more at the end.
 * One commit at a time, so that a later offset is never followed by an earlier one.
 */
export class Committer {
  readonly #parts: CommitterParts;
  readonly #tracker = new OffsetTracker();
  readonly #works = new Change();
  #last: Promise<void> = Promise.resolve();
  /** When the first commit began that no successful one has followed, in seconds of `Clock.elapsed()`. */
  #failingSince: number | undefined;

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  /** For how long commits have failed, or not been answered; 0 while they work. */
  get failingSeconds(): number {
    return this.#failingSince === undefined ? 0 : this.#parts.retry.clock.elapsed() - this.#failingSince;
  }

  pulled(batch: Batch): Ticket {
    return this.#tracker.pulled(batch);
  }

  settle(ticket: Ticket): void {
    this.#tracker.settle(ticket);
  }

  revoke(at: TopicPartition, epoch: number): void {
    this.#tracker.revoke(at, epoch);
  }

  /** Commits every interval until `stop` aborts. A retriable failure waits for the next turn; any other is thrown. */
  async commitOnTimer(stop: AbortSignal): Promise<void> {
    const { intervalSeconds, retry, telemetry } = this.#parts;
    let failures = 0;
    for (;;) {
      const wait = failures > 0 ? Math.min(intervalSeconds, AFTER_FAILURE_SECONDS) : intervalSeconds;
      await retry.clock.sleep(wait, stop);
      if (stop.aborted) return;
      try {
        await this.#commitInTurn();
        if (failures > 0) retry.log.info({ failures }, 'offsets are committed again');
        failures = 0;
      } catch (thrown) {
        if (!isRetriable(thrown)) throw thrown;
        telemetry.batchRetried('commit');
        if (failures++ === 0)
          retry.log.warn(
            { error: describeError(thrown) },
            'offsets could not be committed; it is tried again soon',
          );
      }
    }
  }

  /** Commits all that is settled; tried until it works or the retries are given up. */
  async commitNow(): Promise<void> {
    await untilAccepted(() => this.#commitInTurn(), { ...this.#parts.retry, what: 'commit offsets' });
  }

  /** Commits what is settled while its partitions are still assigned. Never rejects: what fails is delivered again. */
  async commitBeforeRevoke(): Promise<void> {
    const { retry, telemetry } = this.#parts;
    try {
      await this.#commitInTurn();
    } catch (thrown) {
      telemetry.batchRetried('commit');
      retry.log.warn(
        { error: describeError(thrown) },
        'offsets could not be committed before partitions were revoked; their next owner reads some messages again',
      );
    }
  }

  /**
   * Resolves at once, unless commits have failed for too long: then when they work again or `stop` aborts. What is pulled
   * meanwhile would all be delivered again after a restart.
   */
  async whenCommitsWork(stop: AbortSignal): Promise<void> {
    const { maxFailureSeconds, retry } = this.#parts;
    const isTooLong = () => this.failingSeconds > maxFailureSeconds;
    if (!isTooLong()) return;
    retry.log.error(
      { seconds: Math.round(this.failingSeconds) },
      'offsets have not been committed for longer than commit.maxFailureSeconds; nothing is pulled until a commit works',
    );
    while (isTooLong() && !stop.aborted) await this.#works.wait(stop);
    if (!stop.aborted) retry.log.info({}, 'offsets are committed again; pulling continues');
  }

  #commitInTurn(): Promise<void> {
    const committed = this.#last.then(() => this.#commit());
    this.#last = committed.catch(() => {});
    return committed;
  }

  async #commit(): Promise<void> {
    const { source, flush, telemetry, retry } = this.#parts;
    // Taken before the flush: what settles while it runs is not durable by it.
    const settled = this.#tracker.committable();
    if (settled.length > 0) {
      const began = retry.clock.elapsed();
      this.#failingSince ??= began;
      await flush();
      // A partition may have been revoked meanwhile; its offset must not be committed in the name of the next owner.
      const offsets = this.#tracker.stillOurs(settled);
      if (offsets.length > 0) {
        await source.commit(offsets);
        this.#tracker.committed(offsets);
        telemetry.offsetsCommitted({ partitions: offsets.length, seconds: retry.clock.elapsed() - began });
      }
    }
    this.#failingSince = undefined;
    this.#works.notify();
  }
}
