import type { FastifyRequest } from 'fastify';
import type { Actor } from '../core/decision.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, by session or token; null where nobody is logged in. Set before the handler of a route runs. */
    actor: Actor | null;
  }
}

/** Throws the problem `unauthorized`. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor === null || request.actor === undefined)
    throw new ProblemError('unauthorized', { detail: 'Log in first.' });
  return request.actor;
}
