import type { AccountStore } from '../ports/account-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { IdentityProvider } from '../ports/identity-provider.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import { type AccessTimes, defaultAccessTimes } from './access-times.ts';
import { AccountManagement } from './account-management.ts';
import { Callers } from './callers.ts';
import { HashingQueue } from './hashing-queue.ts';
import { IdentityLogins, type IdentityRules } from './identity-logins.ts';
import { LoginThrottle } from './login-throttle.ts';
import { Logins } from './logins.ts';
import { type AccountParts, canLogIn } from './parts.ts';
import { hashOfSecret, newSecret } from './secrets.ts';

export interface AccountsOptions {
  readonly store: AccountStore;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly times?: Partial<AccessTimes>;
}

/** Who may do what: log in and out (`logins`), who makes a request (`callers`), and what admins change (`management`). */
export class Accounts {
  readonly logins: Logins;
  readonly callers: Callers;
  readonly management: AccountManagement;
  readonly #parts: AccountParts;

  constructor({ store, passwords, clock, times }: AccountsOptions) {
    this.#parts = {
      ...{ store, passwords, clock, times: { ...defaultAccessTimes, ...times } },
      throttle: new LoginThrottle(() => clock.elapsed()),
      hashing: new HashingQueue(),
    };
    this.logins = new Logins(this.#parts);
    this.callers = new Callers(this.#parts);
    this.management = new AccountManagement(this.#parts);
  }

  /**
   * To be called at each start: a new secret for the link `/?token=SECRET` that lets the first admin in, once; undefined as soon as
   * an admin can log in by password or identity provider. Throws what the store throws.
   */
  async firstAdminToken(): Promise<string | undefined> {
    const { store, clock, times } = this.#parts;
    const secret = newSecret();
    const now = clock.now();
    const isNeeded = await store.transact(async (transaction) => {
      const admins = await transaction.enabledAdmins();
      if (admins.some(canLogIn)) return false;
      await transaction.addInvitation({
        ...{ sha256: hashOfSecret(secret), kind: 'first-admin', role: 'admin', account_id: null },
        ...{ created_by: 'sluice', created_at: now, ends_at: now + times.firstAdminLink * 1000 },
      });
      return true;
    });
    return isNeeded ? secret : undefined;
  }

  /** Log-ins of people for whom this provider vouches. */
  byIdentity(provider: IdentityProvider, rules: IdentityRules): IdentityLogins {
    return new IdentityLogins(this.#parts, { provider, rules });
  }

  /** Closes the store. */
  close(): Promise<void> {
    return this.#parts.store.close();
  }
}
