import * as z from 'zod';
import { roles } from '../core/roles.ts';
import { tokenScopes } from '../core/token-scope.ts';
import { invitationKinds } from '../ports/account-store.ts';

/** What the console and its server say to each other about accounts. All times are epoch milliseconds. */

const at = z.number().int().describe('Epoch milliseconds.');
const id = z.number().int().positive();

export const idParams = z.object({ id: z.coerce.number().int().positive() });

export const accountAnswer = z
  .object({
    id,
    name: z.string(),
    role: z.enum(roles),
    has_password: z.boolean(),
    openid: z
      .boolean()
      .describe('Whether its owner logs in by the identity provider, which also has the say over the role.'),
    created_at: at,
    logged_in_at: at.nullable().describe('The last time; null for never.'),
    disabled_at: at.nullable(),
  })
  .meta({ id: 'Account' });
export type AccountAnswer = z.infer<typeof accountAnswer>;
export const accountsAnswer = z.object({ accounts: z.array(accountAnswer) });
export type AccountsAnswer = z.infer<typeof accountsAnswer>;

export const newAccountBody = z.strictObject({
  name: z.string().min(1).max(100),
  role: z.enum(roles),
  password: z.string().min(12).max(200),
});
export const changeAccountBody = z.strictObject({
  role: z.enum(roles).optional(),
  disabled: z.boolean().optional(),
});

export const sessionsQuery = z.object({
  account: z.coerce.number().int().positive().optional().describe('Of one account; for admins.'),
});
export const sessionsAnswer = z.object({
  sessions: z.array(
    z.object({
      id,
      account: z.string().describe('Name of the account.'),
      current: z.boolean().describe('Whether it is the session that asks.'),
      created_at: at,
      seen_at: at,
      ends_at: at.describe('When it ends in any case.'),
    }),
  ),
});
export type SessionsAnswer = z.infer<typeof sessionsAnswer>;

export const tokensAnswer = z.object({
  tokens: z.array(
    z.object({
      id,
      name: z.string(),
      scopes: z.array(z.enum(tokenScopes)),
      created_by: z.string(),
      created_at: at,
      ends_at: at.nullable().describe('Null for one that does not expire.'),
    }),
  ),
});
export type TokensAnswer = z.infer<typeof tokensAnswer>;
export const newTokenBody = z.strictObject({
  name: z.string().min(1).max(60).describe('What it is for.'),
  scopes: z.array(z.enum(tokenScopes)).min(1).max(tokenScopes.length),
  days: z.number().positive().max(3650).nullable().default(null).describe('Until it ends; null for never.'),
});
export const newTokenAnswer = z.object({
  id,
  token: z.string().describe('Shown this once; sent as `Authorization: Bearer`.'),
  ends_at: at.nullable(),
});

export const invitationsAnswer = z.object({
  invitations: z.array(
    z.object({
      ...{ id, kind: z.enum(invitationKinds), role: z.enum(roles), created_by: z.string() },
      ...{ created_at: at, ends_at: at },
    }),
  ),
});
export type InvitationsAnswer = z.infer<typeof invitationsAnswer>;
export const newInvitationBody = z.strictObject({ role: z.enum(roles) });
export const newInvitationAnswer = z.object({
  id,
  invitation: z.string().describe('Shown this once.'),
  path: z.string().describe('The link, without the address of the console: `/?invitation=…`.'),
  ends_at: at,
});

export const madeAnswer = z.object({ id });
export const endedAnswer = z.object({ ended: z.number().int() });
