import type { Actor } from '../core/decision.ts';
import { SluiceError } from '../core/errors.ts';
import type { Account, AccountIdentity, AccountTransaction } from '../ports/account-store.ts';
import { nameKeyOf } from './account-name.ts';
import { canLogIn, record } from './parts.ts';

/** Throws `ACCOUNT_REFUSED` where the name is taken. */
export async function addAccount(
  transaction: AccountTransaction,
  {
    name,
    role,
    password,
    identity = null,
    now,
    by,
  }: Pick<Account, 'name' | 'role' | 'password'> & {
    readonly identity?: AccountIdentity | null;
    readonly now: number;
    readonly by: Pick<Actor, 'name'>;
  },
): Promise<Account> {
  const name_key = nameKeyOf(name);
  if ((await transaction.accountByKey(name_key)) !== undefined) throw taken(name);
  const id = await transaction.addAccount({ name, name_key, role, password, identity, created_at: now });
  // Nobody needs the link of the first start any more.
  if (role === 'admin' && canLogIn({ password, identity }))
    await transaction.removeInvitations({ kind: 'first-admin' });
  await record(transaction, { actor: by, what: 'account added', after: { account: name, role }, now });
  return {
    ...{ id, name, role, password, identity },
    created_at: now,
    disabled_at: null,
    logged_in_at: null,
  };
}

/** The error for a name that another account has. */
export function taken(name: string): SluiceError {
  return new SluiceError('ACCOUNT_REFUSED', `the name ${name} is taken; choose another one`);
}
