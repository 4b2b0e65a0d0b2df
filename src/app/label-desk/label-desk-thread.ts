import { Worker } from 'node:worker_threads';
import type { Actor } from '../../core/decision.ts';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { PriorOf } from '../../labeling/label-questions.ts';
import type { LabelAnswer, LabelDesk, LabelView } from '../../ports/label-desk.ts';
import type { Log } from '../../ports/log.ts';
import type { ReviewDesk } from '../../review/review-desk.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import {
  type LabelCall,
  type LabelRequest,
  type LabelThreadData,
  type OfThread,
  received,
  sent,
  type ToThread,
} from './thread-calls.ts';

/** Nobody has asked for so long: the memory of the messages is given back. */
const IDLE_SECONDS = 900;
/** A thread that does not answer for so long is replaced. */
const DEADLINE_SECONDS = 120;
/** People answer one message after the other; more at once are of a program, which can wait. */
const MOST_WAITING = 100;
const CLOSE_SECONDS = 5;
const MEBIBYTES = 1024;

export interface LabelDeskThreadParts {
  readonly settings: Settings;
  /** Path of the built entry; asked when the thread is started. */
  readonly entryFile: () => string;
  /** Makes the decisions. */
  readonly desk: Pick<ReviewDesk, 'relabel' | 'undo'>;
  /** The active model's probabilities. */
  readonly priorOf: PriorOf;
  readonly log: Log;
}

interface Waiting {
  readonly resolve: (view: LabelView | null) => void;
  readonly reject: (error: SluiceError) => void;
  readonly since: number;
}

type RequestOf<T> = T extends LabelRequest ? Omit<T, 'id' | 'who'> : never;

/**
 * Asks people what to label, in a thread of its own that is started by the first of them and ended when nobody has asked for a quarter of an
 * hour: neither the reading of the table nor the fitting of a model takes time of the event loop. Decisions are made here, with the role
 * that the person has then.
 */
export class LabelDeskThread implements LabelDesk<Actor> {
  readonly #parts: LabelDeskThreadParts;
  readonly #waiting = new Map<number, Waiting>();
  /** By name, as they asked last. */
  readonly #actors = new Map<string, Actor>();
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #askedAt = 0;
  #nextId = 1;
  #isWarned = false;
  #closed = false;

  constructor(parts: LabelDeskThreadParts) {
    this.#parts = parts;
  }

  async next(who: Actor, { again = false }: { readonly again?: boolean } = {}): Promise<LabelView> {
    return (await this.#ask(who, { kind: 'next', again }))!;
  }

  async answer(
    who: Actor,
    { row, answer }: { readonly row: number; readonly answer: LabelAnswer },
  ): Promise<LabelView> {
    return (await this.#ask(who, { kind: 'answer', row, answer }))!;
  }

  async undo(who: Actor): Promise<LabelView> {
    return (await this.#ask(who, { kind: 'undo' }))!;
  }

  async leave(who: Actor): Promise<void> {
    // Nobody has a question.
    if (this.#worker !== undefined) await this.#ask(who, { kind: 'leave' });
  }

  /** Those who wait get `STORE_FAILED`. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end('it is closed');
  }

  async #ask(who: Actor, wanted: RequestOf<LabelRequest>): Promise<LabelView | null> {
    if (this.#closed) throw unavailable('it is closed');
    if (this.#waiting.size >= MOST_WAITING) throw unavailable(`${MOST_WAITING} requests wait for it`);
    const worker = this.#start();
    this.#actors.set(who.name, who);
    this.#askedAt = Date.now();
    const id = this.#nextId++;
    return await new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, since: Date.now() });
      worker.postMessage({ ...wanted, id, who: who.name } as ToThread);
    });
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const { settings, entryFile, log } = this.#parts;
    const worker = new Worker(entryFile(), {
      workerData: { settings } satisfies LabelThreadData,
      resourceLimits: { maxOldGenerationSizeMb: MEBIBYTES },
    });
    // It keeps no process alive.
    worker.unref();
    const lose = (error: unknown) => {
      if (this.#worker !== worker) return;
      log.warn({ error: describeError(error) }, 'the thread that chooses messages to label ended');
      void this.#end(describeError(error));
    };
    worker.on('message', (message: OfThread) => {
      if (this.#worker === worker) this.#received(worker, message);
    });
    worker.on('error', lose);
    worker.on('exit', () => lose(new Error('its thread ended')));
    this.#worker = worker;
    this.#timer = setInterval(() => this.#look(), 10_000).unref();
    return worker;
  }

  #received(worker: Worker, message: OfThread): void {
    if ('call' in message) {
      void this.#perform(message).then((reply) => worker.postMessage(reply));
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.reject(received(message.error));
    else waiting?.resolve(message.view);
  }

  async #perform(wanted: LabelCall): Promise<ToThread> {
    const { call } = wanted;
    try {
      return { call, value: await this.#valueOf(wanted) };
    } catch (error) {
      return { call, error: sent(error) };
    }
  }

  async #valueOf(wanted: LabelCall): Promise<unknown> {
    const { desk, priorOf, log } = this.#parts;
    switch (wanted.kind) {
      case 'decide': {
        const { label, ids } = wanted;
        const { decision } = await desk.relabel(this.#actorOf(wanted.who), { label, ids: [...ids] });
        return decision?.id ?? null;
      }
      case 'undo':
        return (await desk.undo(this.#actorOf(wanted.who), wanted.decision)).id;
      case 'score':
        try {
          return await priorOf(wanted.rows);
        } catch (error) {
          // Without a model people are asked all the same.
          if (!this.#isWarned)
            log.warn(
              { error: describeError(error) },
              'messages to label are chosen without the active model',
            );
          this.#isWarned = true;
          return wanted.rows.map(() => null);
        }
    }
  }

  #actorOf(name: string): Actor {
    const actor = this.#actors.get(name);
    if (actor === undefined) throw new SluiceError('INTERNAL', 'nobody of this name has asked');
    return actor;
  }

  /** Ends a thread that nobody uses, and one that hangs. */
  #look(): void {
    const now = Date.now();
    const [oldest] = this.#waiting.values();
    if (oldest !== undefined && oldest.since + DEADLINE_SECONDS * 1000 < now)
      void this.#end(`no answer for ${DEADLINE_SECONDS} s`);
    else if (this.#waiting.size === 0 && this.#askedAt + IDLE_SECONDS * 1000 < now)
      void this.#end('nobody asks');
  }

  async #end(why: string): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    clearInterval(this.#timer);
    for (const { reject } of this.#waiting.values()) reject(unavailable(why));
    this.#waiting.clear();
    this.#actors.clear();
    if (worker === undefined) return;
    // So that it closes its connections.
    const gone = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('end');
    const late = new Promise((resolve) => setTimeout(resolve, CLOSE_SECONDS * 1000).unref());
    await Promise.race([gone, late]);
    await worker.terminate();
  }
}

function unavailable(why: string): SluiceError {
  return new SluiceError(
    'STORE_FAILED',
    `the choice of messages to label does not answer (${why}); try again`,
    {
      retriable: true,
    },
  );
}
