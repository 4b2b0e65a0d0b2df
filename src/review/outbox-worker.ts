import { describeError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { DecisionStore } from '../ports/decision-store.ts';
import type { Log } from '../ports/log.ts';
import type { OutboxPublisher } from './outbox-publisher.ts';

/** People see that a decision took effect after this long at the latest. */
const LOOK_SECONDS = 1;
/** Between two looks while the database is unavailable. */
const FAILED_SECONDS = 5;

export interface OutboxWorkerParts {
  readonly publisher: Pick<OutboxPublisher, 'drain'>;
  readonly store: Pick<DecisionStore, 'outboxDepth'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
  /** Called after each look. `rows`: how many verdicts wait; `oldestSeconds`: for how long the oldest one, 0 where none waits. */
  readonly onMeasured: (outbox: { readonly rows: number; readonly oldestSeconds: number }) => void;
}

/** Drains the outbox about once a second, until it is stopped. Any number of processes may run one. */
export class OutboxWorker {
  readonly #parts: OutboxWorkerParts;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #hasFailed = false;

  constructor(parts: OutboxWorkerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /**
   * Resolves when the batch that is being published is done; `drained`: when all that can be published now has been. What is left
   * is published by another process, or later. Never rejects.
   */
  async stop(how: 'at once' | 'drained' = 'at once'): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    if (how === 'drained') await this.#look();
  }

  async #run(): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look(signal);
      await clock.sleep(this.#hasFailed ? FAILED_SECONDS : LOOK_SECONDS, signal);
    }
  }

  async #look(signal?: AbortSignal): Promise<void> {
    const { publisher, store, log, onMeasured } = this.#parts;
    try {
      await publisher.drain(signal);
      onMeasured(await store.outboxDepth());
      if (this.#hasFailed) log.info({}, 'the outbox can be read again');
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed)
        log.warn(
          { error: describeError(error) },
          'the outbox cannot be read; verdicts of decisions wait, and it is tried again',
        );
      this.#hasFailed = true;
    }
  }
}
