import type { FastifyRequest } from 'fastify';
import type { Caller } from '../accounts/callers.ts';
import { ProblemError } from './problem.ts';

const callers = new WeakMap<FastifyRequest, Caller>();

/** For who comes after the guard; sets `request.actor` too. */
export function setCaller(request: FastifyRequest, caller: Caller): void {
  callers.set(request, caller);
  request.actor = caller.actor;
}

/** The session of the person who asks. Throws the problems `unauthorized`, and `forbidden` for a token. */
export function sessionOf(request: FastifyRequest): Extract<Caller, { readonly kind: 'session' }> {
  const caller = callers.get(request);
  if (caller === undefined) throw new ProblemError('unauthorized', { detail: 'Log in first.' });
  if (caller.kind === 'token')
    throw new ProblemError('forbidden', {
      detail: 'This is for people who have logged in, not for API tokens.',
    });
  return caller;
}
