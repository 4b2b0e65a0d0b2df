import type { Accounts } from '../../accounts/accounts.ts';
import { OpenIdProvider } from '../../adapters/openid/openid-provider.ts';
import { OPENID_CALLBACK, type OpenIdAccess } from '../../http/openid-routes.ts';
import type { Log } from '../../ports/log.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** Log-ins by the identity provider of the settings, which is asked nothing yet; undefined where none is configured. */
export function openIdAccess(
  { console: { openId } }: Pick<Settings, 'console'>,
  accounts: Accounts,
  log: Log,
): OpenIdAccess | undefined {
  const { issuer, clientId, clientSecret, publicUrl, scopes, nameClaim, groupsClaim, label } = openId;
  // The settings are checked for the others.
  if (issuer === undefined || clientId === undefined || publicUrl === undefined) return undefined;
  const provider = new OpenIdProvider({
    ...{ issuer, clientId, clientSecret, scopes, nameClaim, groupsClaim },
    redirectUri: `${publicUrl.replace(/\/$/, '')}${OPENID_CALLBACK}`,
    log: log.child('openid'),
  });
  const { groups, defaultRole, newAccounts } = openId;
  const rules = { groups, defaultRole, addsAccounts: newAccounts === 'add' };
  return { label, logins: accounts.byIdentity(provider, rules) };
}
