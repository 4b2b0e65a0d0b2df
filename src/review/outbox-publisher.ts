import { describeError, SluiceError } from '../core/errors.ts';
import type { Refusal } from '../core/refusal.ts';
import type { DecisionStore, OutboxRow } from '../ports/decision-store.ts';
import type { Log } from '../ports/log.ts';
import type { VerdictSink } from '../ports/verdict-sink.ts';

const ROWS_AT_ONCE = 100;
/** Then the sink is at fault and not the row. */
const FAILURES_IN_A_ROW = 2;
const RETRY_SECONDS = 5;

export interface OutboxPublisherParts {
  readonly store: Pick<DecisionStore, 'takeOutbox' | 'finishOutbox' | 'postponeOutbox'>;
  readonly sink: Pick<VerdictSink, 'publish' | 'flush'>;
  readonly log: Log;
  /** Unique to this process. */
  readonly holder: string;
}

export interface DrainResult {
  readonly published: number;
  /** The sink will never accept them. */
  readonly refused: number;
  /** They are tried again in a later drain. */
  readonly failed: number;
}

/**
 * Publishes the verdicts of decisions: at least once, and those of one message in order. A row is finished only after the sink has
 * flushed, so one that was published before the process was killed is published again.
 */
export class OutboxPublisher {
  readonly #parts: OutboxPublisherParts;

  constructor(parts: OutboxPublisherParts) {
    this.#parts = parts;
  }

  /**
   * Publishes until no row can be taken. A failure of the sink is logged and leaves its rows for later; a failure of the store is
   * thrown. `signal` stops it between two batches.
   */
  async drain(signal?: AbortSignal): Promise<DrainResult> {
    const { store, holder } = this.#parts;
    const total = { published: 0, refused: 0, failed: 0 };
    while (signal?.aborted !== true) {
      const rows = await store.takeOutbox({ holder, limit: ROWS_AT_ONCE });
      if (rows.length === 0) break;
      const { accepted, refused, failed, untried } = await this.#publish(rows);
      await store.finishOutbox([
        ...accepted.map(({ id }) => ({ id })),
        ...refused.map(({ row, reason }) => ({ id: row.id, refusal: reason })),
      ]);
      await store.postponeOutbox(
        [
          ...failed.map(({ id }) => ({ id, hasFailed: true })),
          ...untried.map(({ id }) => ({ id, hasFailed: false })),
        ],
        RETRY_SECONDS,
      );
      total.published += accepted.length;
      total.refused += refused.length;
      total.failed += failed.length + untried.length;
    }
    return total;
  }

  async #publish(rows: readonly OutboxRow[]): Promise<Outcome> {
    const first = await this.#attempt(rows);
    if (first.failed.length < rows.length || rows.length === 1) return first;
    // The sink does not say which row it cannot take.
    const outcome: MutableOutcome = { accepted: [], refused: [], failed: [], untried: [] };
    let failures = 0;
    for (const row of rows) {
      if (failures === FAILURES_IN_A_ROW) {
        outcome.untried.push(row);
        continue;
      }
      const one = await this.#attempt([row]);
      failures = one.failed.length === 0 ? 0 : failures + 1;
      outcome.accepted.push(...one.accepted);
      outcome.refused.push(...one.refused);
      outcome.failed.push(...one.failed);
    }
    return outcome;
  }

  async #attempt(rows: readonly OutboxRow[]): Promise<Outcome> {
    const { sink, log } = this.#parts;
    let refusals: readonly Refusal[];
    let open: ReadonlySet<number> = new Set();
    try {
      try {
        refusals = await sink.publish(rows.map(({ verdict }) => verdict));
      } catch (thrown) {
        const unfinished = thrown instanceof SluiceError ? thrown.unfinished : undefined;
        if (unfinished === undefined) throw thrown;
        refusals = unfinished.refusals;
        open = new Set(unfinished.open);
        log.warn({ rows: open.size, error: describeError(thrown) }, 'some verdicts of decisions wait');
      }
      await sink.flush();
    } catch (thrown) {
      log.warn(
        { rows: rows.length, error: describeError(thrown) },
        'verdicts of decisions could not be published; they are tried again',
      );
      return { accepted: [], refused: [], failed: rows, untried: [] };
    }
    for (const { index, reason } of refusals)
      log.error(
        { row: rows[index]!.id, message_id: rows[index]!.verdict.message_id, reason },
        'the verdict of a decision was refused for good',
      );
    const isRefused = new Set(refusals.map(({ index }) => index));
    return {
      accepted: rows.filter((_, index) => !isRefused.has(index) && !open.has(index)),
      refused: refusals.map(({ index, reason }) => ({ row: rows[index]!, reason })),
      failed: rows.filter((_, index) => open.has(index)),
      untried: [],
    };
  }
}

interface Outcome {
  readonly accepted: readonly OutboxRow[];
  readonly refused: readonly { readonly row: OutboxRow; readonly reason: string }[];
  readonly failed: readonly OutboxRow[];
  /** Left, since the sink seems to be unavailable. */
  readonly untried: readonly OutboxRow[];
}

interface MutableOutcome {
  readonly accepted: OutboxRow[];
  readonly refused: Outcome['refused'][number][];
  readonly failed: OutboxRow[];
  readonly untried: OutboxRow[];
}
