import type { FastifyInstance } from 'fastify';
import { clientOfAddress } from './client-address.ts';
import { ProblemError } from './problem.ts';
import type { ScoreQueue } from './score-queue.ts';

export interface ArrivalLimits {
  /** Of one body; assumed of one that does not announce its length. */
  readonly bodyBytes: number;
  /** Of all bodies that are being read. */
  readonly arrivingBytes: number;
}

interface Arriving {
  requests: number;
  cost: number;
}

/** Until a body that is being read has arrived. */
const RETRY_SECONDS = 1;

/**
 * Requests whose bodies are being read. One that the queue has no place for is refused by the length that it announces, since
 * reading and parsing a body takes time of the thread that serves the pipeline too. A body that arrives slowly counts
 * against its own client only.
 */
export class ArrivingBodies {
  readonly #queue: ScoreQueue;
  readonly #limits: ArrivalLimits;
  readonly #clients = new Map<string, Arriving>();
  #bytes = 0;

  constructor(queue: ScoreQueue, limits: ArrivalLimits) {
    this.#queue = queue;
    this.#limits = limits;
  }

  /** Refuses requests of the routes of `app`; to be called before they are added. */
  guard(app: FastifyInstance): void {
    const ends = new WeakMap<object, () => void>();
    app.addHook('onRequest', async ({ raw, ip, headers }, reply) => {
      const announced = headers['content-length'];
      const end = this.begin(clientOfAddress(ip), announced === undefined ? undefined : Number(announced));
      ends.set(raw, end);
      reply.raw.once('close', end);
    });
    // The body was read and parsed; from here on the queue counts it.
    app.addHook('preValidation', async ({ raw }) => ends.get(raw)?.());
  }

  /**
   * Call what it returns once the body has arrived, or never will; further calls do nothing. `bytes`: as announced, undefined
   * where they were not. Throws a problem `too-many-requests` or `unavailable`.
   */
  begin(client: string, bytes = this.#limits.bodyBytes): () => void {
    // A larger body is refused by its length too, as such.
    const cost = Math.min(bytes, this.#limits.bodyBytes);
    const mine = this.#clients.get(client) ?? { requests: 0, cost: 0 };
    this.#queue.refuseEarly(client, cost, mine);
    if (this.#bytes + cost > this.#limits.arrivingBytes && this.#bytes > 0)
      throw new ProblemError('unavailable', {
        detail: 'Too many requests are arriving at this API at once.',
        retryAfter: RETRY_SECONDS,
      });
    this.#clients.set(client, mine);
    this.#add(client, mine, 1, cost);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#add(client, mine, -1, -cost);
    };
  }

  #add(client: string, mine: Arriving, requests: number, cost: number): void {
    mine.requests += requests;
    mine.cost += cost;
    this.#bytes += cost;
    if (mine.requests === 0) this.#clients.delete(client);
  }
}
