import { describeError, SluiceError } from '../core/errors.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import type { CurrentPolicy } from './current-policy.ts';
import { turnOffTelemetry } from './no-telemetry.ts';
import { decodeAnswer, packMessages } from './score-protocol.ts';
import { unloadableCodeOf } from './thread-errors.ts';
import { ThreadGroup } from './thread-group.ts';

export interface ScorePoolOptions {
  readonly policy: CurrentPolicy;
  readonly threads: number;
  /** Path of the built thread entry. */
  readonly threadFile: string;
  /** Called when a thread died; its batch's `score` rejects. */
  readonly onThreadLost: () => void;
  /**
   * Called before threads are started again where one could not load the active model: brings its files back where there is
   * another copy of them. What it rejects with is ignored.
   */
  readonly restoreModel?: (model: LocalModel) => Promise<void>;
}

export interface PoolMeasure {
  /** Threads that are there and ready to score. */
  readonly threads: number;
  /** Threads that there should be. */
  readonly wanted: number;
  /** Batches that wait for a thread. */
  readonly queued: number;
  /** Share of the threads' time spent on batches since the last measure. */
  readonly utilization: number;
}

/**
 * The scoring threads. A thread loads a model when a batch names it, and releases those that no batch will name again, so that a
 * model is changed without starting a thread; one that is started later loads the active model first. How much is in flight
 * is the dispatcher's to bound.
 */
export class ScorePool implements Scorer {
  readonly #options: ScorePoolOptions;
  readonly #group: ThreadGroup;
  /** Models of the batches that have no answer yet, once for each. */
  readonly #pending = new Set<{ readonly sha256: string }>();
  #model: LocalModel | null = null;
  #kept: LocalModel | null = null;
  #closed = false;
  #busySeconds = 0;
  #measuredAt = performance.now();

  constructor(options: ScorePoolOptions) {
    turnOffTelemetry();
    this.#options = options;
    const { threads, threadFile, onThreadLost, restoreModel = async () => {} } = options;
    this.#group = new ThreadGroup({
      threads,
      threadFile,
      onThreadLost,
      restoreModel,
      grow: () => {
        if (this.#model !== null) this.#loadInAll(this.#model).catch(() => {});
      },
    });
  }

  /** That of the next batch. */
  get model(): LocalModel | null {
    return this.#model;
  }

  /** Why nothing can be scored at present, for people; undefined while something can. */
  get trouble(): string | undefined {
    return this.#group.trouble;
  }

  /**
   * Resolves when the threads have loaded the model and scored an empty batch with it; from then on it is active. Batches that are
   * under way end in the model that they began with. Rejects with `MODEL_REFUSED`, or `MODEL_CORRUPT` where its files are not
   * those of its manifest; then the model before stays, and threads keep it.
   */
  async use(model: LocalModel): Promise<void> {
    // Threads that start meanwhile load the one before; but where none is left, perhaps because that one cannot be loaded, they
    // begin without a model.
    const before = this.#model;
    if (this.#group.trouble !== undefined) this.#group.preload(null);
    this.#group.revive();
    try {
      await this.#loadInAll(model);
    } catch (error) {
      this.#group.preload(before);
      throw new SluiceError(
        unloadableCodeOf(error) ?? 'MODEL_REFUSED',
        `model ${model.version} could not be loaded by the scoring threads: ${describeError((error as Error).cause ?? error)}`,
        { cause: error },
      );
    }
    this.#model = model;
    this.#group.preload(model);
  }

  /**
   * As the port; throws also `SCORER_UNAVAILABLE` (retriable) where no thread can be started, and `MODEL_CORRUPT` or
   * `MODEL_REFUSED` (retriable) where no thread can load the active model.
   */
  async score(batch: readonly Uint8Array[], options: ScoreOptions = {}): Promise<ScoredBatch> {
    if (!this.#closed && this.#model === null)
      throw new SluiceError('SCORER_CLOSED', 'no model is installed; see the daemon’s log for why');
    return await this.#score(batch, this.#model!, options);
  }

  /** As {@link score}, with another model; for long only with the one that is kept, since threads release what nobody names. */
  async scoreWith(
    model: LocalModel,
    batch: readonly Uint8Array[],
    options: ScoreOptions = {},
  ): Promise<ScoredBatch> {
    return await this.#score(batch, model, options);
  }

  /** Threads that hold this model go on to hold it beside the active one, until another one is kept, or none. */
  keep(model: LocalModel | null): void {
    this.#kept = model;
  }

  measure(): PoolMeasure {
    const now = performance.now();
    const elapsed = (now - this.#measuredAt) / 1000;
    const { threads: wanted } = this.#options;
    const utilization = elapsed > 0 ? Math.min(1, this.#busySeconds / (elapsed * wanted)) : 0;
    this.#measuredAt = now;
    this.#busySeconds = 0;
    return { threads: this.#group.present, wanted, queued: this.#group.queued, utilization };
  }

  /** Takes nothing new, waits for what runs, then ends the threads. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    while (this.#pending.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await this.#group.close();
  }

  /**
   * An idle thread takes one task at a time, so that as many tasks reach as many threads. One that is missed because it was busy
   * all that time loads the model under its first batch.
   */
  async #loadInAll(model: LocalModel): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.threads }, () => this.#load(model)));
  }

  /** Twice where the thread died: it may have done so for reasons of its own, or because it could not load the model before. */
  async #load(model: LocalModel): Promise<void> {
    const load = () => this.#score([], model, {}, true);
    await load().catch((error: unknown) => {
      if (error instanceof SluiceError && error.retriable) return load();
      throw error;
    });
  }

  async #score(
    batch: readonly Uint8Array[],
    model: LocalModel,
    options: ScoreOptions,
    loadOnly = false,
  ): Promise<ScoredBatch> {
    if (this.#closed) throw new SluiceError('SCORER_CLOSED', 'the scorer is closed; start the daemon again');
    const { policy } = this.#options;
    const pending = { sha256: model.sha256 };
    this.#pending.add(pending);
    try {
      const reply = await this.#group.run({
        model,
        inUse: this.#inUse(),
        loadOnly,
        packed: packMessages(batch),
        policy: policy.json,
        policyRevision: policy.revision,
        exactScores: options.exactScores ?? policy.value.exactScores,
        every: options.every ?? false,
        explain: options.explain ?? false,
        sample: options.sample ?? 0,
        audit: options.audit ?? false,
      });
      if ('unloadable' in reply) throw new SluiceError(reply.code, reply.unloadable);
      const { decodeSeconds, featurizeSeconds, inferSeconds } = reply.statistics;
      this.#busySeconds += decodeSeconds + featurizeSeconds + inferSeconds;
      return decodeAnswer(reply);
    } finally {
      this.#pending.delete(pending);
    }
  }

  /** Hashes of the models that a batch names or will name. */
  #inUse(): readonly string[] {
    const models = new Set<string>();
    if (this.#model !== null) models.add(this.#model.sha256);
    if (this.#kept !== null) models.add(this.#kept.sha256);
    for (const { sha256 } of this.#pending) models.add(sha256);
    return [...models];
  }
}
