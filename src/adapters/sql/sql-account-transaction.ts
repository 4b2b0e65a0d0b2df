import type { Kysely } from 'kysely';
import type {
  Account,
  AccountActivity,
  AccountChange,
  AccountIdentity,
  AccountTransaction,
  ApiToken,
  Invitation,
  NewAccount,
  NewApiToken,
  NewInvitation,
  NewSession,
  Session,
} from '../../ports/account-store.ts';
import {
  accountColumns,
  accountOf,
  identityKeyOf,
  invitationColumns,
  invitationOf,
  sessionColumns,
  sessionOf,
  tokenOf,
} from './account-rows.ts';
import type { SluiceDatabase } from './database-schema.ts';
import type { SqlFlavour } from './sql-flavour.ts';

/** Reads and writes of one change of accounts, over the connection of its transaction. */
export class SqlAccountTransaction implements AccountTransaction {
  readonly #connection: Kysely<SluiceDatabase>;
  readonly #flavour: SqlFlavour;

  constructor(connection: Kysely<SluiceDatabase>, flavour: SqlFlavour) {
    this.#connection = connection;
    this.#flavour = flavour;
  }

  async account(id: number): Promise<Account | undefined> {
    const row = await this.#connection
      .selectFrom('account')
      .select(accountColumns)
      .where('id', '=', id)
      .modifyEnd(this.#flavour.waitForLocked)
      .executeTakeFirst();
    return row === undefined ? undefined : accountOf(row);
  }

  async accountByKey(nameKey: string): Promise<Account | undefined> {
    const row = await this.#connection
      .selectFrom('account')
      .select(accountColumns)
      .where('name_key', '=', nameKey)
      .executeTakeFirst();
    return row === undefined ? undefined : accountOf(row);
  }

  async accountByIdentity(identity: AccountIdentity): Promise<Account | undefined> {
    const row = await this.#connection
      .selectFrom('account')
      .select(accountColumns)
      .where('identity_key', '=', identityKeyOf(identity))
      .modifyEnd(this.#flavour.waitForLocked)
      .executeTakeFirst();
    return row === undefined ? undefined : accountOf(row);
  }

  async enabledAdmins(): Promise<readonly Account[]> {
    const rows = await this.#connection
      .selectFrom('account')
      .select(accountColumns)
      .where('role', '=', 'admin')
      .where('disabled_at', 'is', null)
      .orderBy('id')
      .modifyEnd(this.#flavour.waitForLocked)
      .execute();
    return rows.map(accountOf);
  }

  async addAccount({ identity = null, ...account }: NewAccount): Promise<number> {
    const { insertId } = await this.#connection
      .insertInto('account')
      .values({
        ...account,
        ...(identity === null ? {} : { ...identity, identity_key: identityKeyOf(identity) }),
      })
      .executeTakeFirstOrThrow();
    return Number(insertId);
  }

  async changeAccount(id: number, change: AccountChange): Promise<void> {
    await this.#connection.updateTable('account').set(change).where('id', '=', id).execute();
  }

  async addSession(session: NewSession): Promise<void> {
    await this.#connection.insertInto('session').values(session).execute();
  }

  async session(id: number): Promise<Session | undefined> {
    const row = await this.#connection
      .selectFrom('session')
      .select(sessionColumns)
      .where('id', '=', id)
      .executeTakeFirst();
    return row === undefined ? undefined : sessionOf(row);
  }

  async endSessions({
    id,
    accountId,
    sha256,
    exceptSha256,
    staleAt,
  }: Parameters<AccountTransaction['endSessions']>[0]): Promise<number> {
    let query = this.#connection.deleteFrom('session');
    if (id !== undefined) query = query.where('id', '=', id);
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    if (sha256 !== undefined) query = query.where('sha256', '=', sha256);
    if (exceptSha256 !== undefined) query = query.where('sha256', '!=', exceptSha256);
    if (staleAt !== undefined)
      query = query.where(({ eb, or }) =>
        or([eb('ends_at', '<=', staleAt.now), eb('seen_at', '<', staleAt.seenBefore)]),
      );
    return countOf(await query.executeTakeFirst());
  }

  async invitation(sha256: string): Promise<Invitation | undefined> {
    const row = await this.#connection
      .selectFrom('invitation')
      .select(invitationColumns)
      .where('sha256', '=', sha256)
      .modifyEnd(this.#flavour.waitForLocked)
      .executeTakeFirst();
    return row === undefined ? undefined : invitationOf(row);
  }

  async addInvitation(invitation: NewInvitation): Promise<number> {
    const { insertId } = await this.#connection
      .insertInto('invitation')
      .values(invitation)
      .executeTakeFirstOrThrow();
    return Number(insertId);
  }

  async removeInvitations({
    id,
    kind,
    accountId,
  }: Parameters<AccountTransaction['removeInvitations']>[0]): Promise<number> {
    let query = this.#connection.deleteFrom('invitation');
    if (id !== undefined) query = query.where('id', '=', id);
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    return countOf(await query.executeTakeFirst());
  }

  async addToken({ scopes, ...token }: NewApiToken): Promise<number> {
    const { insertId } = await this.#connection
      .insertInto('api_token')
      .values({ ...token, scopes: scopes.join(' ') })
      .executeTakeFirstOrThrow();
    return Number(insertId);
  }

  async token(id: number): Promise<ApiToken | undefined> {
    const row = await selectTokens(this.#connection).where('api_token.id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : tokenOf(row);
  }

  async removeTokens({ id, accountId }: Parameters<AccountTransaction['removeTokens']>[0]): Promise<number> {
    let query = this.#connection.deleteFrom('api_token');
    if (id !== undefined) query = query.where('id', '=', id);
    if (accountId !== undefined) query = query.where('account_id', '=', accountId);
    return countOf(await query.executeTakeFirst());
  }

  async record({ before, after, ...activity }: AccountActivity): Promise<void> {
    await this.#connection
      .insertInto('activity')
      .values({
        ...activity,
        before: before === null ? null : JSON.stringify(before),
        after: after === null ? null : JSON.stringify(after),
      })
      .execute();
  }
}

/** Tokens with the name of the account that each belongs to. */
export function selectTokens(database: Kysely<SluiceDatabase>) {
  return database
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account_id')
    .select([
      ...(['api_token.id', 'api_token.name', 'api_token.scopes', 'api_token.account_id'] as const),
      ...(['api_token.created_at', 'api_token.ends_at', 'account.name as created_by'] as const),
    ]);
}

function countOf(result: { readonly numDeletedRows: bigint } | undefined): number {
  return Number(result?.numDeletedRows ?? 0);
}
