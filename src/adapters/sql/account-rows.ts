import type { Selectable } from 'kysely';
import { sha256Of } from '../../core/sha256.ts';
import type { TokenScope } from '../../core/token-scope.ts';
import type { Account, AccountIdentity, ApiToken, Invitation, Session } from '../../ports/account-store.ts';
import type { AccountTable, ApiTokenTable, InvitationTable, SessionTable } from './account-tables.ts';
import { integerOf, integerOrNull } from './review-row.ts';

export const accountColumns = [
  'account.id',
  'account.name',
  'account.role',
  'account.password',
  'account.created_at',
  'account.disabled_at',
  'account.logged_in_at',
  'account.issuer',
  'account.subject',
] as const;

export const sessionColumns = ['id', 'account_id', 'created_at', 'seen_at', 'ends_at'] as const;

export const invitationColumns = [
  ...(['id', 'kind', 'role', 'account_id', 'created_by', 'created_at', 'ends_at'] as const),
] as const;

export function accountOf(row: Omit<Selectable<AccountTable>, 'name_key' | 'identity_key'>): Account {
  return {
    ...{ id: integerOf(row.id), name: row.name, role: row.role, password: row.password },
    created_at: integerOf(row.created_at),
    disabled_at: integerOrNull(row.disabled_at),
    logged_in_at: integerOrNull(row.logged_in_at),
    identity:
      row.issuer === null || row.subject === null ? null : { issuer: row.issuer, subject: row.subject },
  };
}

/** What of an identity is unique: a column of any length could not be. */
export function identityKeyOf({ issuer, subject }: AccountIdentity): string {
  return sha256Of(new TextEncoder().encode(JSON.stringify([issuer, subject])));
}

export function sessionOf(row: Omit<Selectable<SessionTable>, 'sha256'>): Session {
  return {
    id: integerOf(row.id),
    account_id: integerOf(row.account_id),
    created_at: integerOf(row.created_at),
    seen_at: integerOf(row.seen_at),
    ends_at: integerOf(row.ends_at),
  };
}

/** `created_by`: the name of the account that it belongs to. */
export function tokenOf(
  row: Omit<Selectable<ApiTokenTable>, 'sha256'> & { readonly created_by: string },
): ApiToken {
  return {
    ...{ id: integerOf(row.id), name: row.name, created_by: row.created_by },
    scopes: row.scopes.split(' ') as TokenScope[],
    account_id: integerOf(row.account_id),
    created_at: integerOf(row.created_at),
    ends_at: integerOrNull(row.ends_at),
  };
}

export function invitationOf(row: Omit<Selectable<InvitationTable>, 'sha256'>): Invitation {
  return {
    ...{ id: integerOf(row.id), kind: row.kind, role: row.role, created_by: row.created_by },
    account_id: integerOrNull(row.account_id),
    created_at: integerOf(row.created_at),
    ends_at: integerOf(row.ends_at),
  };
}
