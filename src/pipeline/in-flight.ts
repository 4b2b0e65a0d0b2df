/** Bounds the batches that are dispatched and not settled. Back-pressure: the line waits for room before it pulls. */
export class InFlight {
  readonly #max: number;
  #count = 0;
  #waiting: (() => void)[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  get count(): number {
    return this.#count;
  }

  async whenRoom(): Promise<void> {
    while (this.#count >= this.#max) await this.#change();
  }

  async whenEmpty(): Promise<void> {
    while (this.#count > 0) await this.#change();
  }

  /** `work` must not reject: whoever carries a batch deals with its failure. */
  enter(work: () => Promise<void>): void {
    this.#count++;
    void work().finally(() => {
      this.#count--;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    });
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
