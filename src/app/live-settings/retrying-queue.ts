import { describeError, type ErrorCode, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';

/** What may come right by itself is tried again after this, and then after twice as long, up to the longest. */
const AGAIN_SECONDS = 5;
const LONGEST_AGAIN_SECONDS = 60;
/** A model that is not there may be pushed yet; one that is broken may be replaced, which its activation checks. */
const triedAgain: ReadonlySet<ErrorCode> = new Set(['MODEL_MISSING', 'MODEL_CORRUPT', 'MODEL_REFUSED']);

/** `again`: a timer asks, and nobody has asked since the last time. */
export type Work = (again: boolean) => Promise<void>;

export interface RetryingQueueOptions {
  readonly log: Pick<Log, 'debug'>;
  readonly signal: AbortSignal;
  /** Called when work fails, but not when a timer finds it failing as before. */
  readonly onFailure: (code: ErrorCode, name: string, error: unknown) => void;
  /** Called with why any work waits for another try, and with undefined when none does. */
  readonly failing?: (code: ErrorCode | undefined) => void;
}

interface Failure {
  readonly timer: NodeJS.Timeout;
  readonly code: ErrorCode;
}

/** Does what it is asked for, one after the other, and again by a timer where it failed in a way that may come right by itself. */
export class RetryingQueue {
  readonly #options: RetryingQueueOptions;
  readonly #failures = new Map<string, Failure>();
  #turn: Promise<void> = Promise.resolve();

  constructor(options: RetryingQueueOptions) {
    this.#options = options;
  }

  /** Does the work at once, when what is before it is done: what waited by that name waits no longer. */
  ask(name: string, work: Work): void {
    this.#ask(name, work, 0);
  }

  /** Work that has failed already, by somebody else. */
  later(name: string, work: Work, code: ErrorCode): void {
    this.#later(name, work, code, AGAIN_SECONDS);
  }

  /** Resolves when what is under way is done. To be called after the signal, which ends all waiting. */
  async end(): Promise<void> {
    for (const { timer } of this.#failures.values()) clearTimeout(timer);
    await this.#turn;
  }

  /** `waited`: seconds; 0 where somebody has asked. */
  #ask(name: string, work: Work, waited: number): void {
    clearTimeout(this.#failures.get(name)?.timer);
    this.#turn = this.#turn
      .then(() => (this.#options.signal.aborted ? undefined : work(waited > 0)))
      .then(
        () => this.#forget(name),
        (error: unknown) => this.#failed(name, work, waited, error),
      );
  }

  #failed(name: string, work: Work, waited: number, error: unknown): void {
    const { log, onFailure } = this.#options;
    const code = error instanceof SluiceError ? error.code : 'INTERNAL';
    if (waited > 0 && this.#failures.get(name)?.code === code)
      log.debug({ name, error: describeError(error) }, 'tried again, in vain');
    else onFailure(code, name, error);
    if (!(error instanceof SluiceError) || !(error.retriable || triedAgain.has(code))) this.#forget(name);
    else
      this.#later(
        name,
        work,
        code,
        waited === 0 ? AGAIN_SECONDS : Math.min(LONGEST_AGAIN_SECONDS, 2 * waited),
      );
  }

  #later(name: string, work: Work, code: ErrorCode, seconds: number): void {
    const { signal, failing } = this.#options;
    if (signal.aborted) return;
    clearTimeout(this.#failures.get(name)?.timer);
    const timer = setTimeout(() => this.#ask(name, work, seconds), seconds * 1000);
    this.#failures.set(name, { timer, code });
    failing?.(code);
  }

  #forget(name: string): void {
    clearTimeout(this.#failures.get(name)?.timer);
    if (this.#failures.delete(name) && this.#failures.size === 0) this.#options.failing?.(undefined);
  }
}
