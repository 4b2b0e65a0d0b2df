import type { Actor } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import { requireRole } from '../core/require-role.ts';
import type { Role } from '../core/roles.ts';
import type { TokenScope } from '../core/token-scope.ts';
import type { Account, AccountTransaction, ApiToken, Invitation, Session } from '../ports/account-store.ts';
import { checkedName, nameKeyOf } from './account-name.ts';
import { addAccount } from './add-account.ts';
import { type AccountParts, canLogIn, record } from './parts.ts';
import { checkPassword } from './passwords.ts';
import { hashOfSecret, newSecret, TOKEN_PREFIX } from './secrets.ts';

/** An account as others may see it. */
export type AccountFacts = Omit<Account, 'password'> & { readonly hasPassword: boolean };

/** A secret that is shown once, with what was made. */
export interface Made {
  readonly id: number;
  readonly secret: string;
  /** Epoch milliseconds; null for never. */
  readonly endsAt: number | null;
}

const MAX_TOKEN_NAME_LENGTH = 60;

/**
 * Who may do what. Each method throws `ROLE_REFUSED` for all but admins unless it says otherwise, and what the store throws; each
 * change is one transaction with an entry of the activity log.
 */
export class AccountManagement {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  async accounts(actor: Actor): Promise<readonly AccountFacts[]> {
    requireRole(actor, 'admin', 'listing accounts');
    return (await this.#parts.store.accounts()).map(({ password, ...account }) => ({
      ...account,
      hasPassword: password !== null,
    }));
  }

  /** Makes an account with a password that its owner gets from the admin. Throws `USAGE`, and `ACCOUNT_REFUSED` where the name is taken. */
  async add(
    actor: Actor,
    given: { readonly name: string; readonly role: Role; readonly password: string },
  ): Promise<number> {
    requireRole(actor, 'admin', 'adding an account');
    const { store, passwords, hashing, clock } = this.#parts;
    const name = checkedName(given.name);
    checkPassword(given.password, name);
    const hashed = await hashing.run(`account ${actor.name}`, () => passwords.hash(given.password));
    if (hashed === undefined)
      throw new SluiceError('STORE_FAILED', 'too many passwords are being hashed', { retriable: true });
    const { id } = await store.transact((transaction) =>
      addAccount(transaction, {
        ...{ name, role: given.role, password: hashed.result, now: clock.now(), by: actor },
      }),
    );
    return id;
  }

  /**
   * Gives an account another role, disables it or enables it. A disabled one loses its sessions at once; its tokens and invitations
   * end, as do those of an admin who becomes something else. Throws `ACCOUNT_UNKNOWN`, and `ACCOUNT_REFUSED` where no other admin
   * could log in by password.
   */
  async change(
    actor: Actor,
    id: number,
    change: { readonly role?: Role | undefined; readonly isDisabled?: boolean | undefined },
  ): Promise<void> {
    requireRole(actor, 'admin', 'changing an account');
    const now = this.#parts.clock.now();
    await this.#parts.store.transact(async (transaction) => {
      const admins = await transaction.enabledAdmins();
      const account = await transaction.account(id);
      if (account === undefined) throw unknown('account', id);
      const after = {
        role: change.role ?? account.role,
        isDisabled: change.isDisabled ?? account.disabled_at !== null,
      };
      const before = { role: account.role, isDisabled: account.disabled_at !== null };
      if (after.role === before.role && after.isDisabled === before.isDisabled) return;
      const isAdmin = after.role === 'admin' && !after.isDisabled;
      if (!isAdmin) refuseLastAdmin(account, admins);
      await transaction.changeAccount(id, {
        role: after.role,
        disabled_at: after.isDisabled ? (account.disabled_at ?? now) : null,
      });
      if (after.isDisabled) await transaction.endSessions({ accountId: id });
      if (!isAdmin) {
        await transaction.removeTokens({ accountId: id });
        await transaction.removeInvitations({ accountId: id });
      }
      const of = { account: account.name };
      await record(transaction, {
        ...{ actor, what: 'account changed', before: { ...of, ...before }, after: { ...of, ...after }, now },
      });
    });
  }

  /**
   * Sets one's own password and ends one's other sessions. `sessionSecret`: of the session that remains. Throws `USAGE` for a
   * password that is too easy, and `ACCOUNT_REFUSED` for an account that logs in by an identity provider; returns false where `current` is wrong, and seconds to wait after too many of these.
   */
  async setPassword(
    { accountId, sessionSecret }: { readonly accountId: number; readonly sessionSecret: string },
    { current, password }: { readonly current?: string | undefined; readonly password: string },
    client: string,
  ): Promise<boolean | { readonly retryAfterSeconds: number }> {
    const { store, passwords, hashing, clock, throttle } = this.#parts;
    const account = await store.transact((transaction) => transaction.account(accountId));
    if (account === undefined || account.disabled_at !== null) throw unknown('account', accountId);
    // It would outlast the access that the provider gives and takes.
    if (account.identity !== null)
      throw new SluiceError(
        'ACCOUNT_REFUSED',
        `${account.name} logs in by an identity provider and has no password here; change it there`,
      );
    checkPassword(password, account.name);
    const attempt = throttle.begin(client, nameKeyOf(account.name));
    if ('retryAfterSeconds' in attempt) return attempt;
    const stored = account.password;
    const hashed = await hashing.run(client, async () =>
      stored === null || (current !== undefined && (await passwords.verify(current, stored)))
        ? passwords.hash(password)
        : undefined,
    );
    if (hashed === undefined) {
      attempt.withdrawn();
      return { retryAfterSeconds: 5 };
    }
    const { result } = hashed;
    if (result === undefined) return false;
    attempt.withdrawn();
    return store.transact(async (transaction) => {
      const now = await transaction.account(accountId);
      if (now === undefined || now.disabled_at !== null || now.password !== stored) return false;
      await transaction.changeAccount(accountId, { password: result });
      await transaction.endSessions({ accountId, exceptSha256: hashOfSecret(sessionSecret) });
      if (now.role === 'admin') await transaction.removeInvitations({ kind: 'first-admin' });
      await record(transaction, {
        ...{ actor: now, what: 'password changed', after: { account: now.name }, now: clock.now() },
      });
      return true;
    });
  }

  /** The sessions that have not ended: one's own, or for admins those of all. Nothing is refused. */
  async sessions(
    actor: Actor,
    accountId: number | undefined,
  ): Promise<readonly (Session & { readonly account: string })[]> {
    const { store, clock, times } = this.#parts;
    const now = clock.now();
    const accounts = await store.accounts();
    const names = new Map(accounts.map(({ id, name }) => [id, name]));
    const own = accounts.find(({ name }) => name === actor.name)?.id ?? -1;
    const isAdmin = actor.role === 'admin';
    const found = await store.sessions(isAdmin ? accountId : own);
    return found
      .filter(({ ends_at, seen_at }) => now < ends_at && now < seen_at + times.sessionIdle * 1000)
      .map((session) => ({ ...session, account: names.get(session.account_id) ?? '' }));
  }

  /** Ends one session: one's own, or for admins any. Throws `ACCOUNT_UNKNOWN`, also for one that is not one's own. */
  async endSession(actor: Actor, id: number): Promise<void> {
    const now = this.#parts.clock.now();
    await this.#parts.store.transact(async (transaction) => {
      const session = await transaction.session(id);
      const account = session === undefined ? undefined : await transaction.account(session.account_id);
      if (account === undefined || (account.name !== actor.name && actor.role !== 'admin'))
        throw unknown('session', id);
      await transaction.endSessions({ id });
      await record(transaction, {
        ...{ actor, what: 'session ended', after: { account: account.name, session: id }, now },
      });
    });
  }

  /** Ends all sessions of an account; returns how many. Throws `ACCOUNT_UNKNOWN`. */
  async endSessionsOf(actor: Actor, accountId: number): Promise<number> {
    requireRole(actor, 'admin', "ending another person's sessions");
    const now = this.#parts.clock.now();
    return this.#parts.store.transact(async (transaction) => {
      const account = await transaction.account(accountId);
      if (account === undefined) throw unknown('account', accountId);
      const ended = await transaction.endSessions({ accountId });
      await record(transaction, {
        ...{ actor, what: 'sessions ended', after: { account: account.name, sessions: ended }, now },
      });
      return ended;
    });
  }

  async tokens(actor: Actor): Promise<readonly ApiToken[]> {
    requireRole(actor, 'admin', 'listing API tokens');
    return this.#parts.store.tokens();
  }

  /** Makes an API token; its secret is shown this once. `days`: until it ends; null for never. Throws `USAGE`. */
  async addToken(
    actor: Actor,
    given: { readonly name: string; readonly scopes: readonly TokenScope[]; readonly days: number | null },
  ): Promise<Made> {
    requireRole(actor, 'admin', 'making an API token');
    const name = checkedName(given.name, 'the name of a token', MAX_TOKEN_NAME_LENGTH);
    const scopes = [...new Set(given.scopes)];
    if (scopes.length === 0) throw new SluiceError('USAGE', 'a token needs at least one scope');
    const now = this.#parts.clock.now();
    const endsAt = given.days === null ? null : now + Math.round(given.days * 86_400_000);
    const secret = `${TOKEN_PREFIX}${newSecret()}`;
    const id = await this.#parts.store.transact(async (transaction) => {
      const creator = await transaction.accountByKey(nameKeyOf(actor.name));
      if (creator === undefined)
        throw new SluiceError('ACCOUNT_UNKNOWN', `there is no account ${actor.name}`);
      const id = await transaction.addToken({
        ...{ sha256: hashOfSecret(secret), name, scopes, account_id: creator.id },
        ...{ created_at: now, ends_at: endsAt },
      });
      await record(transaction, { actor, what: 'token added', after: { token: id, name, scopes }, now });
      return id;
    });
    return { id, secret, endsAt };
  }

  /** Throws `ACCOUNT_UNKNOWN`. */
  async removeToken(actor: Actor, id: number): Promise<void> {
    requireRole(actor, 'admin', 'removing an API token');
    const now = this.#parts.clock.now();
    await this.#parts.store.transact(async (transaction) => {
      const token = await transaction.token(id);
      if (token === undefined) throw unknown('token', id);
      await transaction.removeTokens({ id });
      await record(transaction, {
        ...{ actor, what: 'token removed', before: { token: id, name: token.name }, now },
      });
    });
  }

  /** The invitations that may still be used. */
  async invitations(actor: Actor): Promise<readonly Invitation[]> {
    requireRole(actor, 'admin', 'listing invitations');
    const now = this.#parts.clock.now();
    return (await this.#parts.store.invitations()).filter(({ ends_at }) => now < ends_at);
  }

  /** Makes an invitation; its secret is shown this once. The invited person chooses name and password. */
  async invite(actor: Actor, role: Role): Promise<Made & { readonly endsAt: number }> {
    requireRole(actor, 'admin', 'inviting somebody');
    const { store, clock, times } = this.#parts;
    const now = clock.now();
    const endsAt = now + times.invitation * 1000;
    const secret = newSecret();
    const id = await store.transact(async (transaction) => {
      const creator = await transaction.accountByKey(nameKeyOf(actor.name));
      const id = await transaction.addInvitation({
        ...{ sha256: hashOfSecret(secret), kind: 'invitation', role, account_id: creator?.id ?? null },
        ...{ created_by: actor.name, created_at: now, ends_at: endsAt },
      });
      await record(transaction, { actor, what: 'invitation added', after: { invitation: id, role }, now });
      return id;
    });
    return { id, secret, endsAt };
  }

  /** Throws `ACCOUNT_UNKNOWN`. */
  async removeInvitation(actor: Actor, id: number): Promise<void> {
    requireRole(actor, 'admin', 'removing an invitation');
    const now = this.#parts.clock.now();
    await this.#parts.store.transact(async (transaction) => {
      if ((await transaction.removeInvitations({ id })) === 0) throw unknown('invitation', id);
      await record(transaction, { actor, what: 'invitation removed', before: { invitation: id }, now });
    });
  }
}

/** Throws `ACCOUNT_REFUSED` where the account is the last that can log in as admin. */
function refuseLastAdmin(
  account: Account,
  admins: Awaited<ReturnType<AccountTransaction['enabledAdmins']>>,
): void {
  if (!admins.some(({ id }) => id === account.id)) return;
  if (admins.some((other) => other.id !== account.id && canLogIn(other))) return;
  throw new SluiceError(
    'ACCOUNT_REFUSED',
    `${account.name} is the last admin who can log in; invite another admin first`,
  );
}

function unknown(what: string, id: number): SluiceError {
  return new SluiceError('ACCOUNT_UNKNOWN', `there is no ${what} ${id}`);
}
