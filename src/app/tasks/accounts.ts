import type { AccountFacts } from '../../accounts/account-management.ts';
import { nameKeyOf } from '../../accounts/account-name.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Actor } from '../../core/decision.ts';
import { SluiceError } from '../../core/errors.ts';
import type { Role } from '../../core/roles.ts';
import type { Settings } from '../../settings/settings-schema.ts';
import { openAccounts } from '../open/open-accounts.ts';

/** Who can read the settings of the daemon can write its database anyway. */
const actor: Actor = { name: 'command line', role: 'admin' };

type StoreSettings = Pick<Settings, 'store'>;

/** All accounts, oldest first. Throws `STORE_FAILED`, as all of these. */
export function listAccounts(settings: StoreSettings): Promise<readonly AccountFacts[]> {
  return withAccounts(settings, ({ management }) => management.accounts(actor));
}

/** Makes an invitation. `path`: of its link, to be put behind the address of the console; `endsAt`: epoch milliseconds. */
export function inviteAccount(
  settings: StoreSettings,
  role: Role,
): Promise<{ readonly path: string; readonly invitation: string; readonly endsAt: number }> {
  return withAccounts(settings, async ({ management }) => {
    const { secret, endsAt } = await management.invite(actor, role);
    return { path: `/?invitation=${secret}`, invitation: secret, endsAt };
  });
}

/** Disables an account, or enables it again. Throws `ACCOUNT_UNKNOWN`, and `ACCOUNT_REFUSED` for the last admin. */
export function disableAccount(settings: StoreSettings, name: string, isDisabled: boolean): Promise<void> {
  return withAccounts(settings, async (accounts) =>
    accounts.management.change(actor, await idOf(accounts, name), { isDisabled }),
  );
}

/** Ends all sessions of an account; returns how many. Throws `ACCOUNT_UNKNOWN`. */
export function endSessions(settings: StoreSettings, name: string): Promise<number> {
  return withAccounts(settings, async (accounts) =>
    accounts.management.endSessionsOf(actor, await idOf(accounts, name)),
  );
}

async function idOf({ management }: Accounts, name: string): Promise<number> {
  const accounts = await management.accounts(actor);
  const found = accounts.find((account) => nameKeyOf(account.name) === nameKeyOf(name));
  if (found === undefined)
    throw new SluiceError('ACCOUNT_UNKNOWN', `there is no account ${name}; "sluice account list" names them`);
  return found.id;
}

async function withAccounts<T>(
  settings: StoreSettings,
  work: (accounts: Accounts) => Promise<T>,
): Promise<T> {
  const accounts = await openAccounts(settings);
  try {
    return await work(accounts);
  } finally {
    await accounts.close();
  }
}
