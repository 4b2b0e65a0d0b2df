/**
 * The memory, in bytes, that messages may occupy between the source and their outcome. Who reads a message charges it;
 * who settles its batch releases it. It refuses nothing by itself: a source asks {@link isExhausted} before it reads more.
 */
export class ByteBudget {
  readonly limit: number;
  #used = 0;
  #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  get isExhausted(): boolean {
    return this.#used >= this.limit;
  }

  charge(bytes: number): void {
    this.#used += bytes;
  }

  /** To be called exactly once for each charge. */
  release(bytes: number): void {
    this.#used -= bytes;
    if (this.isExhausted) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  /** Resolves once the budget has room; at once where it has. */
  async whenRoom(): Promise<void> {
    while (this.isExhausted) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
