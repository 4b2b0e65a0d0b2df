/** The part of a file handle that is needed; a test counts and fails its calls. */
export interface Syncable {
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Makes commits durable beside the thread that made them: libsql would block it for as long as the disk takes. Calls
 * during a sync share the next one. After a failure all later ones fail too: the system reports a lost write once.
 */
export class WalSync {
  readonly #wal: Syncable;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #lost: { readonly error: unknown } | undefined;

  /** `wal`: the write-ahead log of an open database, closed with this. */
  constructor(wal: Syncable) {
    this.#wal = wal;
  }

  /** Resolves when all that was committed before the call is on the disk. */
  sync(): Promise<void> {
    if (this.#running === undefined) {
      this.#running = this.#run();
      return this.#running;
    }
    this.#next ??= this.#running.then(
      () => this.#follow(),
      () => this.#follow(),
    );
    return this.#next;
  }

  close(): Promise<void> {
    return this.#wal.close();
  }

  #follow(): Promise<void> {
    this.#next = undefined;
    this.#running = this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    try {
      if (this.#lost !== undefined) throw this.#lost.error;
      await this.#wal.datasync();
    } catch (error) {
      this.#lost ??= { error };
      throw error;
    } finally {
      // The next call sets it again; until then it must not look as if this sync were still to come.
      if (this.#next === undefined) this.#running = undefined;
    }
  }
}
