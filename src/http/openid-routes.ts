import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import type { IdentityLogins, IdentityRefusal } from '../accounts/identity-logins.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { clientOfAddress } from './client-address.ts';
import { pendingLoginOf, sendPendingLogin } from './openid-cookie.ts';
import { type LoginWord, loginMethodsAnswer, openIdStartQuery } from './openid-schemas.ts';
import { isOwnPage } from './own-page.ts';
import { sendSessionCookie } from './session-cookie.ts';

/** Log-ins by an identity provider. */
export interface OpenIdAccess {
  /** Of the button. */
  readonly label: string;
  readonly logins: IdentityLogins;
}

export interface OpenIdRoutesOptions {
  /** Undefined where none is configured. */
  readonly openId: OpenIdAccess | undefined;
  /** As in `GuardOptions`. */
  readonly isSecure: boolean;
}

/** Below the address that the provider has as the only one to send browsers back to. */
export const OPENID_CALLBACK = '/api/v1/session/openid/callback';
const tags = ['access'];
const redirectAnswers = { 303: z.undefined().describe('Where to go.'), ...problemAnswers };

/**
 * Log in by an identity provider: the browser is sent there, comes back, and gets the same session as with a password. A log-in that
 * fails ends at the log-in page, whose address has a word for why. Needs `guardRoutes`.
 */
export function openIdRoutes(app: ApiApp, { openId, isSecure }: OpenIdRoutesOptions): void {
  app.get(
    '/api/v1/session/methods',
    {
      schema: {
        ...{ operationId: 'listLoginMethods', summary: 'How can people log in?', tags },
        response: { 200: loginMethodsAnswer, ...problemAnswers },
      },
    },
    async () => ({ openid: openId === undefined ? null : { label: openId.label } }),
  );
  if (openId === undefined) return;
  const { logins } = openId;
  app.get(
    '/api/v1/session/openid',
    {
      schema: {
        ...{ operationId: 'startOpenId', tags },
        summary: 'Log in by the identity provider: redirects the browser there.',
        querystring: openIdStartQuery,
        response: redirectAnswers,
      },
    },
    async (request, reply) => {
      const { to = '/' } = request.query;
      const begun = await logins.begin();
      if ('failure' in begun) return refuse(reply, begun.failure);
      sendPendingLogin(
        { request, reply, isSecure },
        { secrets: begun.secrets, to: isOwnPage(to) ? to : '/' },
      );
      return redirect(reply, begun.url);
    },
  );
  app.get(
    OPENID_CALLBACK,
    {
      schema: {
        ...{ operationId: 'endOpenId', tags },
        summary:
          'Where the identity provider sends the browser back to: opens a session, and redirects to the page.',
        response: redirectAnswers,
      },
    },
    async (request, reply) => {
      const pending = pendingLoginOf(request, isSecure);
      // It is good once, however this ends.
      sendPendingLogin({ request, reply, isSecure }, null);
      if (pending === undefined) return refuse(reply, 'stale');
      const query = request.url.slice(request.url.indexOf('?') + 1);
      const login = await logins.finish(query, pending.secrets, clientOfAddress(request.ip));
      if ('refusal' in login) return refuse(reply, login.refusal);
      const { secret, endsAt } = login.session;
      sendSessionCookie({ request, reply, isSecure }, { secret, seconds: (endsAt - Date.now()) / 1000 });
      return redirect(reply, pending.to);
    },
  );
}

function refuse(reply: FastifyReply, why: IdentityRefusal & LoginWord): FastifyReply {
  return redirect(reply, `/?login=${why}`);
}

/** The address that is left has a code in it, which is nobody else's business. */
function redirect(reply: FastifyReply, to: string): FastifyReply {
  return reply.header('referrer-policy', 'no-referrer').code(303).header('location', to).send();
}
