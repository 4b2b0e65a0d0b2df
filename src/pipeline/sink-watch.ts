import { describeError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { type SinkName, sinkNames } from '../ports/sink-names.ts';

/** The oldest batch that a sink has not accepted. */
export interface SinkWait {
  readonly sink: SinkName;
  /** Since the sink was first asked to accept it. */
  readonly seconds: number;
  /** Of its last attempt; undefined where the sink has not answered at all. */
  readonly error: string | undefined;
}

/** One call of a sink, from the first attempt until it is accepted or given up. */
export interface WatchedCall {
  failed(thrown: unknown): void;
  ended(): void;
}

interface Waiting {
  readonly since: number;
  error: string | undefined;
}

/** Knows for how long each sink has kept batches waiting, whether it refuses them or does not answer. */
export class SinkWatch {
  readonly #clock: Pick<Clock, 'elapsed'>;
  /** In the order in which they began. */
  readonly #waiting = new Map<SinkName, Set<Waiting>>(sinkNames.map((sink) => [sink, new Set()]));

  constructor(clock: Pick<Clock, 'elapsed'>) {
    this.#clock = clock;
  }

  began(sink: SinkName): WatchedCall {
    const calls = this.#waiting.get(sink)!;
    const call: Waiting = { since: this.#clock.elapsed(), error: undefined };
    calls.add(call);
    return {
      failed: (thrown) => {
        call.error = describeError(thrown);
      },
      ended: () => calls.delete(call),
    };
  }

  /** At most one for each sink. */
  waits(): readonly SinkWait[] {
    const now = this.#clock.elapsed();
    return sinkNames.flatMap((sink) => {
      const [oldest] = this.#waiting.get(sink)!;
      return oldest === undefined ? [] : [{ sink, seconds: now - oldest.since, error: oldest.error }];
    });
  }
}
