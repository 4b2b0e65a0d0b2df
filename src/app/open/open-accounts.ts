import { Accounts } from '../../accounts/accounts.ts';
import { openLibsqlAccountStore } from '../../adapters/libsql/libsql-account-store.ts';
import { mysqlAccountStore } from '../../adapters/mysql/mysql-account-store.ts';
import { scryptPasswords } from '../../adapters/scrypt/scrypt-passwords.ts';
import { systemClock } from '../../pipeline/system-clock.ts';
import type { AccountStore } from '../../ports/account-store.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { mysqlOptions } from './store-kinds.ts';

const stores: Readonly<
  Record<Settings['store']['kind'], (store: Settings['store']) => Promise<AccountStore>>
> = {
  libsql: ({ libsql }) => openLibsqlAccountStore(libsql.path),
  mysql: async ({ mysql }) => mysqlAccountStore(await mysqlOptions(mysql)),
};

/**
 * Accounts in the database that the settings name, over a connection of their own; for a process that has no other connection to an
 * embedded database. Throws `STORE_FAILED`.
 */
export async function openAccounts({ store }: Pick<Settings, 'store'>): Promise<Accounts> {
  return accountsOver(await stores[store.kind](store));
}

/** Accounts over a store that is open. */
export function accountsOver(store: AccountStore): Accounts {
  return new Accounts({ store, passwords: scryptPasswords(), clock: systemClock });
}
