/**
 * Who needs the daemon alive shares it; who ends the daemon has it alone. In the order of asking, so that neither waits for
 * ever.
 */
export class AliveLock {
  /** Resolves when the last one who had it alone is done. */
  #alone: Promise<void> = Promise.resolve();
  #sharing = new Set<Promise<void>>();

  async shared<T>(work: () => Promise<T>): Promise<T> {
    const before = this.#alone;
    let done = () => {};
    const working = new Promise<void>((resolve) => {
      done = resolve;
    });
    this.#sharing.add(working);
    try {
      await before;
      return await work();
    } finally {
      this.#sharing.delete(working);
      done();
    }
  }

  async alone<T>(work: () => Promise<T>): Promise<T> {
    const before = [this.#alone, ...this.#sharing];
    let done = () => {};
    this.#alone = new Promise<void>((resolve) => {
      done = resolve;
    });
    try {
      await Promise.all(before);
      return await work();
    } finally {
      done();
    }
  }
}
