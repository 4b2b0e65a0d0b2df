import { Piscina } from 'piscina';
import { describeError, SluiceError } from '../core/errors.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import type { PolicyInForce } from './policy-in-force.ts';
import {
  decodeAnswer,
  packMessages,
  type ScoreAnswer,
  type ScoreRequest,
  type ThreadSetup,
} from './score-protocol.ts';

export interface ScorePoolOptions {
  readonly model: LocalModel;
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
 * The threads of one model. Piscina's own bounds are not used: how much is in flight is the dispatcher's to bound, no
 * running task is ever aborted, and the pool is only ended when nothing runs in it, because ending a thread under a
 * running graph aborts the whole process.
 */
export class ScorePool implements Scorer {
  readonly #options: ScorePoolOptions;
  readonly #pending = new Set<(lost: SluiceError) => void>();
  #pool: Piscina<ScoreRequest, ScoreAnswer>;
  #closed = false;
  #busySeconds = 0;
  #measuredAt = performance.now();

  private constructor(options: ScorePoolOptions) {
    this.#options = options;
    this.#pool = this.#startThreads();
  }

  /** Resolves when each thread has loaded the model and judged an empty batch; rejects with `MODEL_REFUSED`. */
  static async start(options: ScorePoolOptions): Promise<ScorePool> {
    const pool = new ScorePool(options);
    try {
      // An idle thread takes one task at a time, so that as many tasks reach as many threads.
      await Promise.all(Array.from({ length: options.threads }, () => pool.score([])));
    } catch (error) {
      await pool.close();
      throw new SluiceError(
        'MODEL_REFUSED',
        `model ${options.model.version} could not be loaded by the scoring threads: ${describeError((error as Error).cause ?? error)}`,
        { cause: error },
      );
    }
    return pool;
  }

  get model(): LocalModel {
    return this.#options.model;
  }

  async score(batch: readonly Uint8Array[], options: ScoreOptions = {}): Promise<ScoredBatch> {
    if (this.#closed) throw new SluiceError('SCORER_CLOSED', 'the scorer is closed; start the daemon again');
    const { policy } = this.#options;
    const packed = packMessages(batch);
    const answer = await this.#run({
      packed,
      policy: policy.json,
      policyRevision: policy.revision,
      exactScores: options.exactScores ?? policy.value.exactScores,
      every: options.every ?? false,
      explain: options.explain ?? false,
    });
    const { decodeSeconds, featurizeSeconds, inferSeconds } = answer.statistics;
    this.#busySeconds += decodeSeconds + featurizeSeconds + inferSeconds;
    return decodeAnswer(answer);
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

  #run(request: ScoreRequest): Promise<ScoreAnswer> {
    return new Promise((resolve, reject) => {
      const settled = () => this.#pending.delete(lose);
      const lose = (lost: SluiceError) => {
        settled();
        reject(lost);
      };
      this.#pending.add(lose);
      this.#pool.run(request, { transferList: [request.packed] }).then(
        (answer) => {
          settled();
          resolve(answer);
        },
        (error: unknown) => lose(threadLost(error)),
      );
    });
  }

  #startThreads(): Piscina<ScoreRequest, ScoreAnswer> {
    const { threads, threadFile, model } = this.#options;
    const workerData: ThreadSetup = { modelPath: model.path, modelVersion: model.version };
    const pool = new Piscina<ScoreRequest, ScoreAnswer>({
      filename: threadFile,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      maxQueue: Number.MAX_SAFE_INTEGER,
      concurrentTasksPerWorker: 1,
      recordTiming: false,
      workerData,
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

  #restart(dead: Piscina<ScoreRequest, ScoreAnswer>): void {
    const lost = threadLost('every thread of the pool has died');
    const waiting = [...this.#pending];
    this.#pool = this.#startThreads();
    for (const lose of waiting) lose(lost);
    void dead.destroy();
  }
}

function threadLost(cause: unknown): SluiceError {
  return new SluiceError(
    'SCORER_THREAD_LOST',
    `a scoring thread failed under a batch (${describeError(cause)}); the batch is to be sent again`,
    { retriable: true, cause },
  );
}
