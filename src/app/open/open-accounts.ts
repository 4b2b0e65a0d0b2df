import { Accounts } from '../../accounts/accounts.ts';
import { scryptPasswords } from '../../adapters/scrypt/scrypt-passwords.ts';
import { describeError } from '../../core/errors.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import type { Log } from '../../ports/log.ts';

export function openAccounts(store: AccountStore): Accounts {
  return new Accounts({ store, passwords: scryptPasswords(), clock: systemClock });
}

/**
 * The address of the console, `api` being that of the API: with a one-time token for the first admin, `/?token=TOKEN`, until there is
 * one. While the store is unavailable there is no token; the next start makes one.
 */
export async function consoleAddress(api: string, accounts: Accounts, log: Log): Promise<string> {
  const address = `${api.replace(/\/$/, '')}/`;
  try {
    const token = await accounts.firstAdminToken();
    return token === undefined ? address : `${address}?token=${token}`;
  } catch (error) {
    log.warn(
      { error: describeError(error) },
      'whether the console has an admin cannot be read; the next start makes the link for the first one',
    );
    return address;
  }
}
