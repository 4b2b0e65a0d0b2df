import { describeError } from '../core/errors.ts';
import { systemClock } from '../pipeline/system-clock.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

interface Closer {
  readonly name: string;
  readonly close: () => Promise<void>;
}

export interface CloserLimits {
  /** What all of them together may take; without it they are waited for as long as it takes. */
  readonly withinSeconds?: number;
}

/**
 * What has been opened and must be closed: in reverse order, each of them, whatever becomes of the others. Each failure is
 * logged with its name.
 */
export class Closers {
  readonly #log: Log;
  readonly #clock: Pick<Clock, 'elapsed' | 'sleep'>;
  readonly #open: Closer[] = [];

  constructor(log: Log, clock: Pick<Clock, 'elapsed' | 'sleep'> = systemClock) {
    this.#log = log;
    this.#clock = clock;
  }

  /** `name`: for the log. */
  add(name: string, close: () => Promise<void>): void {
    this.#open.push({ name, close });
  }

  /** Closes all that is open, the last first. Throws the first failure once all were closed. */
  async closeAll({ withinSeconds }: CloserLimits = {}): Promise<void> {
    const until =
      withinSeconds === undefined ? Number.POSITIVE_INFINITY : this.#clock.elapsed() + withinSeconds;
    const failures: { readonly thrown: unknown }[] = [];
    for (let closer = this.#open.pop(); closer !== undefined; closer = this.#open.pop()) {
      const failure = await this.#close(closer, until);
      if (failure !== undefined) failures.push(failure);
    }
    const [first] = failures;
    if (first !== undefined) throw first.thrown;
  }

  /** As {@link closeAll}, where an error is under way already, which a failure to close must not replace. Never rejects. */
  async closeAfterFailure(limits: CloserLimits = {}): Promise<void> {
    await this.closeAll(limits).catch(() => undefined);
  }

  async #close({ name, close }: Closer, until: number): Promise<{ readonly thrown: unknown } | undefined> {
    const done = new AbortController();
    // Begun where it can throw nothing past the others, also by a function that throws before its first await.
    const closed = Promise.resolve()
      .then(close)
      .then(
        () => undefined,
        (thrown: unknown) => {
          this.#log.error({ part: name, error: describeError(thrown) }, 'a part could not be closed');
          return { thrown };
        },
      );
    if (until === Number.POSITIVE_INFINITY) return closed;
    const tooLate = this.#clock.sleep(Math.max(0, until - this.#clock.elapsed()), done.signal).then(() => {
      if (!done.signal.aborted) this.#log.error({ part: name }, 'a part did not close in time');
      return undefined;
    });
    try {
      return await Promise.race([closed, tooLate]);
    } finally {
      done.abort();
    }
  }
}
