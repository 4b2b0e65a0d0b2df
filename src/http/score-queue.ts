import type { ScoredBatch, ScoredMessage, UnreadableMessage } from '../core/scored-batch.ts';
import type { ScoreOptions, Scorer } from '../ports/scorer.ts';
import { ProblemError } from './problem.ts';
import { recordOf } from './score-record.ts';

export interface ScoreQueueLimits {
  /**
   * Slices that are with the scorer at once. The pipeline waits for a thread no longer than one slice takes, so this is to
   * be less than the number of scoring threads where there are several.
   */
  readonly slices: number;
  /** Cost of one slice, in {@link costOf} units; a message that costs more is a slice of its own. */
  readonly sliceCost: number;
  /** Cost of everything that waits or runs. */
  readonly totalCost: number;
  /** Requests of one client that wait or run. */
  readonly clientRequests: number;
}

export const defaultScoreQueueLimits: ScoreQueueLimits = {
  slices: 1,
  sliceCost: 16_384,
  totalCost: 4_194_304,
  clientRequests: 16,
};

/** One client may take this share of the total cost, so that another always gets in. */
const CLIENT_SHARE = 0.5;
/** What a message costs beside its characters: as much as so many. */
const MESSAGE_COST = 200;
/** An explained message is scored in full, and its features are listed. */
const EXPLAIN_FACTOR = 2;
/** Cost units a second before any slice was measured. */
const FIRST_RATE = 500_000;
const LONGEST_RETRY_SECONDS = 60;

/** Room in the queue for a request whose messages are not known yet; given back once, further calls do nothing. */
export type Reservation = () => void;

/** Scored in slices: the model may have been changed between two of them. */
export interface QueuedScores {
  readonly scored: readonly (ScoredMessage & { readonly model: string })[];
  readonly unreadable: readonly UnreadableMessage[];
}

/** A client with requests that wait or run. */
interface Client {
  requests: number;
  cost: number;
  /** Slices that are with the scorer. */
  running: number;
  /** Number of its last turn; 0 before the first. */
  lastTurn: number;
}

interface Job {
  readonly client: string;
  readonly messages: readonly unknown[];
  readonly options: ScoreOptions;
  readonly cost: number;
  readonly scored: (ScoredMessage & { readonly model: string })[];
  readonly unreadable: UnreadableMessage[];
  readonly resolve: (scores: QueuedScores) => void;
  readonly reject: (reason: unknown) => void;
  /** Index of the first message that no slice holds yet. */
  next: number;
  /** Slices that are with the scorer. */
  running: number;
}

/** Cost of scoring one message, in units of about one character of plain text. */
function costOf(message: unknown, options: ScoreOptions): number {
  const text =
    typeof message === 'object' && message !== null ? (message as { message?: unknown }).message : '';
  const length = typeof text === 'string' ? text.length : 0;
  return (MESSAGE_COST + length) * (options.explain === true ? EXPLAIN_FACTOR : 1);
}

/**
 * Hands messages of requests to the scorer, in slices of bounded cost and a few at a time: the scorer's threads serve the
 * pipeline too, which must never wait behind a large request. Clients take turns, slice by slice. What is admitted is
 * bounded by its cost, in all and for one client.
 */
export class ScoreQueue {
  readonly #scorer: Scorer;
  readonly #limits: ScoreQueueLimits;
  /** Jobs with messages that no slice holds yet, by client. */
  readonly #waiting = new Map<string, Job[]>();
  readonly #clients = new Map<string, Client>();
  #turns = 0;
  #cost = 0;
  #running = 0;
  #rate = FIRST_RATE;
  #closed = false;

  constructor(scorer: Scorer, limits: ScoreQueueLimits) {
    this.#scorer = scorer;
    this.#limits = limits;
  }

  /**
   * `messages`: parsed JSON, not yet looked at. `signal`: drops what is not with the scorer yet. `reservation`: of the same
   * request, which is not refused then. Throws what the scorer throws; a problem `unavailable` when too much waits,
   * `too-many-requests` when it is this client's; the signal's reason.
   */
  async score(
    client: string,
    messages: readonly unknown[],
    options: ScoreOptions,
    signal: AbortSignal,
    reservation?: Reservation,
  ): Promise<QueuedScores> {
    const cost = messages.reduce<number>((sum, message) => sum + costOf(message, options), 0);
    try {
      signal.throwIfAborted();
      if (this.#closed) throw stopping();
      if (reservation === undefined) this.#admit(client, cost);
      this.#enter(client, cost);
    } finally {
      reservation?.();
    }
    let drop = () => {};
    try {
      return await new Promise<QueuedScores>((resolve, reject) => {
        const job: Job = {
          client,
          messages,
          options,
          cost,
          scored: [],
          unreadable: [],
          resolve,
          reject,
          next: 0,
          running: 0,
        };
        drop = () => {
          this.#remove(job);
          reject(signal.reason);
        };
        signal.addEventListener('abort', drop, { once: true });
        const jobs = this.#waiting.get(client);
        if (jobs === undefined) this.#waiting.set(client, [job]);
        else jobs.push(job);
        this.#pump();
      });
    } finally {
      signal.removeEventListener('abort', drop);
      this.#leave(client, cost);
    }
  }

  /**
   * Throws as `score` would for a request that costs `cost`, so that one that has no place is refused before its body is read.
   * `arriving`: requests of the same client whose bodies are being read, and what they will cost.
   */
  refuseEarly(
    client: string,
    cost: number,
    arriving: { readonly requests: number; readonly cost: number },
  ): void {
    this.#admit(client, cost, arriving);
  }

  /**
   * Admits a request of estimated cost before it is parsed. Throws as `score` does. What is admitted here is not refused
   * when its messages turn out to cost more: parsing a large body costs more than anything that refusing it then would save.
   */
  reserve(client: string, cost: number): Reservation {
    this.#admit(client, cost);
    this.#enter(client, cost);
    let isHeld = true;
    return () => {
      if (isHeld) this.#leave(client, cost);
      isHeld = false;
    };
  }

  /** How long scoring takes by what was measured, without what waits; a minute at most. */
  secondsFor(cost: number): number {
    return Math.min(LONGEST_RETRY_SECONDS, cost / this.#rate);
  }

  /** Cost of messages in a body of so many bytes: about that of its characters; `explain` as in its query. */
  static costOfBody(bytes: number, explain: boolean): number {
    return bytes * (explain ? EXPLAIN_FACTOR : 1);
  }

  /** Ends what waits with a problem `unavailable`, so that an orderly end waits for running slices only. */
  close(): void {
    this.#closed = true;
    const jobs = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const job of jobs) job.reject(stopping());
  }

  #admit(client: string, cost: number, arriving = { requests: 0, cost: 0 }): void {
    if (this.#closed) throw stopping();
    const { clientRequests, totalCost } = this.#limits;
    const mine = this.#clients.get(client);
    const requests = arriving.requests + (mine?.requests ?? 0);
    const admitted = arriving.cost + (mine?.cost ?? 0);
    // A request that is larger than a bound by itself gets in when it is alone.
    if (requests > 0 && (requests >= clientRequests || admitted + cost > totalCost * CLIENT_SHARE))
      throw new ProblemError('too-many-requests', {
        detail: 'Too many messages of this client are being scored already.',
        retryAfter: this.#retryAfter(admitted),
      });
    if (this.#cost > 0 && this.#cost + cost > totalCost)
      throw new ProblemError('unavailable', {
        detail: 'Too many messages are being scored for this API already.',
        retryAfter: this.#retryAfter(this.#cost),
      });
  }

  #retryAfter(cost: number): number {
    return Math.max(1, Math.ceil(this.secondsFor(cost)));
  }

  #enter(client: string, cost: number): void {
    const mine = this.#clients.get(client) ?? { requests: 0, cost: 0, running: 0, lastTurn: 0 };
    this.#clients.set(client, mine);
    mine.requests++;
    mine.cost += cost;
    this.#cost += cost;
  }

  #leave(client: string, cost: number): void {
    this.#cost -= cost;
    const mine = this.#clients.get(client)!;
    mine.requests--;
    mine.cost -= cost;
    if (mine.requests === 0) this.#clients.delete(client);
  }

  #remove(job: Job): void {
    const jobs = this.#waiting.get(job.client)?.filter((each) => each !== job) ?? [];
    if (jobs.length === 0) this.#waiting.delete(job.client);
    else this.#waiting.set(job.client, jobs);
  }

  #pump(): void {
    while (this.#running < this.#limits.slices) {
      const name = this.#nextClient();
      if (name === undefined) return;
      const client = this.#clients.get(name)!;
      const job = this.#waiting.get(name)![0]!;
      const from = job.next;
      const slice = this.#takeSlice(job);
      if (job.next === job.messages.length) this.#remove(job);
      client.lastTurn = ++this.#turns;
      client.running++;
      this.#running++;
      void this.#run(job, from, slice).finally(() => {
        client.running--;
        this.#running--;
        this.#pump();
      });
    }
  }

  /** The one with the fewest slices at the scorer; of several, the one whose last turn is the longest ago. */
  #nextClient(): string | undefined {
    let next: string | undefined;
    let best: Client | undefined;
    for (const name of this.#waiting.keys()) {
      const client = this.#clients.get(name)!;
      const isBetter =
        best === undefined ||
        client.running < best.running ||
        (client.running === best.running && client.lastTurn < best.lastTurn);
      if (isBetter) [next, best] = [name, client];
    }
    return next;
  }

  #takeSlice(job: Job): readonly unknown[] {
    let cost = 0;
    let end = job.next;
    while (end < job.messages.length) {
      cost += costOf(job.messages[end], job.options);
      if (end > job.next && cost > this.#limits.sliceCost) break;
      end++;
    }
    const slice = job.messages.slice(job.next, end);
    job.next = end;
    return slice;
  }

  async #run(job: Job, from: number, slice: readonly unknown[]): Promise<void> {
    const began = performance.now();
    job.running++;
    try {
      const batch = await this.#scorer.score(slice.map(recordOf), job.options);
      this.#measure(job, slice, (performance.now() - began) / 1000);
      take(job, batch, from);
      job.running--;
      if (job.running === 0 && job.next === job.messages.length) job.resolve(job);
    } catch (error) {
      this.#remove(job);
      job.reject(error);
    }
  }

  #measure(job: Job, slice: readonly unknown[], seconds: number): void {
    const cost = slice.reduce<number>((sum, message) => sum + costOf(message, job.options), 0);
    if (seconds > 0) this.#rate = 0.9 * this.#rate + 0.1 * (cost / seconds);
  }
}

/** Slices of one job may run at once and end in any order; each message is found by its index. */
function take(job: Job, batch: ScoredBatch, from: number): void {
  for (const each of batch.scored) job.scored.push({ ...each, index: each.index + from, model: batch.model });
  for (const each of batch.unreadable) job.unreadable.push({ ...each, index: each.index + from });
}

function stopping(): ProblemError {
  return new ProblemError('unavailable', { detail: 'The daemon is stopping.', retryAfter: 5 });
}
