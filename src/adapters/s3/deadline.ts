/** How slow a transfer may be. Without a limit its caller could wait forever. */
const LEAST_BYTES_PER_SECOND = 64 * 1024;

/** A time limit that grows with the bytes that are to be transferred, as soon as their number is known. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #began = performance.now();
  #seconds: number;
  #timer: NodeJS.Timeout | undefined;

  /** `bytes`: to send. */
  constructor(seconds: number, bytes: number) {
    this.#seconds = seconds;
    this.allow(bytes);
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** For messages. */
  get seconds(): number {
    return Math.round(this.#seconds);
  }

  /** Gives the time that so many more bytes take at most. */
  allow(bytes: number): void {
    this.#seconds += bytes / LEAST_BYTES_PER_SECOND;
    clearTimeout(this.#timer);
    const left = this.#began + this.#seconds * 1000 - performance.now();
    this.#timer = setTimeout(() => this.#controller.abort(), Math.max(0, left));
  }

  /** Nothing is waited for any more. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
