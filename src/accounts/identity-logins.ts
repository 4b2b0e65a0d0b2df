import { SluiceError } from '../core/errors.ts';
import { type Role, roles } from '../core/roles.ts';
import type { Account, AccountTransaction } from '../ports/account-store.ts';
import type {
  IdentityProvider,
  LoginFailure,
  LoginSecrets,
  VouchedPerson,
} from '../ports/identity-provider.ts';
import { checkedName, nameKeyOf } from './account-name.ts';
import { addAccount } from './add-account.ts';
import { type OpenedSession, openSession } from './open-session.ts';
import { type AccountParts, record } from './parts.ts';

export interface IdentityRules {
  /** The groups that have each role. Who is in several groups gets the highest role. */
  readonly groups: Readonly<Record<Role, readonly string[]>>;
  /** Of people in none of them; undefined: they may not log in. */
  readonly defaultRole: Role | undefined;
  /** Whether people who have not logged in before get an account. */
  readonly addsAccounts: boolean;
}

/**
 * `no-role`: no group of the person has a role. `unknown`: new people get no account. `disabled`: an admin has disabled it. `name`: the
 * provider states no name, or none that an account may have and that is free.
 */
export type IdentityRefusal = LoginFailure | 'no-role' | 'unknown' | 'disabled' | 'name' | 'throttled';

export type IdentityLogin =
  | { readonly session: OpenedSession }
  | { readonly refusal: IdentityRefusal; readonly name?: string };

/** In the activity log. */
const BY = 'OpenID Connect';

/** Lets people in for whom an identity provider vouches. Their role is that of their groups, at each log-in again. */
export class IdentityLogins {
  readonly #parts: Pick<AccountParts, 'store' | 'clock' | 'times' | 'throttle'>;
  readonly #provider: IdentityProvider;
  readonly #rules: IdentityRules;

  constructor(
    parts: Pick<AccountParts, 'store' | 'clock' | 'times' | 'throttle'>,
    { provider, rules }: { readonly provider: IdentityProvider; readonly rules: IdentityRules },
  ) {
    this.#parts = parts;
    this.#provider = provider;
    this.#rules = rules;
  }

  /** Where to send the browser, and what it keeps until it is back. Never rejects. */
  begin(): ReturnType<IdentityProvider['begin']> {
    return this.#provider.begin();
  }

  /** Opens a session for the person who came back. `client`: as in `Logins.login`. Throws what the store throws. */
  async finish(query: string, secrets: LoginSecrets, client: string): Promise<IdentityLogin> {
    const attempt = this.#parts.throttle.begin(client);
    if ('retryAfterSeconds' in attempt) return { refusal: 'throttled' };
    const answer = await this.#provider.finish(query, secrets);
    if ('failure' in answer) {
      if (answer.failure === 'unavailable') attempt.withdrawn();
      return { refusal: answer.failure };
    }
    attempt.succeeded();
    return this.#parts.store.transact((transaction) => this.#enter(transaction, answer.person));
  }

  async #enter(transaction: AccountTransaction, person: VouchedPerson): Promise<IdentityLogin> {
    const known = await transaction.accountByIdentity(person.identity);
    const role = roleOf(person.groups, this.#rules);
    if (known === undefined) {
      if (role === undefined) return { refusal: 'no-role' };
      if (!this.#rules.addsAccounts) return { refusal: 'unknown' };
      const added = await this.#add(transaction, person, role);
      if (added === undefined) return { refusal: 'name' };
      return { session: await openSession(this.#parts, transaction, added, BY) };
    }
    if (known.disabled_at !== null) return { refusal: 'disabled', name: known.name };
    if (role === undefined) {
      await this.#takeAccess(transaction, known);
      return { refusal: 'no-role', name: known.name };
    }
    const current = await this.#withRole(transaction, known, role);
    return { session: await openSession(this.#parts, transaction, current, BY) };
  }

  /** Undefined where there is no name for it. The account of somebody else is never taken over, whatever name is stated. */
  async #add(
    transaction: AccountTransaction,
    { identity, name: stated = '' }: VouchedPerson,
    role: Role,
  ): Promise<Account | undefined> {
    for (const candidate of [stated, `${stated}@${new URL(identity.issuer).hostname}`]) {
      const name = stated === '' ? undefined : nameOrNone(candidate);
      if (name === undefined || (await transaction.accountByKey(nameKeyOf(name))) !== undefined) continue;
      return addAccount(transaction, {
        ...{ name, role, password: null, identity, now: this.#parts.clock.now(), by: { name } },
      });
    }
    return undefined;
  }

  /** The provider has the say over who may do what, also over the last admin: the command line can invite another one. */
  async #withRole(transaction: AccountTransaction, account: Account, role: Role): Promise<Account> {
    if (role === account.role) return account;
    await transaction.changeAccount(account.id, { role });
    if (account.role === 'admin') await removeOfAdmin(transaction, account.id);
    const of = { account: account.name };
    await record(transaction, {
      ...{ actor: account, what: 'account changed', now: this.#parts.clock.now() },
      ...{ before: { ...of, role: account.role }, after: { ...of, role, by: BY } },
    });
    return { ...account, role };
  }

  /** Who lost every group may do nothing any more, in other browsers and by tokens too. */
  async #takeAccess(transaction: AccountTransaction, account: Account): Promise<void> {
    const ended = await transaction.endSessions({ accountId: account.id });
    await removeOfAdmin(transaction, account.id);
    await record(transaction, {
      ...{ actor: account, what: 'login refused', now: this.#parts.clock.now() },
      after: { account: account.name, sessions: ended, by: BY },
    });
  }
}

async function removeOfAdmin(transaction: AccountTransaction, accountId: number): Promise<void> {
  await transaction.removeTokens({ accountId });
  await transaction.removeInvitations({ accountId });
}

/** The highest role of a person's groups. */
function roleOf(
  groups: readonly string[],
  { groups: groupsOf, defaultRole }: IdentityRules,
): Role | undefined {
  return (
    [...roles].reverse().find((role) => groupsOf[role].some((group) => groups.includes(group))) ?? defaultRole
  );
}

function nameOrNone(name: string): string | undefined {
  try {
    return checkedName(name);
  } catch (error) {
    if (error instanceof SluiceError) return undefined;
    throw error;
  }
}
