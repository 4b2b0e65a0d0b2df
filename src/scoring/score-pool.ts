import { Piscina } from 'piscina';
import { describeError, SluiceError } from '../core/errors.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import { turnOffTelemetry } from './no-telemetry.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import { decodeAnswer, packMessages, type ScoreRequest, type ThreadReply } from './score-protocol.ts';

export interface ScorePoolOptions {
  readonly policy: PolicyInForce;
  readonly threads: number;
  /** Path of the built thread entry. */
  readonly threadFile: string;
  /** Called when a thread died; its batch's `score` rejects. */
  readonly onThreadLost: () => void;
}

export interface PoolMeasure {
  readonly threads: number;
  /** Batches that wait for a thread. */
  readonly queued: number;
  /** Share of the threads' time spent on batches since the last measure. */
  readonly utilization: number;
}

/**
 * The scoring threads. A thread loads a model when a batch names it, and lets go of those that no batch will name again, so
 * that a model is changed without starting a thread. Piscina's own bounds are not used: how much is in flight is the
 * dispatcher's to bound, no running task is ever aborted, and the pool is only ended when nothing runs in it, because ending
 * a thread under a running graph aborts the whole process.
 */
export class ScorePool implements Scorer {
  readonly #options: ScorePoolOptions;
  readonly #pending = new Set<PendingBatch>();
  #pool: Piscina<ScoreRequest, ThreadReply>;
  #model: LocalModel | null = null;
  #closed = false;
  #busySeconds = 0;
  #measuredAt = performance.now();

  constructor(options: ScorePoolOptions) {
    turnOffTelemetry();
    this.#options = options;
    this.#pool = this.#startThreads();
  }

  /** That of the next batch. */
  get model(): LocalModel | null {
    return this.#model;
  }

  /**
   * Resolves when the threads have loaded the model and judged an empty batch with it; from then on it judges. Batches that are
   * under way end in the model that they began with. Rejects with `MODEL_REFUSED`; then the model before stays.
   */
  async use(model: LocalModel): Promise<void> {
    try {
      // An idle thread takes one task at a time, so that as many tasks reach as many threads. One that is missed because it
      // was busy all that time loads the model under its first batch.
      await Promise.all(Array.from({ length: this.#options.threads }, () => this.#load(model)));
    } catch (error) {
      throw new SluiceError(
        'MODEL_REFUSED',
        `model ${model.version} could not be loaded by the scoring threads: ${describeError((error as Error).cause ?? error)}`,
        { cause: error },
      );
    }
    this.#model = model;
  }

  async score(batch: readonly Uint8Array[], options: ScoreOptions = {}): Promise<ScoredBatch> {
    if (!this.#closed && this.#model === null)
      throw new SluiceError('SCORER_CLOSED', 'no model is installed; see the daemon’s log for why');
    return await this.#score(batch, this.#model!, options);
  }

  measure(): PoolMeasure {
    const now = performance.now();
    const elapsed = (now - this.#measuredAt) / 1000;
    const { threads } = this.#options;
    const utilization = elapsed > 0 ? Math.min(1, this.#busySeconds / (elapsed * threads)) : 0;
    this.#measuredAt = now;
    this.#busySeconds = 0;
    return { threads: this.#pool.threads.length, queued: this.#pool.queueSize, utilization };
  }

  /** Takes nothing new, waits for what runs, then ends the threads. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#pending.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.#pool.destroy();
  }

  /** Twice where the thread died: it may have done so for reasons of its own. */
  async #load(model: LocalModel): Promise<void> {
    const load = () => this.#score([], model, {});
    await load().catch((error: unknown) => {
      if (error instanceof SluiceError && error.code === 'SCORER_THREAD_LOST') return load();
      throw error;
    });
  }

  async #score(batch: readonly Uint8Array[], model: LocalModel, options: ScoreOptions): Promise<ScoredBatch> {
    if (this.#closed) throw new SluiceError('SCORER_CLOSED', 'the scorer is closed; start the daemon again');
    const { policy } = this.#options;
    const reply = await this.#run({
      model,
      inUse: this.#inUse(model),
      packed: packMessages(batch),
      policy: policy.json,
      policyRevision: policy.revision,
      exactScores: options.exactScores ?? policy.value.exactScores,
      every: options.every ?? false,
      explain: options.explain ?? false,
    });
    if ('unloadable' in reply)
      throw new SluiceError('MODEL_REFUSED', `model ${model.version} cannot be loaded: ${reply.unloadable}`, {
        retriable: true,
      });
    const { decodeSeconds, featurizeSeconds, inferSeconds } = reply.statistics;
    this.#busySeconds += decodeSeconds + featurizeSeconds + inferSeconds;
    return decodeAnswer(reply);
  }

  /** Versions that a batch names or will name. */
  #inUse(model: LocalModel): readonly string[] {
    const versions = new Set([model.version]);
    if (this.#model !== null) versions.add(this.#model.version);
    for (const batch of this.#pending) versions.add(batch.version);
    return [...versions];
  }

  #run(request: ScoreRequest): Promise<ThreadReply> {
    return new Promise((resolve, reject) => {
      const batch: PendingBatch = {
        version: request.model.version,
        lose: (lost) => {
          this.#pending.delete(batch);
          reject(lost);
        },
      };
      this.#pending.add(batch);
      this.#pool.run(request, { transferList: [request.packed] }).then(
        (reply) => {
          this.#pending.delete(batch);
          resolve(reply);
        },
        (error: unknown) => batch.lose(threadLost(error)),
      );
    });
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
    });
    let created = 0;
    pool.on('workerCreate', () => created++);
    pool.on('workerDestroy', () => {
      if (!this.#closed && created > 0) this.#options.onThreadLost();
      // Piscina gives up for good when a replacement fails while it loads, and would keep the queue for ever.
      setImmediate(() => {
        if (!this.#closed && pool === this.#pool && pool.threads.length === 0) this.#restart(pool);
      });
    });
    // Without a listener an idle thread's death would end the process; its replacement is Piscina's affair.
    pool.on('error', () => {});
    return pool;
  }

  #restart(dead: Piscina<ScoreRequest, ThreadReply>): void {
    const lost = threadLost('every thread of the pool has died');
    const waiting = [...this.#pending];
    this.#pool = this.#startThreads();
    for (const batch of waiting) batch.lose(lost);
    void dead.destroy();
  }
}

interface PendingBatch {
  /** Of the model that judges it. */
  readonly version: string;
  readonly lose: (lost: SluiceError) => void;
}

function threadLost(cause: unknown): SluiceError {
  return new SluiceError(
    'SCORER_THREAD_LOST',
    `a scoring thread failed under a batch (${describeError(cause)}); the batch is to be sent again`,
    { retriable: true, cause },
  );
}
