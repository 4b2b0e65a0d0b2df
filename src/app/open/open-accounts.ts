import { Accounts } from '../../accounts/accounts.ts';
import { scryptPasswords } from '../../adapters/scrypt/scrypt-passwords.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { AccountStore } from '../../ports/account-store.ts';

/** Accounts over a store that is open; closing them closes it. */
export function openAccounts(store: AccountStore): Accounts {
  return new Accounts({ store, passwords: scryptPasswords(), clock: systemClock });
}
