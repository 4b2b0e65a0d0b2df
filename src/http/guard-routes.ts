import { timingSafeEqual } from 'node:crypto';
import { fastifyCookie } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Caller } from '../accounts/callers.ts';
import { SluiceError } from '../core/errors.ts';
import { hasRole } from '../core/require-role.ts';
import type { ApiApp } from './api-app.ts';
import { setCaller } from './caller.ts';
import { ProblemError } from './problem.ts';
import { type Access, accessOf } from './route-access.ts';
import { sessionSecretOf } from './session-cookie.ts';

export interface GuardOptions {
  readonly accounts: Accounts;
  /** The listener can be reached from this machine alone: a loopback address, and no proxy in front. */
  readonly isLoopback: boolean;
  /** Clients speak TLS, with the listener or with a proxy in front. */
  readonly isSecure: boolean;
}

/** At least one of them comes with each request of a browser that changes something. */
const ofBrowser = ['origin', 'referer', 'sec-fetch-site', 'sec-fetch-mode'] as const;
/** Methods that change nothing. */
const reading: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets each request through that `route-access.ts` allows, and sets `request.actor`, before its body is read. To be called before any
 * route is added, after the hooks that every request has to pass. A route that is added without a row in the table makes `ready` and
 * `listen` throw `INTERNAL`, and so the start fail.
 */
export async function guardRoutes(app: ApiApp, options: GuardOptions): Promise<void> {
  // Cookies are looked at where a row needs them.
  await app.register(fastifyCookie, { hook: false });
  if (!app.hasRequestDecorator('actor')) app.decorateRequest('actor', null);
  const missing: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (accessOf(each, url) === undefined) missing.push(`${each} ${url}`);
  });
  app.addHook('onReady', async () => {
    if (missing.length > 0)
      throw new SluiceError('INTERNAL', `src/http/route-access.ts has no row for ${missing.join(', ')}`);
  });
  app.addHook('onRequest', async (request, reply) => {
    // No route: the listener says so.
    if (request.is404) return;
    const access = accessOf(request.method, request.routeOptions.url ?? '');
    if (access === undefined) throw new ProblemError('forbidden', { detail: 'Nobody may use this address.' });
    if (access.open === 'loopback' && options.isLoopback) return;
    if (access.open === 'all' && access.asks !== true) return;
    const caller = await callerIn(request, options);
    if (caller !== undefined) setCaller(request, caller);
    if (access.open !== 'all') refuse(access, caller, reply);
    if (caller?.kind === 'session') refuseWithoutCsrf(caller.csrf, request);
  });
}

/**
 * Whether a request that was let through would still be: the session or token, and the role, may be others by now. It is no use of the
 * session: a page that is left open does not keep it from ending. Throws what the store throws.
 */
export async function isStillAllowed(request: FastifyRequest, options: GuardOptions): Promise<boolean> {
  const access = accessOf(request.method, request.routeOptions.url ?? '');
  const caller = await callerIn(request, options, { isUse: false });
  return access !== undefined && caller !== undefined && refusalOf(access, caller) === undefined;
}

/** A token that is sent counts alone: it is not made up for by a cookie. */
async function callerIn(
  request: FastifyRequest,
  { accounts, isSecure }: GuardOptions,
  { isUse } = { isUse: true },
): Promise<Caller | undefined> {
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const [, token] = /^bearer +([\w.~+/=-]+) *$/i.exec(authorization) ?? [];
    return token === undefined ? undefined : accounts.callers.byToken(token);
  }
  const secret = sessionSecretOf(request, isSecure);
  return secret === undefined ? undefined : accounts.callers.bySession(secret, { isUse });
}

function refuse(access: Access, caller: Caller | undefined, reply: FastifyReply): void {
  if (caller === undefined) {
    // A 401 names the scheme (RFC 9110, section 15.5.2).
    reply.header('www-authenticate', 'Bearer realm="sluice"');
    throw new ProblemError('unauthorized', { detail: 'Log in, or send an API token.' });
  }
  const detail = refusalOf(access, caller);
  if (detail !== undefined) throw new ProblemError('forbidden', { detail });
}

/** Why this caller may not use a route, in words; undefined where it may. */
function refusalOf({ role, scopes }: Access, caller: Caller): string | undefined {
  if (caller.kind === 'token') {
    if (scopes?.some((scope) => caller.scopes.includes(scope)) === true) return undefined;
    return scopes === undefined
      ? 'This is for people who have logged in, not for API tokens.'
      : `The API token needs the scope ${scopes.join(' or ')}.`;
  }
  if (role === undefined) return `This needs an API token with the scope ${scopes?.join(' or ')}.`;
  return hasRole(caller.actor, role)
    ? undefined
    : `This needs the role ${role}; yours is ${caller.actor.role}.`;
}

/**
 * A browser sends the cookie by itself, for other pages too, and the header for our page alone. With what changes something it also
 * sends where that comes from (https://fetch.spec.whatwg.org/#origin-header). Another program sends the cookie on purpose.
 */
function refuseWithoutCsrf(csrf: string, { method, headers }: FastifyRequest): void {
  if (reading.has(method)) return;
  const sent = headers['x-csrf-token'];
  if (sent === undefined && !ofBrowser.some((name) => headers[name] !== undefined)) return;
  if (typeof sent !== 'string' || !isSame(sent, csrf))
    throw new ProblemError('csrf', {
      detail: 'Send `csrf` of GET /api/v1/session as the header X-CSRF-Token.',
    });
}

/** In a time that does not depend on how much of it is right. */
function isSame(sent: string, expected: string): boolean {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
