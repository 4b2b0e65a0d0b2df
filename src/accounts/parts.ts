import type { Actor } from '../core/decision.ts';
import type { Account, AccountActivity, AccountStore, AccountTransaction } from '../ports/account-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { PasswordHasher } from '../ports/password-hasher.ts';
import type { AccessTimes } from './access-times.ts';
import type { HashingQueue } from './hashing-queue.ts';
import type { LoginThrottle } from './login-throttle.ts';

/** What the parts of `Accounts` share. */
export interface AccountParts {
  readonly store: AccountStore;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly times: AccessTimes;
  readonly throttle: LoginThrottle;
  readonly hashing: HashingQueue;
}

/** Whether its owner needs no link: an account of the first admin link has neither until a password is set. */
export function canLogIn({ password, identity }: Pick<Account, 'password' | 'identity'>): boolean {
  return password !== null || identity !== null;
}

/** Writes one entry of the activity log. `before` and `after` hold no secret. */
export function record(
  transaction: AccountTransaction,
  entry: {
    readonly actor: Pick<Actor, 'name'>;
    readonly what: AccountActivity['what'];
    readonly before?: object;
    readonly after?: object;
    readonly now: number;
  },
): Promise<void> {
  const { actor, what, before = null, after = null, now } = entry;
  return transaction.record({ who: actor.name, what, before, after, when: now });
}
