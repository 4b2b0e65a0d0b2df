import type { Accounts } from '../accounts/accounts.ts';
import type { Credentials } from '../accounts/logins.ts';
import { idParams, sessionsAnswer, sessionsQuery } from './account-schemas.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { sessionOf } from './caller.ts';
import { clientOfAddress } from './client-address.ts';
import { loginBodies, loginBody, passwordBody, sessionAnswer } from './console-schemas.ts';
import { doneAnswers } from './done-answers.ts';
import { checkBodyAs } from './field-check.ts';
import { ProblemError } from './problem.ts';
import { sendSessionCookie, sessionSecretOf } from './session-cookie.ts';

export interface SessionRoutesOptions {
  readonly accounts: Accounts;
  /** As in `GuardOptions`. */
  readonly isSecure: boolean;
}

const tags = ['access'];
/** Of a name and a password; who is not logged in need not send more. */
const BODY_BYTES = 4096;

/** Log in, log out, who am I; one's own password and sessions. Needs `guardRoutes`. */
export function sessionRoutes(app: ApiApp, { accounts, isSecure }: SessionRoutesOptions): void {
  loginRoute(app, { accounts, isSecure });
  ownSession(app, { accounts, isSecure });
  ownPassword(app, { accounts, isSecure });
  listOfSessions(app, accounts);
}

function ownSession(app: ApiApp, { accounts, isSecure }: SessionRoutesOptions): void {
  app.get(
    '/api/v1/session',
    {
      schema: {
        ...{ operationId: 'showSession', summary: 'Who is logged in?', tags },
        response: { 200: sessionAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { actor, csrf, expiresAt } = sessionOf(request);
      return { ...actor, csrf, expires_at: expiresAt };
    },
  );
  app.delete(
    '/api/v1/session',
    {
      schema: {
        ...{ operationId: 'logout', summary: 'Log out.', tags },
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      const secret = sessionSecretOf(request, isSecure);
      if (secret !== undefined) await accounts.logins.logout(secret);
      sendSessionCookie({ request, reply, isSecure }, null);
      return reply.code(204).send();
    },
  );
}

function ownPassword(app: ApiApp, { accounts, isSecure }: SessionRoutesOptions): void {
  app.put(
    '/api/v1/session/password',
    {
      schema: {
        ...{
          operationId: 'setPassword',
          summary: "Set one's own password; ends one's other sessions.",
          tags,
        },
        body: passwordBody,
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      const { accountId } = sessionOf(request);
      const sessionSecret = sessionSecretOf(request, isSecure) ?? '';
      const result = await accounts.management.setPassword(
        { accountId, sessionSecret },
        request.body,
        clientOfAddress(request.ip),
      );
      if (typeof result === 'object') throw tooMany(result.retryAfterSeconds);
      if (!result) throw new ProblemError('forbidden', { detail: 'The current password is wrong.' });
      return reply.code(204).send();
    },
  );
}

function listOfSessions(app: ApiApp, accounts: Accounts): void {
  app.get(
    '/api/v1/sessions',
    {
      schema: {
        ...{ operationId: 'listSessions', summary: "List one's own sessions; for admins, all.", tags },
        querystring: sessionsQuery,
        response: { 200: sessionsAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const { sessionId } = sessionOf(request);
      const found = await accounts.management.sessions(actorOf(request), request.query.account);
      return {
        sessions: found.map(({ account_id: _, ...session }) => ({
          ...session,
          current: session.id === sessionId,
        })),
      };
    },
  );
  app.delete(
    '/api/v1/sessions/:id',
    {
      schema: {
        ...{ operationId: 'endSession', summary: "End one of one's own sessions; for admins, any.", tags },
        params: idParams,
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      await accounts.management.endSession(actorOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}

function loginRoute(app: ApiApp, { accounts, isSecure }: SessionRoutesOptions): void {
  app.post(
    '/api/v1/session',
    {
      bodyLimit: BODY_BYTES,
      schema: {
        ...{ operationId: 'login', tags },
        summary: 'Log in with the link of the first start, an invitation, or a password.',
        body: loginBody,
        response: { 200: sessionAnswer, ...problemAnswers },
      },
      validatorCompiler: checkBodyAs(bodyOf),
    },
    async (request, reply) => {
      const client = clientOfAddress(request.ip);
      const result = await accounts.logins.login(request.body as Credentials, client);
      if (result.kind === 'throttled') throw tooMany(result.retryAfterSeconds);
      if (result.kind === 'refused')
        throw new ProblemError('unauthorized', {
          detail:
            'password' in request.body && !('invitation' in request.body)
              ? 'Name or password is wrong.'
              : 'The link is not valid any more, or never was. Ask for another one.',
        });
      const { actor, csrf, secret, expiresAt, endsAt } = result.session;
      sendSessionCookie({ request, reply, isSecure }, { secret, seconds: (endsAt - Date.now()) / 1000 });
      return { ...actor, csrf, expires_at: expiresAt };
    },
  );
}

/** So that the errors are those of the body that was meant. */
function bodyOf(body: unknown) {
  if (typeof body !== 'object' || body === null) return loginBodies.password;
  if (Object.hasOwn(body, 'token')) return loginBodies.token;
  return Object.hasOwn(body, 'invitation') ? loginBodies.invitation : loginBodies.password;
}

function tooMany(retryAfter: number): ProblemError {
  return new ProblemError('too-many-requests', {
    detail: `Too many attempts. Try again in ${retryAfter} s.`,
    retryAfter,
  });
}
