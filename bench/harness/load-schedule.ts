/**
 * When each message is due: at a rate that grows evenly from 0 during the ramp and then stays. It is fixed before the first is
 * sent, whatever the other side does: a latency that is measured from here has no omission that is coordinated with slow answers.
 */
export class LoadSchedule {
  /** Messages in all. */
  readonly total: number;
  /** The first message that is due after the ramp. */
  readonly firstAfterRamp: number;
  readonly #rate: number;
  readonly #ramp: number;

  /** `rate`: messages a second; `seconds`: at the full rate, after the ramp. */
  constructor(rate: number, seconds: number, rampSeconds: number) {
    this.#rate = rate;
    this.#ramp = rampSeconds;
    this.firstAfterRamp = Math.ceil((rate * rampSeconds) / 2);
    this.total = Math.max(1, this.firstAfterRamp + Math.floor(rate * seconds));
  }

  /** Seconds after the start at which message `i` (from 0) is due. */
  secondsOf(i: number): number {
    const inRamp = (this.#rate * this.#ramp) / 2;
    return i < inRamp ? Math.sqrt((2 * this.#ramp * i) / this.#rate) : i / this.#rate + this.#ramp / 2;
  }

  /** How many are due by then. */
  dueBy(seconds: number): number {
    if (seconds < 0) return 0;
    const grown =
      seconds < this.#ramp
        ? (this.#rate * seconds * seconds) / (2 * this.#ramp)
        : this.#rate * (seconds - this.#ramp / 2);
    return Math.min(this.total, Math.floor(grown) + 1);
  }
}
