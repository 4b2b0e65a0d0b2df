import type { Batch } from '../core/batch.ts';
import type { TopicPartition } from '../core/topic-partition.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { OffsetTracker, type Ticket } from './offset-tracker.ts';
import { isRetriable, type RetryOptions, untilAccepted } from './retry.ts';

export interface CommitterParts {
  readonly source: MessageSource;
  /** Makes durable what the sinks have accepted; an offset is committed only after it. */
  readonly flush: () => Promise<void>;
  readonly telemetry: Telemetry;
  readonly intervalSeconds: number;
  readonly retry: Omit<RetryOptions, 'what'>;
}

/** Tells the source how far it may forget: on a timer, and once more at the end. */
export class Committer {
  readonly #parts: CommitterParts;
  readonly #tracker = new OffsetTracker();

  constructor(parts: CommitterParts) {
    this.#parts = parts;
  }

  pulled(batch: Batch): Ticket {
    return this.#tracker.pulled(batch);
  }

  settle(ticket: Ticket): void {
    this.#tracker.settle(ticket);
  }

  revoke(at: TopicPartition, tenure: number): void {
    this.#tracker.revoke(at, tenure);
  }

  /** Commits every interval until `stop` aborts. A retriable failure waits for the next turn; any other is thrown. */
  async commitOnTimer(stop: AbortSignal): Promise<void> {
    const { intervalSeconds, retry, telemetry } = this.#parts;
    let failures = 0;
    for (;;) {
      await retry.clock.sleep(intervalSeconds, stop);
      if (stop.aborted) return;
      try {
        await this.#commitOnce();
        if (failures > 0) retry.log.info({ failures }, 'offsets are committed again');
        failures = 0;
      } catch (thrown) {
        if (!isRetriable(thrown)) throw thrown;
        telemetry.batchRetried('commit');
        if (failures++ === 0)
          retry.log.warn(
            { error: String(thrown) },
            'offsets could not be committed and will be at a later turn',
          );
      }
    }
  }

  /** Commits all that is settled; tried until it works or the retries are given up. */
  async commitNow(): Promise<void> {
    await untilAccepted(() => this.#commitOnce(), { ...this.#parts.retry, what: 'commit offsets' });
  }

  async #commitOnce(): Promise<void> {
    const { source, flush, telemetry, retry } = this.#parts;
    // Taken before the flush: what settles while it runs is not durable by it.
    const settled = this.#tracker.committable();
    if (settled.length === 0) return;
    const began = retry.clock.elapsed();
    await flush();
    const offsets = this.#tracker.stillOurs(settled);
    if (offsets.length === 0) return;
    await source.commit(offsets);
    this.#tracker.committed(offsets);
    telemetry.offsetsCommitted({ partitions: offsets.length, seconds: retry.clock.elapsed() - began });
  }
}
