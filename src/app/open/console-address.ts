import type { Accounts } from '../../accounts/accounts.ts';
import { describeError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';

/**
 * The address of the console, `api` being that of the API: with a one-time token for the first admin, `/?token=TOKEN`, until there is
 * one. While the store is unavailable there is no token; the next start makes one.
 */
export async function consoleAddress(
  api: string,
  accounts: Pick<Accounts, 'firstAdminToken'>,
  log: Log,
): Promise<string> {
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
