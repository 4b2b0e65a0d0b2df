import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import * as z from 'zod';
import { isOwnPage } from './own-page.ts';
import { cookieNameOf } from './session-cookie.ts';

/** How long somebody may take at the identity provider. */
const SECONDS = 600;

const secret = z.string().min(20).max(200);
const pending = z.strictObject({
  secrets: z.strictObject({ state: secret, nonce: secret, verifier: secret }),
  to: z.string().max(500),
  /** Epoch milliseconds. */
  at: z.number(),
});
export type PendingLogin = Omit<z.infer<typeof pending>, 'at'>;

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly isSecure: boolean;
}

/**
 * Sends a log-in that has begun to the browser, which alone can end it; null takes it back. The browser comes back from another site,
 * so the cookie is `Lax`: it is sent with that one visit. Nothing in it is a secret to the browser itself.
 */
export function sendPendingLogin(
  { request, reply, isSecure }: Exchange,
  login: PendingLogin | null,
  now = Date.now(),
): void {
  const value =
    login === null ? '' : Buffer.from(JSON.stringify({ ...login, at: now })).toString('base64url');
  reply.setCookie(cookieNameOf(request, isSecure, 'login'), value, {
    ...{ path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure },
    maxAge: login === null ? 0 : SECONDS,
  });
}

/** The log-in that this browser has begun; undefined where there is none, or it began too long ago. */
export function pendingLoginOf(
  request: FastifyRequest,
  isSecure: boolean,
  now = Date.now(),
): PendingLogin | undefined {
  const { cookie = '' } = request.headers;
  const value = request.server.parseCookie(cookie)[cookieNameOf(request, isSecure, 'login')];
  const read = pending.safeParse(parsed(value ?? ''));
  if (!read.success || Math.abs(now - read.data.at) > SECONDS * 1000) return undefined;
  const { secrets, to } = read.data;
  return { secrets, to: isOwnPage(to) ? to : '/' };
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(Buffer.from(value, 'base64url').toString());
  } catch {
    return undefined;
  }
}
