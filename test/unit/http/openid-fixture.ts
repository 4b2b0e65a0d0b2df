import type { IdentityRules } from '../../../src/accounts/identity-logins.ts';
import { OpenIdProvider } from '../../../src/adapters/openid/openid-provider.ts';
import { freePort } from '../../../src/cluster/free-port.ts';
import { OPENID_CALLBACK } from '../../../src/http/openid-routes.ts';
import { type AccessFixture, accessFixture } from '../accounts/access-fixture.ts';
import { api, FakeLog } from './fakes.ts';
import type { TestBrowser } from './openid-browser.ts';
import { client } from './openid-provider.ts';

export const rules: IdentityRules = {
  groups: { viewer: [], moderator: ['helpers'], lead: ['leads'], admin: ['operators'] },
  defaultRole: undefined,
  addsAccounts: true,
};

export interface OpenIdConsole {
  readonly url: string;
  readonly fixture: AccessFixture;
  readonly log: FakeLog;
  /** Starts a log-in; resolves to where the browser is sent. */
  begin(browser: TestBrowser, to?: string): Promise<string>;
  /** A whole log-in; resolves to the path that the console redirects to at its end. */
  logIn(browser: TestBrowser, person: string, to?: string): Promise<string>;
  /** Visits the callback; resolves to the path that the console redirects to. */
  comeBack(browser: TestBrowser, url: string): Promise<string>;
  /** Name and role of the session that the browser has. */
  session(browser: TestBrowser): Promise<unknown>;
  close(): Promise<void>;
}

/** The port first, as the provider has to know the address of the console. */
export async function consolePort(): Promise<{ readonly port: number; readonly redirectUri: string }> {
  const port = await freePort();
  return { port, redirectUri: `http://127.0.0.1:${port}${OPENID_CALLBACK}` };
}

/** A console over real sockets, with accounts in a fresh database and this provider. */
export async function startConsole(
  { port, redirectUri }: { readonly port: number; readonly redirectUri: string },
  issuer: string,
  changes: Partial<IdentityRules> = {},
): Promise<OpenIdConsole> {
  const fixture = await accessFixture();
  const log = new FakeLog();
  const provider = new OpenIdProvider({
    ...{ issuer, ...client, redirectUri, log },
    ...{ scopes: ['profile'], nameClaim: 'preferred_username', groupsClaim: 'groups' },
  });
  const { server } = await api({
    port,
    accounts: fixture.accounts,
    openId: { label: 'Staff', logins: fixture.accounts.byIdentity(provider, { ...rules, ...changes }) },
  });
  const url = await server.listen();
  const pathOf = (location: string | undefined) => location?.replace(url, '') ?? 'nowhere';
  const comeBack = async (browser: TestBrowser, callback: string) =>
    pathOf((await browser.request(callback)).location);
  const begin = async (browser: TestBrowser, to?: string) => {
    const query = to === undefined ? '' : `?${new URLSearchParams({ to })}`;
    const { location } = await browser.request(`${url}/api/v1/session/openid${query}`);
    return location ?? 'nowhere';
  };
  return {
    ...{ url, fixture, log, begin, comeBack },
    logIn: async (browser, person, to) => {
      const start = await begin(browser, to);
      if (start.startsWith(url)) return pathOf(start);
      const callback = await browser.follow(start, person, (each) => each.startsWith(`${url}/`));
      return comeBack(browser, callback);
    },
    session: async (browser) => {
      const { text } = await browser.request(`${url}/api/v1/session`);
      const { name, role } = JSON.parse(text) as { name?: string; role?: string };
      return name === undefined ? undefined : `${name} ${role}`;
    },
    close: async () => {
      await server.close();
      await fixture.close();
    },
  };
}
