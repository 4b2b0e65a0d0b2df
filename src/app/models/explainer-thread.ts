import { Worker } from 'node:worker_threads';
import type { CommunityPolicy } from '../../core/decision-policy.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Explanation } from '../../core/explanation.ts';
import type { LocalModel } from '../../ports/model-store.ts';
import type { ExplainReply, ExplainRequest } from './explain-thread.ts';

/** People read one explanation after the other; more at once are of a program, which can wait. */
const MOST_WAITING = 32;
const DEADLINE_SECONDS = 10;
const MEBIBYTES = 512;

export interface ExplainerThreadOptions {
  /** Path of the built entry; asked when the thread is started. */
  readonly entryFile: () => string;
  readonly deadlineSeconds?: number;
}

interface Waiting {
  readonly resolve: (explanation: Explanation | null) => void;
  readonly reject: (error: SluiceError) => void;
}

/**
 * Explains scores in a thread of its own, which is started by the first message and holds the weights of the model: neither the event
 * loop nor a scoring thread spends time on it. A thread that fails, or does not answer in time, is replaced by the next message.
 */
export class ExplainerThread {
  readonly #options: ExplainerThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;

  constructor(options: ExplainerThreadOptions) {
    this.#options = options;
  }

  /** Null for a message without a score. Throws `SCORER_UNAVAILABLE` (retriable). */
  async explain(model: LocalModel, message: string, policy: CommunityPolicy): Promise<Explanation | null> {
    if (this.#closed) throw unavailable('it is closed');
    if (this.#waiting.size >= MOST_WAITING) throw unavailable(`${MOST_WAITING} messages wait for it`);
    const worker = this.#start();
    const id = this.#nextId++;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, model, message, policy } satisfies ExplainRequest);
      this.#watch();
    });
  }

  /** Those who wait get `SCORER_UNAVAILABLE`. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end('it is closed');
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(this.#options.entryFile(), {
      resourceLimits: { maxOldGenerationSizeMb: MEBIBYTES },
    });
    // It keeps no process alive.
    worker.unref();
    const lose = (why: string) => {
      if (this.#worker === worker) void this.#end(why);
    };
    worker.on('message', (reply: ExplainReply) => {
      if (this.#worker === worker) this.#answered(reply);
    });
    worker.on('error', (error) => lose(error.message));
    worker.on('exit', () => lose('its thread ended'));
    this.#worker = worker;
    return worker;
  }

  #answered(reply: ExplainReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    this.#watch();
    if ('error' in reply) waiting?.reject(unavailable(reply.error));
    else waiting?.resolve(reply.explanation);
  }

  /** For the message that is explained now. */
  #watch(): void {
    clearTimeout(this.#deadline);
    if (this.#waiting.size === 0) return;
    const { deadlineSeconds = DEADLINE_SECONDS } = this.#options;
    this.#deadline = setTimeout(
      () => void this.#end(`no answer for ${deadlineSeconds} s`),
      deadlineSeconds * 1000,
    ).unref();
  }

  async #end(why: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    clearTimeout(this.#deadline);
    for (const { reject } of this.#waiting.values()) reject(unavailable(why));
    this.#waiting.clear();
    await worker?.terminate();
  }
}

function unavailable(why: string): SluiceError {
  return new SluiceError('SCORER_UNAVAILABLE', `the explainer does not answer (${why}); try again`, {
    retriable: true,
  });
}
