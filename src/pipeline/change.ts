/** Lets those who wait for a condition look again whenever something changed that it depends on. */
export class Change {
  readonly #waiting = new Set<() => void>();

  notify(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves at the next {@link notify}, or when `stop` aborts. */
  async wait(stop?: AbortSignal): Promise<void> {
    if (stop?.aborted) return;
    let wake = () => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting.add(wake);
    stop?.addEventListener('abort', wake);
    await woken;
    this.#waiting.delete(wake);
    stop?.removeEventListener('abort', wake);
  }
}
