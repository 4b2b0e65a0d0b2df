import type { Batch } from '../core/batch.ts';
import { describeError, SluiceError } from '../core/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MessageSource } from '../ports/message-source.ts';
import type { Scorer } from '../ports/scorer.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { Committer } from './commit.ts';
import { type CrashGuard, Dispatcher } from './dispatch.ts';
import { InFlight } from './in-flight.ts';
import { type LineState, LineStateHolder } from './line-state.ts';
import type { Ticket } from './offset-tracker.ts';
import { isRetriable, untilAccepted } from './retry.ts';
import { Router, type Sinks } from './route.ts';

export interface PipelineOptions {
  /** `observe` judges and tells nobody. */
  readonly mode: 'enforce' | 'observe';
  /** Batches that may be dispatched and not settled; about two for each scoring thread, and two to route. */
  readonly maxInFlight: number;
  readonly commitIntervalSeconds: number;
}

export interface PipelineParts extends Sinks {
  readonly source: MessageSource;
  readonly scorer: Scorer;
  /** Left out where nothing is scored again after a crash. */
  readonly crashGuard?: CrashGuard;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly clock: Clock;
  readonly options: PipelineOptions;
}

/**
 * The line: pull, dispatch, route, commit. It closes the source, since leaving it is part of an orderly end; scorer and
 * sinks belong to whoever built them. Its states are told in {@link LineState}.
 */
export class Pipeline {
  readonly #parts: PipelineParts;
  readonly #state: LineStateHolder;
  readonly #inFlight: InFlight;
  readonly #dispatcher: Dispatcher;
  readonly #router: Router;
  readonly #committer: Committer;
  /** Aborts pulling. */
  readonly #stop = new AbortController();
  /** Aborts the waiting for what is away; what then isn't settled comes again after a restart. */
  readonly #giveUp = new AbortController();
  #failure: { readonly thrown: unknown } | undefined;
  #opened: Promise<void> | undefined;
  #run: Promise<void> | undefined;

  constructor(parts: PipelineParts) {
    this.#parts = parts;
    const { source, scorer, telemetry, clock, options, trace } = parts;
    const log = parts.log.child('pipeline');
    const retry = (stage: 'score' | 'route' | 'commit') => ({
      clock,
      log,
      giveUp: this.#giveUp.signal,
      onRetry: () => telemetry.batchRetried(stage),
    });
    this.#state = new LineStateHolder(log, telemetry);
    this.#inFlight = new InFlight(options.maxInFlight);
    this.#dispatcher = new Dispatcher({
      scorer,
      crashGuard: parts.crashGuard,
      telemetry,
      scoreOptions: trace === null ? {} : { every: true },
      retry: retry('score'),
    });
    this.#router = new Router(parts, options.mode, telemetry, retry('route'));
    this.#committer = new Committer({
      source,
      flush: () => this.#router.flush(),
      telemetry,
      intervalSeconds: options.commitIntervalSeconds,
      retry: retry('commit'),
    });
  }

  get state(): LineState {
    return this.#state.current;
  }

  /** Batches that are dispatched and not settled. */
  get inFlight(): number {
    return this.#inFlight.count;
  }

  /** Opens the source. Throws what it throws; the line has then failed. */
  start(): Promise<void> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  /** Resolves when the line was drained or its source has ended; throws what no retry can mend. */
  run(): Promise<void> {
    this.#run ??= this.#carryAll();
    return this.#run;
  }

  /**
   * Stops from the source forward: nothing new is pulled, what is in flight is finished, sinks are flushed, offsets
   * committed, the source closed. When `giveUp` aborts before that, what waits for a sink is left for the next start, and
   * this and {@link run} throw `DRAIN_TIMEOUT`. Scoring is never aborted.
   */
  async drain(giveUp?: AbortSignal): Promise<void> {
    const late = () => this.#fail(drainTimeout());
    if (giveUp?.aborted) late();
    giveUp?.addEventListener('abort', late, { once: true });
    this.#stop.abort();
    try {
      await this.run();
    } finally {
      giveUp?.removeEventListener('abort', late);
    }
  }

  async #open(): Promise<void> {
    try {
      await this.#parts.source.open({ revoked: (at, tenure) => this.#committer.revoke(at, tenure) });
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
    await this.#pullAll().catch(fail);
    if (this.#failure === undefined) this.#state.enter('draining');
    await this.#inFlight.whenEmpty();
    stopCommitting.abort();
    await commits;
    await this.#committer.commitNow().catch(fail);
    await source.close().catch(fail);
    if (this.#failure !== undefined) {
      this.#state.enter('failed');
      throw this.#failure.thrown;
    }
    this.#state.enter('stopped');
  }

  async #pullAll(): Promise<void> {
    const { source, telemetry, log, clock } = this.#parts;
    const stop = this.#stop.signal;
    const retry = { clock, log, giveUp: stop, what: 'pull', onRetry: () => {} };
    while (!stop.aborted) {
      await this.#inFlight.whenRoom();
      if (stop.aborted) return;
      const batch = await untilAccepted(() => source.pull(stop), retry).catch((thrown) => {
        // A source that is away when the line drains has nothing more to give.
        if (stop.aborted && isRetriable(thrown)) return undefined;
        throw thrown;
      });
      if (batch === undefined) return;
      const ticket = this.#committer.pulled(batch);
      this.#inFlight.enter(() => this.#carry(batch, ticket));
      telemetry.batchPulled({ messages: batch.messages.length, inFlight: this.#inFlight.count });
    }
  }

  /** One batch through the line. It never rejects: a failure that no retry can mend ends the whole line. */
  async #carry(batch: Batch, ticket: Ticket): Promise<void> {
    try {
      const judgement = await this.#dispatcher.judge(batch);
      await this.#router.route(batch, judgement);
      this.#committer.settle(ticket);
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    if (this.#failure === undefined) {
      this.#failure = { thrown };
      const error = describeError(thrown);
      this.#parts.log.error({ error }, 'the line ends; what is not committed comes again after a restart');
    }
    this.#stop.abort();
    this.#giveUp.abort();
  }
}

function drainTimeout(): SluiceError {
  const message = 'the line could not drain in time; what is not committed comes again';
  return new SluiceError('DRAIN_TIMEOUT', message, { retriable: true });
}
