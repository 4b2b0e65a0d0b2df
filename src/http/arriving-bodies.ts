import type { FastifyInstance, FastifyRequest } from 'fastify';
import { clientOfAddress } from './client-address.ts';
import { ProblemError } from './problem.ts';
import { type Reservation, ScoreQueue } from './score-queue.ts';

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

interface Progress {
  readonly client: string;
  /** The body has arrived, or never will. */
  readonly end: () => void;
  /** From then on, until it is handed to the queue. */
  reservation?: Reservation;
  reservedCost: number;
}

const progress = new WeakMap<object, Progress>();

/** What a request has reserved in the queue, to be handed on to it; undefined for one without. */
export function takeReservation(request: FastifyRequest): Reservation | undefined {
  const mine = progress.get(request.raw);
  const reservation = mine?.reservation;
  delete mine?.reservation;
  return reservation;
}

/**
 * Requests whose bodies are being read. Reading and parsing a body takes time of the thread that serves the pipeline too, so a
 * request that the queue has no room for is refused by the length that it announces, and again when its body has arrived and
 * is not parsed yet. After that it is not refused. A body that arrives slowly counts against its own client only. One that
 * was parsed and has no messages to score keeps its room for as long as scoring it would take: it costs the main thread
 * as much as one that is scored.
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
    app.addHook('onRequest', async (request, reply) => {
      const { raw, ip, headers } = request;
      const announced = headers['content-length'];
      const client = clientOfAddress(ip);
      const bytes = announced === undefined ? undefined : Number(announced);
      const end = this.begin(client, bytes, isExplained(request));
      progress.set(raw, { client, end, reservedCost: 0 });
      reply.raw.once('close', () => {
        end();
        this.#giveBackLater(request);
      });
    });
    app.addHook('preValidation', async ({ raw }) => progress.get(raw)?.end());
  }

  /** Call when the body of a request has arrived, before it is parsed. Throws like `begin`; does nothing for other routes. */
  arrived(request: FastifyRequest, bytes: number): void {
    const mine = progress.get(request.raw);
    if (mine === undefined) return;
    mine.end();
    const cost = ScoreQueue.costOfBody(bytes, isExplained(request));
    mine.reservation = this.#queue.reserve(mine.client, cost);
    mine.reservedCost = cost;
  }

  /**
   * Call what it returns once the body has arrived, or never will; further calls do nothing. `announced`: bytes, undefined
   * where they were not announced. Throws a problem `too-many-requests` or `unavailable`.
   */
  begin(client: string, announced = this.#limits.bodyBytes, explain = false): () => void {
    // A larger body is refused by its length too, as such.
    const bytes = Math.min(announced, this.#limits.bodyBytes);
    const cost = ScoreQueue.costOfBody(bytes, explain);
    const mine = this.#clients.get(client) ?? { requests: 0, cost: 0 };
    this.#queue.refuseEarly(client, cost, mine);
    if (this.#bytes + bytes > this.#limits.arrivingBytes && this.#bytes > 0)
      throw new ProblemError('unavailable', {
        detail: 'Too many requests are arriving at this API at once.',
        retryAfter: RETRY_SECONDS,
      });
    this.#clients.set(client, mine);
    this.#add(client, mine, 1, cost, bytes);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#add(client, mine, -1, -cost, -bytes);
    };
  }

  #giveBackLater(request: FastifyRequest): void {
    const cost = progress.get(request.raw)?.reservedCost ?? 0;
    const giveBack = takeReservation(request);
    if (giveBack !== undefined) setTimeout(giveBack, 1000 * this.#queue.secondsFor(cost)).unref();
  }

  #add(client: string, mine: Arriving, requests: number, cost: number, bytes: number): void {
    mine.requests += requests;
    mine.cost += cost;
    this.#bytes += bytes;
    if (mine.requests === 0) this.#clients.delete(client);
  }
}

function isExplained({ query }: FastifyRequest): boolean {
  return (query as { readonly explain?: unknown }).explain === 'true';
}
