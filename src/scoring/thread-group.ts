import { Piscina } from 'piscina';
import type { SluiceError } from '../core/errors.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { ScoreRequest, ThreadReply, ThreadStart, ThreadStarted } from './score-protocol.ts';
import { threadError, unavailable, unloadableCodeOf } from './thread-errors.ts';

export interface ThreadGroupOptions {
  readonly threads: number;
  /** Path of the built thread entry. */
  readonly threadFile: string;
  /** Called once for each thread that was there and died. */
  readonly onThreadLost: () => void;
  /** Called before threads are started again where one could not load its model. */
  readonly restoreModel: (model: LocalModel) => Promise<void>;
  /** Sends as many tasks at once as there should be threads, for which Piscina then starts those that are missing. */
  readonly grow: () => void;
}

/** Until missing threads are started again; twice as long after each time. */
const FIRST_WAIT_MILLISECONDS = 250;
const LONGEST_WAIT_MILLISECONDS = 30_000;

/**
 * A number of threads that never stays smaller than it should be. Piscina replaces a thread that dies, but gives up for good when
 * a replacement fails while it starts; so missing threads are looked for after each death, and started again, at ever
 * longer intervals, until all are there. Piscina's own bounds are not used: no running task is ever aborted, and the group is
 * only ended when nothing runs in it, because ending a thread under a running graph aborts the whole process.
 */
export class ThreadGroup {
  readonly #options: ThreadGroupOptions;
  /** Read by Piscina whenever it starts a thread. */
  readonly #start: { -readonly [key in keyof ThreadStart]: ThreadStart[key] } = { model: null };
  /** Ids of the threads that have reported that they are ready. */
  readonly #started = new Set<number>();
  /** Of tasks that have no answer yet. */
  readonly #reject = new Set<(error: SluiceError) => void>();
  #pool: Piscina<ScoreRequest, ThreadReply>;
  #present = 0;
  #failure: SluiceError | undefined;
  #repair: NodeJS.Timeout | undefined;
  #attempts = 0;
  #closed = false;

  constructor(options: ThreadGroupOptions) {
    this.#options = options;
    this.#pool = this.#startThreads();
  }

  /** Threads that are there and ready. */
  get present(): number {
    this.#count();
    return this.#present;
  }

  /** Tasks that wait for a thread. */
  get queued(): number {
    return this.#pool.queueSize;
  }

  /** Why there is no thread; undefined while there is one, or the first are still starting. */
  get trouble(): string | undefined {
    return this.present === 0 ? this.#failure?.message : undefined;
  }

  /** The model that threads load when they start; one that cannot load it ends. */
  preload(model: LocalModel | null): void {
    this.#start.model = model;
  }

  /** Starts threads at once where all have died, whatever they were waiting for. */
  revive(): void {
    if (this.#pool.threads.length === 0) this.#restart();
  }

  /** Rejects with what {@link threadError} and {@link unavailable} make of the death of threads. */
  run(request: ScoreRequest): Promise<ThreadReply> {
    return new Promise((resolve, reject) => {
      if (this.#pool.threads.length === 0) {
        reject(unavailable(this.#failure));
        return;
      }
      const lose = (error: SluiceError) => {
        this.#reject.delete(lose);
        reject(error);
      };
      this.#reject.add(lose);
      this.#pool.run(request, { transferList: [request.packed] }).then(
        (reply) => {
          this.#reject.delete(lose);
          resolve(reply);
        },
        (error: unknown) => {
          this.#failure = threadError(error);
          lose(this.#failure);
        },
      );
    });
  }

  /** To be called when nothing runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#repair);
    await this.#pool.destroy();
  }

  #startThreads(): Piscina<ScoreRequest, ThreadReply> {
    const { threads, threadFile } = this.#options;
    const pool = new Piscina<ScoreRequest, ThreadReply>({
      filename: threadFile,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      maxQueue: Number.MAX_SAFE_INTEGER,
      concurrentTasksPerWorker: 1,
      recordTiming: false,
      workerData: this.#start,
    });
    pool.on('message', ({ started }: ThreadStarted) => {
      this.#started.add(started);
      this.#count();
    });
    // By the next turn it is known what the thread died of, and whether Piscina has started another.
    pool.on('workerDestroy', () => setImmediate(() => this.#died(pool)));
    // Of a thread that died without a task. Without a listener that would end the process.
    pool.on('error', (error: unknown) => {
      this.#failure = threadError(error);
    });
    return pool;
  }

  #died(pool: Piscina<ScoreRequest, ThreadReply>): void {
    if (this.#closed || pool !== this.#pool) return;
    this.#count();
    if (pool.threads.length === 0)
      // Those that wait would wait for as long as threads cannot start.
      for (const lose of [...this.#reject]) lose(unavailable(this.#failure));
    this.#repairLater();
  }

  #count(): void {
    const alive = new Set(this.#pool.threads.map(({ threadId }) => threadId));
    for (const id of this.#started) if (!alive.has(id)) this.#started.delete(id);
    for (let lost = this.#present - this.#started.size; lost > 0; lost--) this.#options.onThreadLost();
    this.#present = this.#started.size;
  }

  #repairLater(): void {
    if (this.#repair !== undefined) return;
    const isFirst = this.#attempts === 0 && this.#pool.threads.length === 0;
    const wait = isFirst
      ? 0
      : Math.min(LONGEST_WAIT_MILLISECONDS, FIRST_WAIT_MILLISECONDS * 2 ** this.#attempts);
    this.#repair = setTimeout(() => {
      void this.#repairNow().finally(() => {
        this.#repair = undefined;
        if (this.#present < this.#options.threads && !this.#closed) this.#repairLater();
      });
    }, wait).unref();
  }

  async #repairNow(): Promise<void> {
    const { threads, restoreModel, grow } = this.#options;
    if (this.#present === threads) {
      this.#attempts = 0;
      return;
    }
    // Those that are still starting are waited for.
    if (this.#pool.threads.length === threads) return;
    this.#attempts++;
    const { model } = this.#start;
    if (model !== null && unloadableCodeOf(this.#failure) !== undefined)
      await restoreModel(model).catch(() => {});
    if (this.#closed) return;
    if (this.#pool.threads.length === 0) this.#restart();
    else grow();
  }

  #restart(): void {
    const dead = this.#pool;
    this.#pool = this.#startThreads();
    void dead.destroy();
  }
}
