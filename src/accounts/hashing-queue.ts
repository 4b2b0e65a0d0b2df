/** All together, and of one client. */
const MAX_WAITING = 32;
const MAX_OF_CLIENT = 3;

/**
 * Hashes one password at a time: each takes 32 MiB and a thread of the few that the process has for files and names too, which the
 * pipeline needs.
 */
export class HashingQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  readonly #ofClient = new Map<string, number>();

  /** Runs `work` after what waits; undefined, and nothing was done, where too many wait. */
  async run<T>(client: string, work: () => Promise<T>): Promise<{ readonly result: T } | undefined> {
    const mine = this.#ofClient.get(client) ?? 0;
    if (this.#waiting >= MAX_WAITING || mine >= MAX_OF_CLIENT) return undefined;
    this.#waiting++;
    this.#ofClient.set(client, mine + 1);
    const running = this.#last.then(work);
    this.#last = running.catch(() => undefined);
    try {
      return { result: await running };
    } finally {
      this.#waiting--;
      const left = this.#ofClient.get(client)! - 1;
      if (left === 0) this.#ofClient.delete(client);
      else this.#ofClient.set(client, left);
    }
  }
}
