import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';
import { retryAfterSeconds } from './problem-of-error.ts';

const signals = new WeakMap<FastifyRequest, AbortSignal>();

/** Aborts when the request needs no answer any more: its time is up, or its client is gone. */
export function signalOf(request: FastifyRequest): AbortSignal {
  return signals.get(request) ?? new AbortController().signal;
}

/**
 * Answers each request within `seconds` of its body's arrival: one whose handler takes longer gets a problem
 * `unavailable`. Fastify's own `handlerTimeout` does not: it ends its timer when the body of a POST was read.
 */
export function limitHandlers(
  app: FastifyInstance,
  milliseconds: number,
  answer: (error: ProblemError, request: FastifyRequest, reply: FastifyReply) => void,
): void {
  app.addHook('preValidation', async (request, reply) => {
    const controller = new AbortController();
    signals.set(request, controller.signal);
    const late = () => {
      const error = new ProblemError('unavailable', {
        detail: `Not answered within ${milliseconds / 1000} s. Try again shortly.`,
        retryAfter: retryAfterSeconds,
      });
      // An answer that has begun goes on: it may be a stream.
      if (!reply.sent && !reply.raw.headersSent) answer(error, request, reply);
      controller.abort(error);
    };
    const timer = setTimeout(late, milliseconds);
    reply.raw.once('close', () => {
      clearTimeout(timer);
      if (!reply.raw.writableFinished)
        controller.abort(new ProblemError('unavailable', { detail: 'The client is gone.' }));
    });
  });
}
