import type { Batch } from '../core/batch.ts';
import type { ByteBudget } from '../core/byte-budget.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { SinkName } from '../ports/sink-names.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { Committer } from './commit.ts';
import { type CrashGuard, Dispatcher } from './dispatch.ts';
import { InFlight } from './in-flight.ts';
import type { Ticket } from './offset-tracker.ts';
import { type PipelineState, PipelineStateHolder } from './pipeline-state.ts';
import { isRetriable, type RetryOptions, untilAccepted } from './retry.ts';
import { Router, type Sinks } from './route.ts';
import { type SinkWait, SinkWatch } from './sink-watch.ts';
import { withoutTombstones } from './tombstones.ts';
import { withinAfter } from './within-after.ts';

export interface PipelineOptions {
  /** `observe` scores and publishes nothing. */
  readonly mode: 'enforce' | 'observe';
  /** Batches that may be scored, or wait for a thread, at the same time; about two for each scoring thread. */
  readonly maxInFlight: number;
  readonly commitIntervalSeconds: number;
  /** Nothing is pulled while commits have failed for longer. */
  readonly maxCommitFailureSeconds: number;
  /**
   * Once the waiting for sinks is given up, by a late drain or a failure: how long calls that are under way, the last commit
   * and the closing of the source may each still take.
   */
  readonly abandonSeconds: number;
}

export interface PipelineParts extends Sinks {
  readonly source: MessageSource;
  readonly scorer: Scorer;
  /** Left out where nothing is scored again after a crash. */
  readonly crashGuard?: CrashGuard;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly clock: Clock;
  /** Of all messages between the source and their outcome; a source that charges it was given the same one. */
  readonly budget: ByteBudget;
  readonly options: PipelineOptions;
}

/** What the pipeline waits for at the moment. */
export interface PipelineHealth {
  /** For how long commits have failed; 0 while they work. */
  readonly commitsFailingSeconds: number;
  /** The sinks that have not accepted a batch yet, with the wait of the oldest one. */
  readonly sinkWaits: readonly SinkWait[];
}

/** For each partition, so many times the batches that may be scored at the same time. */
const UNSETTLED_PER_SLOT = 4;

/** Each sink by the step of the router that calls it. */
const sinkOfStep: Readonly<Record<string, SinkName>> = {
  'publish verdicts': 'verdicts',
  'add review items': 'reviews',
  'publish dead letters': 'dead-letters',
  'publish trace': 'trace',
  'write refused records': 'refused',
};

/**
 * Pulls, scores, routes and commits. It closes the source, since leaving it is part of an orderly end; scorer and sinks
 * belong to the caller. Its states are described at {@link PipelineState}.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #state: PipelineStateHolder;
  readonly #inFlight: InFlight;
  readonly #dispatcher: Dispatcher;
  readonly #router: Router;
  readonly #committer: Committer;
  readonly #sinks: SinkWatch;
  /** Aborts pulling. */
  readonly #stop = new AbortController();
  /** Aborts the waiting for what is unavailable; what then isn't settled comes again after a restart. */
  readonly #giveUp = new AbortController();
  /** Ends the pull under way, so that the next one sees which partitions have room. */
  #endPull = () => {};
  #failure: { readonly thrown: unknown } | undefined;
  #opened: Promise<void> | undefined;
  #run: Promise<void> | undefined;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    const { source, scorer, telemetry, clock, options, trace, budget } = parts;
    const log = parts.log.child('pipeline');
    const retry = (stage: 'score' | 'route' | 'commit') => ({
      clock,
      log,
      giveUp: this.#giveUp.signal,
      onRetry: () => telemetry.batchRetried(stage),
    });
    this.#state = new PipelineStateHolder(log, telemetry);
    this.#inFlight = new InFlight({
      maxScoring: options.maxInFlight,
      maxPerPartition: UNSETTLED_PER_SLOT * options.maxInFlight,
      budget,
      onRoom: () => this.#endPull(),
    });
    this.#dispatcher = new Dispatcher({
      scorer,
      crashGuard: parts.crashGuard,
      telemetry,
      scoreOptions: trace === null ? { audit: true } : { audit: true, every: true },
      retry: retry('score'),
    });
    this.#sinks = new SinkWatch(clock);
    const watch: RetryOptions['watch'] = (what) => {
      const sink = sinkOfStep[what];
      return sink === undefined ? undefined : this.#sinks.began(sink);
    };
    this.#router = new Router(parts, options.mode, telemetry, { ...retry('route'), watch });
    this.#committer = new Committer({
      source,
      flush: () => this.#router.flush(),
      telemetry,
      intervalSeconds: options.commitIntervalSeconds,
      maxFailureSeconds: options.maxCommitFailureSeconds,
      retry: retry('commit'),
    });
  }

  get state(): PipelineState {
    return this.#state.current;
  }

  /** Batches that are pulled and not settled. */
  get inFlight(): number {
    return this.#inFlight.count;
  }

  health(): PipelineHealth {
    return { commitsFailingSeconds: this.#committer.failingSeconds, sinkWaits: this.#sinks.waits() };
  }

  /** Opens the source. Throws what it throws; the pipeline has then failed. */
  start(): Promise<void> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** Resolves when the pipeline was drained or its source has ended; throws what no retry can repair. */
  run(): Promise<void> {
    this.#run ??= this.#carryAll();
    return this.#run;
  }

  /**
   * Stops from the source forward: nothing new is pulled, what is in flight is finished, sinks are flushed, offsets
   * committed, the source closed. When `giveUp` aborts before that, sinks are no longer waited for: what they have not
   * accepted comes again after the next start, the rest is committed, and this and {@link run} throw `DRAIN_TIMEOUT`.
   * Scoring is never aborted.
   */
  async drain(giveUp?: AbortSignal): Promise<void> {
    const late = () => this.#fail(drainTimeout());
    if (giveUp?.aborted) late();
    giveUp?.addEventListener('abort', late);
    this.#stop.abort();
    try {
      await this.run();
    } finally {
      giveUp?.removeEventListener('abort', late);
    }
  }

  async #open(): Promise<void> {
    try {
      await this.#parts.source.open({
        revoking: () => this.#committer.commitBeforeRevoke(),
        revoked: (at, epoch) => this.#committer.revoke(at, epoch),
      });
    } catch (thrown) {
      this.#state.enter('failed');
      throw thrown;
    }
    this.#state.enter('running');
  }

  async #carryAll(): Promise<void> {
    const { source } = this.#parts;
    // A drain may come while the source is still opening; what is half open can't be closed.
    await this.#opened;
    const stopCommitting = new AbortController();
    const fail = (thrown: unknown) => this.#fail(thrown);
    const commits = this.#committer.commitOnTimer(stopCommitting.signal).catch(fail);
    await this.#orAbandon('the pull', this.#pullAll().catch(fail));
    if (this.#failure === undefined) this.#state.enter('draining');
    // To end a scoring thread under a running graph would abort the process.
    await this.#inFlight.whenNoneIsScored();
    await this.#orAbandon('the sinks', this.#inFlight.whenEmpty());
    stopCommitting.abort();
    const lastCommit = commits.then(() => this.#committer.commitNow()).catch(fail);
    await this.#orAbandon('the last commit', lastCommit);
    await this.#orAbandon('the closing of the source', source.close().catch(fail));
    if (this.#failure !== undefined) {
      this.#state.enter('failed');
      throw this.#failure.thrown;
    }
    this.#state.enter('stopped');
  }

  /** Waits for `work`, which must not reject; for a limited time once the waiting for what is unavailable is given up. */
  async #orAbandon(what: string, work: Promise<void>): Promise<void> {
    const { clock, log, options } = this.#parts;
    const isDone = await withinAfter(work, {
      after: this.#giveUp.signal,
      seconds: options.abandonSeconds,
      clock,
    });
    if (!isDone)
      log.error(
        { what, batches: this.inFlight },
        'not done in time, and no longer waited for; nothing is lost',
      );
  }

  async #pullAll(): Promise<void> {
    const { telemetry, log, clock } = this.#parts;
    const stop = this.#stop.signal;
    const retry = { clock, log, giveUp: stop, what: 'pull', onRetry: () => {} };
    while (!stop.aborted) {
      await this.#inFlight.whenSlot(stop);
      await this.#committer.whenCommitsWork(stop);
      if (stop.aborted) return;
      const pulled = await untilAccepted(() => this.#pull(), retry).catch((thrown) => {
        // A source that is unavailable when the pipeline drains has nothing more to give.
        if (stop.aborted && isRetriable(thrown)) return 'end' as const;
        throw thrown;
      });
      // What comes when nobody waits for the pull any more is not committed, and so comes again.
      if (pulled === 'end' || this.#giveUp.signal.aborted) return;
      if (pulled === 'again') continue;
      const ticket = this.#committer.pulled(pulled);
      const batch = withoutTombstones(pulled);
      const tombstones = pulled.messages.length - batch.messages.length;
      if (tombstones > 0) telemetry.tombstonesSkipped(tombstones);
      this.#inFlight.enter(pulled, (scored) => this.#carry(batch, ticket, scored));
      telemetry.batchPulled({ messages: batch.messages.length, inFlight: this.#inFlight.count });
    }
  }

  async #pull(): Promise<Batch | 'again' | 'end'> {
    const stop = this.#stop.signal;
    const turn = new AbortController();
    const end = () => turn.abort();
    stop.addEventListener('abort', end);
    let hasSkipped = false;
    this.#endPull = () => {
      if (hasSkipped) end();
    };
    try {
      const batch = await this.#parts.source.pull(turn.signal, (at) => {
        const isFull = this.#inFlight.isFull(at);
        hasSkipped ||= isFull;
        return isFull;
      });
      if (batch !== undefined) return batch;
      return turn.signal.aborted && !stop.aborted ? 'again' : 'end';
    } finally {
      this.#endPull = () => {};
      stop.removeEventListener('abort', end);
    }
  }

  /** One batch from scoring to settled. It never rejects: a failure that no retry can repair ends the whole pipeline. */
  async #carry(batch: Batch, ticket: Ticket, scored: () => void): Promise<void> {
    try {
      if (batch.messages.length > 0) await this.#scoreAndRoute(batch, scored);
      this.#committer.settle(ticket);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async #scoreAndRoute(batch: Batch, scored: () => void): Promise<void> {
    const result = await this.#dispatcher.score(batch);
    scored();
    await this.#router.route(batch, result);
  }

  #fail(thrown: unknown): void {
    if (this.#failure === undefined) {
      this.#failure = { thrown };
      const error = describeError(thrown);
      this.#parts.log.error(
        { error },
        'the pipeline ends; what is not committed comes again after a restart',
      );
    }
    this.#stop.abort();
    this.#giveUp.abort();
  }
}

function drainTimeout(): SluiceError {
  return new SluiceError(
    'DRAIN_TIMEOUT',
    'the pipeline could not drain in time (drain.deadlineSeconds); what is not committed comes again after the next start',
    { retriable: true },
  );
}
