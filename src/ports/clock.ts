/** Time, so that tests need not wait for it. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Seconds on a clock that never goes back; only differences mean something. */
  elapsed(): number;
  /** Resolves after `seconds`, or as soon as `signal` aborts. Never rejects. */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}
