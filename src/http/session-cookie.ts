import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The name of the cookie that holds the secret of a session, or of one for another use. `__Host-` makes the browser refuse it from any other host and without TLS. On this
 * machine, without TLS, there is no such protection, and cookies are shared by all ports: there the port is part of the name, so
 * that two daemons do not log each other out.
 */
export function cookieNameOf(request: FastifyRequest, isSecure: boolean, use?: 'login'): string {
  const name = isSecure ? '__Host-sluice' : `sluice-${request.socket.localPort ?? 0}`;
  return use === undefined ? name : `${name}-${use}`;
}

/** The secret that came with the request. */
export function sessionSecretOf(request: FastifyRequest, isSecure: boolean): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined
    ? undefined
    : request.server.parseCookie(cookie)[cookieNameOf(request, isSecure)];
}

/** Sends the secret of a session to the browser, or takes it back. `seconds`: how long the browser keeps it. */
export function sendSessionCookie(
  {
    request,
    reply,
    isSecure,
  }: { readonly request: FastifyRequest; readonly reply: FastifyReply; readonly isSecure: boolean },
  session: { readonly secret: string; readonly seconds: number } | null,
): void {
  reply.setCookie(cookieNameOf(request, isSecure), session?.secret ?? '', {
    ...{ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure },
    maxAge: Math.max(0, Math.floor(session?.seconds ?? 0)),
  });
}
