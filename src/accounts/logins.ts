import type { AccountTransaction, Invitation } from '../ports/account-store.ts';
import { checkedName, nameKeyOf } from './account-name.ts';
import { addAccount, taken } from './add-account.ts';
import { type OpenedSession, openSession } from './open-session.ts';
import { type AccountParts, canLogIn, record } from './parts.ts';
import { checkPassword } from './passwords.ts';
import { hashOfSecret } from './secrets.ts';

/** One of three: a one-time token, an invitation with a name and a password of one's own, or name and password. */
export type Credentials =
  | { readonly token: string }
  | { readonly invitation: string; readonly name: string; readonly password: string }
  | { readonly name: string; readonly password: string };

/** `refused`: the credentials are wrong, used, or out of time; which of these is not said. */
export type LoginResult =
  | { readonly kind: 'opened'; readonly session: OpenedSession }
  | { readonly kind: 'refused' }
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number };

/** Of a queue that is full: so long until some of it are done. */
const BUSY_SECONDS = 5;

/** Lets people in, and out. */
export class Logins {
  readonly #parts: AccountParts;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  /**
   * Opens a session. `client`: who counts as one client, see `clientOfAddress`. Throws `USAGE` for a name or password that an
   * invited person cannot have, `ACCOUNT_REFUSED` where the name is taken, and what the store throws.
   */
  async login(credentials: Credentials, client: string): Promise<LoginResult> {
    const nameKey =
      'token' in credentials || 'invitation' in credentials ? undefined : nameKeyOf(credentials.name);
    const attempt = this.#parts.throttle.begin(client, nameKey);
    if ('retryAfterSeconds' in attempt) return { kind: 'throttled', ...attempt };
    try {
      const session = await this.#session(credentials, client);
      if (session === undefined) return { kind: 'refused' };
      if (session === 'busy') attempt.withdrawn();
      else attempt.succeeded();
      return session === 'busy'
        ? { kind: 'throttled', retryAfterSeconds: BUSY_SECONDS }
        : { kind: 'opened', session };
    } catch (error) {
      attempt.withdrawn();
      throw error;
    }
  }

  /** Ends the session of this secret, if there is one. */
  async logout(secret: string): Promise<void> {
    const sha256 = hashOfSecret(secret);
    const found = await this.#parts.store.sessionBySecret(sha256);
    if (found === undefined) return;
    const now = this.#parts.clock.now();
    await this.#parts.store.transact(async (transaction) => {
      if ((await transaction.endSessions({ sha256 })) === 0) return;
      await record(transaction, {
        ...{ actor: found.account, what: 'session ended', after: { session: found.session.id }, now },
      });
    });
  }

  /** Undefined for credentials that are wrong. */
  #session(credentials: Credentials, client: string): Promise<OpenedSession | 'busy' | undefined> {
    if ('token' in credentials) return this.#byLink(credentials.token);
    if ('invitation' in credentials) return this.#byInvitation(credentials, client);
    return this.#byPassword(credentials, client);
  }

  async #byPassword(
    { name, password }: { readonly name: string; readonly password: string },
    client: string,
  ): Promise<OpenedSession | 'busy' | undefined> {
    const { store, passwords, hashing } = this.#parts;
    const account = await store.accountByKey(nameKeyOf(name));
    // The same work where nobody has this name, so that the time says nothing.
    const stored = account === undefined || account.disabled_at !== null ? null : account.password;
    const verified = await hashing.run(client, () => passwords.verify(password, stored));
    if (verified === undefined) return 'busy';
    if (!verified.result || account === undefined) return undefined;
    return store.transact(async (transaction) => {
      const current = await transaction.account(account.id);
      // Disabled, or given another password, while this one was hashed.
      const isSame = current !== undefined && current.disabled_at === null && current.password === stored;
      return isSame ? openSession(this.#parts, transaction, current, 'password') : undefined;
    });
  }

  async #byInvitation(
    given: { readonly invitation: string; readonly name: string; readonly password: string },
    client: string,
  ): Promise<OpenedSession | 'busy' | undefined> {
    const { store, passwords, hashing, clock } = this.#parts;
    const sha256 = hashOfSecret(given.invitation);
    if ((await store.transact((transaction) => this.#invitation(transaction, sha256))) === undefined)
      return undefined;
    const name = checkedName(given.name);
    checkPassword(given.password, name);
    // Asked before the password is hashed, and again in the transaction.
    if ((await store.accountByKey(nameKeyOf(name))) !== undefined) throw taken(name);
    const hashed = await hashing.run(client, () => passwords.hash(given.password));
    if (hashed === undefined) return 'busy';
    return store.transact(async (transaction) => {
      const invitation = await this.#invitation(transaction, sha256);
      if (invitation === undefined) return undefined;
      await transaction.removeInvitations({ id: invitation.id });
      const account = await addAccount(transaction, {
        ...{ name, role: invitation.role, password: hashed.result, now: clock.now() },
        by: { name: invitation.created_by },
      });
      return openSession(this.#parts, transaction, account, 'invitation');
    });
  }

  /** The link of the first start: leads to an admin without a password, who is made where there is none. */
  #byLink(secret: string): Promise<OpenedSession | undefined> {
    const { store, clock } = this.#parts;
    return store.transact(async (transaction) => {
      const invitation = await this.#invitation(transaction, hashOfSecret(secret));
      if (invitation?.kind !== 'first-admin') return undefined;
      const [existing] = await transaction.enabledAdmins();
      const account =
        existing ??
        (await addAccount(transaction, {
          ...{ name: await freeAdminName(transaction), role: 'admin', password: null, now: clock.now() },
          by: { name: invitation.created_by },
        }));
      // All of them, as each start prints one.
      await transaction.removeInvitations({ kind: 'first-admin' });
      return openSession(this.#parts, transaction, account, 'first admin link');
    });
  }

  /** Undefined for one that does not exist, or not any more. */
  async #invitation(transaction: AccountTransaction, sha256: string): Promise<Invitation | undefined> {
    const invitation = await transaction.invitation(sha256);
    if (invitation === undefined || invitation.ends_at <= this.#parts.clock.now()) return undefined;
    if (invitation.kind === 'invitation') return invitation;
    // As soon as an admin can log in otherwise, a link that was printed before would be a second way in.
    const admins = await transaction.enabledAdmins();
    return admins.every((admin) => !canLogIn(admin)) ? invitation : undefined;
  }
}

async function freeAdminName(transaction: AccountTransaction): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? 'admin' : `admin-${n}`;
    if ((await transaction.accountByKey(name)) === undefined) return name;
  }
}
