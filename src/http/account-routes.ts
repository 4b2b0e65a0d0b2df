import type { Accounts } from '../accounts/accounts.ts';
import {
  accountsAnswer,
  changeAccountBody,
  endedAnswer,
  idParams,
  invitationsAnswer,
  madeAnswer,
  newAccountBody,
  newInvitationAnswer,
  newInvitationBody,
  newTokenAnswer,
  newTokenBody,
  tokensAnswer,
} from './account-schemas.ts';
import { actorOf } from './actor.ts';
import type { ApiApp } from './api-app.ts';
import { problemAnswers } from './api-schemas.ts';
import { doneAnswers } from './done-answers.ts';

const tags = ['access'];

/** Accounts, API tokens and invitations, for admins. Needs `guardRoutes`. */
export function accountRoutes(app: ApiApp, { management }: Accounts): void {
  ofAccounts(app, management);
  changesOfAccounts(app, management);
  ofTokens(app, management);
  ofInvitations(app, management);
}

function ofAccounts(app: ApiApp, management: Accounts['management']): void {
  app.get(
    '/api/v1/accounts',
    {
      schema: {
        ...{ operationId: 'listAccounts', summary: 'List accounts.', tags },
        response: { 200: accountsAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const accounts = await management.accounts(actorOf(request));
      return {
        accounts: accounts.map(({ hasPassword, identity, ...account }) => ({
          ...account,
          ...{ has_password: hasPassword, openid: identity !== null },
        })),
      };
    },
  );
  app.post(
    '/api/v1/accounts',
    {
      schema: {
        ...{ operationId: 'addAccount', tags },
        summary: 'Add an account with a password; an invitation lets its owner choose one.',
        body: newAccountBody,
        response: { 201: madeAnswer, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const id = await management.add(actorOf(request), request.body);
      return reply.code(201).send({ id });
    },
  );
}

function changesOfAccounts(app: ApiApp, management: Accounts['management']): void {
  app.patch(
    '/api/v1/accounts/:id',
    {
      schema: {
        ...{
          operationId: 'changeAccount',
          summary: 'Change the role of an account, disable or enable it.',
          tags,
        },
        params: idParams,
        body: changeAccountBody,
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      const { role, disabled } = request.body;
      await management.change(actorOf(request), request.params.id, { role, isDisabled: disabled });
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/v1/accounts/:id',
    {
      schema: {
        ...{ operationId: 'removeAccount', tags },
        summary: 'Disable an account and end its sessions; its name stays with what it did.',
        params: idParams,
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      await management.change(actorOf(request), request.params.id, { isDisabled: true });
      return reply.code(204).send();
    },
  );
  app.delete(
    '/api/v1/accounts/:id/sessions',
    {
      schema: {
        ...{ operationId: 'endSessions', summary: 'End all sessions of an account.', tags },
        params: idParams,
        response: { 200: endedAnswer, ...problemAnswers },
      },
    },
    async (request) => ({ ended: await management.endSessionsOf(actorOf(request), request.params.id) }),
  );
}

function ofTokens(app: ApiApp, management: Accounts['management']): void {
  app.get(
    '/api/v1/tokens',
    {
      schema: {
        ...{ operationId: 'listTokens', summary: 'List API tokens.', tags },
        response: { 200: tokensAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const tokens = await management.tokens(actorOf(request));
      return {
        tokens: tokens.map(({ account_id: _, scopes, ...token }) => ({ ...token, scopes: [...scopes] })),
      };
    },
  );
  app.post(
    '/api/v1/tokens',
    {
      schema: {
        ...{ operationId: 'addToken', summary: 'Make an API token; it is shown this once.', tags },
        body: newTokenBody,
        response: { 201: newTokenAnswer, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const { id, secret, endsAt } = await management.addToken(actorOf(request), request.body);
      return reply.code(201).send({ id, token: secret, ends_at: endsAt });
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    {
      schema: {
        ...{ operationId: 'removeToken', summary: 'End an API token.', tags },
        params: idParams,
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      await management.removeToken(actorOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}

function ofInvitations(app: ApiApp, management: Accounts['management']): void {
  app.get(
    '/api/v1/invitations',
    {
      schema: {
        ...{ operationId: 'listInvitations', summary: 'List invitations that may still be used.', tags },
        response: { 200: invitationsAnswer, ...problemAnswers },
      },
    },
    async (request) => {
      const found = await management.invitations(actorOf(request));
      return { invitations: found.map(({ account_id: _, ...invitation }) => invitation) };
    },
  );
  app.post(
    '/api/v1/invitations',
    {
      schema: {
        ...{ operationId: 'invite', summary: 'Invite somebody; the link is shown this once.', tags },
        body: newInvitationBody,
        response: { 201: newInvitationAnswer, ...problemAnswers },
      },
    },
    async (request, reply) => {
      const { id, secret, endsAt } = await management.invite(actorOf(request), request.body.role);
      const path = `/?invitation=${secret}`;
      return reply.code(201).send({ id, invitation: secret, path, ends_at: endsAt });
    },
  );
  app.delete(
    '/api/v1/invitations/:id',
    {
      schema: {
        ...{ operationId: 'removeInvitation', summary: 'Withdraw an invitation.', tags },
        params: idParams,
        response: doneAnswers,
      },
    },
    async (request, reply) => {
      await management.removeInvitation(actorOf(request), request.params.id);
      return reply.code(204).send();
    },
  );
}
