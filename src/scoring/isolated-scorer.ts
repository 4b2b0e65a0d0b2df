import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { SluiceError } from '../core/errors.ts';
import type { ScoredBatch } from '../core/scored-batch.ts';
import type { LocalModel } from '../ports/model-store.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import type { CurrentPolicy } from './current-policy.ts';
import { turnOffTelemetry } from './no-telemetry.ts';
import { residentBytes } from './resident-memory.ts';
import { decodeAnswer, packMessages, type ScoreRequest, type ThreadReply } from './score-protocol.ts';

export interface IsolatedScorerOptions {
  readonly policy: CurrentPolicy;
  /** The active model. */
  readonly model: () => LocalModel | null;
  /** Path of the built entry of the process. */
  readonly entryFile: string;
  /** For loading the model; a process that takes longer, and some time more for each message, is ended. */
  readonly seconds: number;
  /** Resident memory; a process that takes more is ended. */
  readonly bytes: number;
  /** The process is ended when it had nothing to score for so long; 10 where it is left out. */
  readonly idleSeconds?: number;
  /** Added to the priority value of the process: above zero, it gets less of a busy processor (`nice`). */
  readonly niceness?: number;
}

const WATCH_MILLISECONDS = 25;
/** The costliest message takes less than half of that on a busy machine. */
const SECONDS_A_MESSAGE = 0.25;
/** Then more suspects are unlikely to come. */
const IDLE_SECONDS = 10;

/**
 * Scores in a process of its own, one batch after the other, with the active model. What a thread takes the whole daemon along with,
 * a crash in native code or a lack of memory, is here the death of a process: `SCORER_THREAD_LOST`, as of a thread.
 */
export class IsolatedScorer implements Scorer {
  readonly #options: IsolatedScorerOptions;
  #turn: Promise<unknown> = Promise.resolve();
  #child: Promise<ChildProcess> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: IsolatedScorerOptions) {
    this.#options = options;
  }

  score(batch: readonly Uint8Array[], options: ScoreOptions = {}): Promise<ScoredBatch> {
    // The bytes are the caller's again as soon as this returns.
    const packed = packMessages(batch);
    const scored = this.#turn.then(() => this.#score(packed, batch.length, options));
    this.#turn = scored.catch(() => undefined);
    return scored;
  }

  /** Waits for what is being scored. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#turn;
    await this.#end();
  }

  async #score(packed: ArrayBuffer, messages: number, options: ScoreOptions): Promise<ScoredBatch> {
    if (this.#closed) throw new SluiceError('SCORER_CLOSED', 'the scorer is closed; start the daemon again');
    const model = this.#options.model();
    if (model === null) throw new SluiceError('SCORER_CLOSED', 'no model is installed');
    clearTimeout(this.#idle);
    const { policy, seconds, idleSeconds = IDLE_SECONDS } = this.#options;
    const reply = await this.#ask(
      {
        model,
        inUse: [model.sha256],
        loadOnly: false,
        packed,
        policy: policy.json,
        policyRevision: policy.revision,
        exactScores: options.exactScores ?? policy.value.exactScores,
        every: options.every ?? false,
        explain: options.explain ?? false,
        sample: options.sample ?? 0,
        audit: options.audit ?? false,
      },
      seconds + messages * SECONDS_A_MESSAGE,
    );
    this.#idle = setTimeout(() => {
      this.#turn = this.#turn.then(() => this.#end());
    }, idleSeconds * 1000).unref();
    if ('unloadable' in reply) throw new SluiceError(reply.code, reply.unloadable, { retriable: true });
    return decodeAnswer(reply);
  }

  async #ask(request: ScoreRequest, seconds: number): Promise<ThreadReply> {
    this.#child ??= startProcess(this.#options.entryFile, () => {
      this.#child = undefined;
    });
    const child = await this.#child;
    lowerPriority(child, this.#options.niceness);
    const deadline = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    const watch = setInterval(() => {
      void residentBytes(child.pid).then((bytes) => {
        if (bytes > this.#options.bytes) child.kill('SIGKILL');
      });
    }, WATCH_MILLISECONDS);
    try {
      return await replyOf(child, request);
    } finally {
      clearTimeout(deadline);
      clearInterval(watch);
    }
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const child = await this.#child?.catch(() => undefined);
    this.#child = undefined;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.disconnect();
    await ended;
  }
}

/** Calls `ended` when it has ended, also where it never began. Rejects with `SCORER_UNAVAILABLE` (retriable) then. */
function startProcess(entryFile: string, ended: () => void): Promise<ChildProcess> {
  turnOffTelemetry();
  return new Promise((resolve, reject) => {
    const child = fork(entryFile, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const failed = (why: unknown) => {
      ended();
      // Without effect once it has started.
      reject(
        new SluiceError('SCORER_UNAVAILABLE', `the process that scores suspects cannot be started: ${why}`, {
          retriable: true,
        }),
      );
    };
    child.once('exit', (code, signal) => failed(`it ended with ${code ?? signal}`));
    child.on('error', failed);
    child.once('message', () => resolve(child));
  });
}

function lowerPriority({ pid }: ChildProcess, niceness: number | undefined): void {
  if (niceness === undefined || pid === undefined) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // It has just ended, or the system does not allow it.
  }
}

function replyOf(child: ChildProcess, request: ScoreRequest): Promise<ThreadReply> {
  return new Promise((resolve, reject) => {
    const lose = (code: number | null, signal: NodeJS.Signals | null) =>
      reject(
        new SluiceError(
          'SCORER_THREAD_LOST',
          `the process that scored a batch ended with ${code ?? signal}; the batch is to be sent again`,
          { retriable: true },
        ),
      );
    child.once('exit', lose);
    child.once('message', (reply) => {
      child.off('exit', lose);
      resolve(reply as ThreadReply);
    });
    // Its end is what counts, not that nothing could be sent to it.
    child.send(request, () => {});
  });
}
