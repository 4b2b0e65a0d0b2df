import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { passwordOf } from '../accounts/access-fixture.ts';
import { api } from './fakes.ts';
import { TestBrowser } from './openid-browser.ts';
import { consolePort, type OpenIdConsole, startConsole } from './openid-fixture.ts';
import { startProvider, type TestProvider } from './openid-provider.ts';

let where: Awaited<ReturnType<typeof consolePort>>;
let provider: TestProvider;
let desk: OpenIdConsole;

beforeAll(async () => {
  where = await consolePort();
  provider = await startProvider(where.redirectUri);
});
afterAll(() => provider?.close());
beforeEach(async () => {
  provider.people.clear();
  provider.people.set('sub-1', { preferred_username: 'anna', groups: ['helpers', 'others'] });
  desk = await startConsole(where, provider.issuer);
});
afterEach(async () => {
  vi.useRealTimers();
  await desk.close();
});

async function restart(changes: Parameters<typeof startConsole>[2]): Promise<void> {
  await desk.close();
  desk = await startConsole(where, provider.issuer, changes);
}

/** A person comes back from the provider, and the callback is not visited yet. */
async function atCallback(browser: TestBrowser, person = 'sub-1'): Promise<string> {
  return browser.follow(await desk.begin(browser), person, (url) => url.startsWith(`${desk.url}/`));
}

const accounts = async () =>
  (await desk.fixture.store.accounts()).map(({ name, role, identity }) => [name, role, identity?.subject]);

describe('a log-in by OpenID Connect', () => {
  it('makes an account with the role of the groups, opens a session with the cookie of a password login, and leads to the page', async () => {
    const browser = new TestBrowser();
    expect(await desk.logIn(browser, 'sub-1', '/review?view=table')).toBe('/review?view=table');
    expect(await desk.session(browser)).toBe('anna moderator');
    const [account] = await desk.fixture.store.accounts();
    expect(account).toMatchObject({
      ...{ name: 'anna', role: 'moderator', password: null, logged_in_at: desk.fixture.clock.now() },
      identity: { issuer: provider.issuer, subject: 'sub-1' },
    });
    expect(desk.fixture.activity()).toEqual(['anna: account added', 'anna: login']);
    // Of the log-in nothing is left in the browser but the session.
    expect([...browser.cookiesOf(desk.url).keys()]).toEqual([`sluice-${where.port}`]);
  });

  it('finds the account again by issuer and subject, whatever the name is by then, and reads the role again', async () => {
    provider.people.set('sub-1', { preferred_username: 'anna', groups: ['helpers', 'operators'] });
    await desk.logIn(new TestBrowser(), 'sub-1');
    expect(await accounts()).toEqual([['anna', 'admin', 'sub-1']]);
    const { management } = desk.fixture.accounts;
    await management.addToken(
      { name: 'anna', role: 'admin' },
      { name: 'import', scopes: ['score'], days: 1 },
    );
    provider.people.set('sub-1', { preferred_username: 'anna b', groups: ['leads'] });
    const browser = new TestBrowser();
    await desk.logIn(browser, 'sub-1');
    expect(await desk.session(browser)).toBe('anna lead');
    expect(await accounts()).toEqual([['anna', 'lead', 'sub-1']]);
    // An admin's tokens end with being one.
    expect(await desk.fixture.store.tokens()).toEqual([]);
  });

  it('refuses people without a group that has a role; those who had one lose sessions and tokens', async () => {
    provider.people.set('sub-2', { preferred_username: 'ben', groups: ['helpersx'] });
    expect(await desk.logIn(new TestBrowser(), 'sub-2')).toBe('/?login=no-role');
    provider.people.set('sub-2', { preferred_username: 'ben' });
    expect(await desk.logIn(new TestBrowser(), 'sub-2')).toBe('/?login=no-role');
    expect(await accounts()).toEqual([]);
    const browser = new TestBrowser();
    await desk.logIn(browser, 'sub-1');
    provider.people.set('sub-1', { preferred_username: 'anna', groups: [] });
    expect(await desk.logIn(new TestBrowser(), 'sub-1')).toBe('/?login=no-role');
    expect(await desk.session(browser)).toBeUndefined();
    expect(desk.fixture.activity().at(-1)).toBe('anna: login refused');
  });

  it('gives people without such a group the default role, where one is set', async () => {
    await restart({ defaultRole: 'viewer' });
    provider.people.set('sub-2', { preferred_username: 'ben', groups: ['others'] });
    await desk.logIn(new TestBrowser(), 'sub-2');
    await desk.logIn(new TestBrowser(), 'sub-1');
    expect(await accounts()).toEqual([
      ['ben', 'viewer', 'sub-2'],
      ['anna', 'moderator', 'sub-1'],
    ]);
  });

  it('never takes over an account with the same name: the new one gets the host of the provider beside it', async () => {
    await desk.fixture.person('Anna', 'admin');
    await desk.logIn(new TestBrowser(), 'sub-1');
    provider.people.set('sub-2', { preferred_username: 'anna', groups: ['helpers'] });
    expect(await desk.logIn(new TestBrowser(), 'sub-2')).toBe('/?login=name');
    expect(await accounts()).toEqual([
      ['Anna', 'admin', undefined],
      ['anna@127.0.0.1', 'moderator', 'sub-1'],
    ]);
    const login = { name: 'Anna', password: passwordOf('Anna') };
    expect((await desk.fixture.accounts.logins.login(login, 'here')).kind).toBe('opened');
  });

  it('appends the host to a name that is reserved, and refuses names that no account may have', async () => {
    for (const [index, name] of ['', 'a:b', '\u202etxt'].entries()) {
      provider.people.set(`odd-${index}`, { preferred_username: name, groups: ['operators'] });
      expect(await desk.logIn(new TestBrowser(), `odd-${index}`)).toBe('/?login=name');
    }
    provider.people.set('sub-1', { preferred_username: 'me', groups: ['leads'] });
    expect(await desk.logIn(new TestBrowser(), 'sub-1')).toBe('/');
    expect(await accounts()).toEqual([['me@127.0.0.1', 'lead', 'sub-1']]);
  });

  it('refuses people without an account where none are added, and disabled accounts', async () => {
    await desk.logIn(new TestBrowser(), 'sub-1');
    const [anna] = await desk.fixture.store.accounts();
    const root = { name: 'root', role: 'admin' } as const;
    await desk.fixture.accounts.management.change(root, anna!.id, { isDisabled: true });
    expect(await desk.logIn(new TestBrowser(), 'sub-1')).toBe('/?login=disabled');
    await restart({ addsAccounts: false });
    expect(await desk.logIn(new TestBrowser(), 'sub-1')).toBe('/?login=unknown');
    expect(await accounts()).toEqual([]);
  });

  it('is an account without a password, whose session an admin ends, and for whom no link of the first start is made', async () => {
    provider.people.set('sub-1', { preferred_username: 'anna', groups: ['operators'] });
    expect(await desk.fixture.accounts.firstAdminToken()).toBeDefined();
    const browser = new TestBrowser();
    await desk.logIn(browser, 'sub-1');
    const [{ id } = { id: 0 }] = await desk.fixture.store.accounts();
    const { management } = desk.fixture.accounts;
    await expect(
      management.setPassword({ accountId: id, sessionSecret: '' }, { password: 'correct horse' }, 'here'),
    ).rejects.toMatchObject({ code: 'ACCOUNT_REFUSED' });
    expect(await desk.fixture.accounts.firstAdminToken()).toBeUndefined();
    expect(await desk.fixture.store.invitations()).toEqual([]);
    await management.endSessionsOf({ name: 'root', role: 'admin' }, id);
    expect(await desk.session(browser)).toBeUndefined();
  });
});

describe('the callback', () => {
  it('is good once: neither again without the cookie, nor with the cookie put back', async () => {
    const browser = new TestBrowser();
    const callback = await atCallback(browser);
    const name = `sluice-${where.port}-login`;
    const cookie = browser.cookiesOf(desk.url).get(name)!;
    expect(await desk.comeBack(browser, callback)).toBe('/');
    expect(await desk.comeBack(browser, callback)).toBe('/?login=stale');
    const thief = new TestBrowser();
    thief.cookiesOf(desk.url).set(name, cookie);
    expect(await desk.comeBack(thief, callback)).toBe('/?login=stale');
    expect(await desk.session(thief)).toBeUndefined();
  });

  it('is refused in a browser that began no log-in, or another one', async () => {
    const callback = await atCallback(new TestBrowser());
    const victim = new TestBrowser();
    expect(await desk.comeBack(victim, callback)).toBe('/?login=stale');
    await desk.begin(victim);
    expect(await desk.comeBack(victim, callback)).toBe('/?login=stale');
    expect(await desk.session(victim)).toBeUndefined();
    expect(await accounts()).toEqual([]);
  });

  it('is refused where its state was changed, its code is too old, or the person said no', async () => {
    const changed = async (change: (url: URL) => void) => {
      const browser = new TestBrowser();
      const url = new URL(await atCallback(browser));
      change(url);
      return desk.comeBack(browser, url.href);
    };
    expect(await changed(({ searchParams }) => searchParams.set('state', 'another'))).toBe('/?login=stale');
    expect(await changed(({ searchParams }) => searchParams.delete('state'))).toBe('/?login=stale');
    expect(await changed(({ searchParams }) => searchParams.set('iss', 'http://127.0.0.1:1'))).not.toBe('/');
    expect(
      await changed(({ searchParams }) => {
        searchParams.delete('code');
        searchParams.set('error', 'access_denied');
      }),
    ).toBe('/?login=denied');
    const later = (seconds: number) => () => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
    };
    // The code has ended; and so has the log-in itself.
    expect(await changed(later(300))).toBe('/?login=stale');
    vi.useRealTimers();
    expect(await changed(later(660))).toBe('/?login=stale');
    expect(await accounts()).toEqual([]);
  });

  it('leads to pages of the console alone, also where somebody else wrote the cookie', async () => {
    const foreign = [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/review\t',
      '/api/v1/review',
    ];
    for (const to of foreign) expect(await desk.logIn(new TestBrowser(), 'sub-1', to)).toBe('/');
    const browser = new TestBrowser();
    const callback = await atCallback(browser);
    const jar = browser.cookiesOf(desk.url);
    const name = `sluice-${where.port}-login`;
    const login = JSON.parse(Buffer.from(jar.get(name)!, 'base64url').toString()) as object;
    const written = JSON.stringify({ ...login, to: '//evil.example' });
    jar.set(name, Buffer.from(written).toString('base64url'));
    expect(await desk.comeBack(browser, callback)).toBe('/');
  });
});

describe('without a provider', () => {
  it('the start says that it is unavailable, passwords work, and the next log-in tries again', async () => {
    await provider.close();
    await desk.fixture.person('root', 'admin');
    expect(await desk.logIn(new TestBrowser(), 'sub-1')).toBe('/?login=unavailable');
    const login = { name: 'root', password: passwordOf('root') };
    expect((await desk.fixture.accounts.logins.login(login, 'here')).kind).toBe('opened');
    provider = await startProvider(where.redirectUri, provider.issuer);
    provider.people.set('sub-1', { preferred_username: 'anna', groups: ['leads'] });
    expect(await desk.logIn(new TestBrowser(), 'sub-1')).toBe('/');
  });

  it('the ways to log in name its button, and without settings there is none and no address for it', async () => {
    const browser = new TestBrowser();
    const methods = await browser.request(`${desk.url}/api/v1/session/methods`);
    expect(JSON.parse(methods.text)).toEqual({ openid: { label: 'Staff' } });
    const { server } = await api();
    expect((await server.inject('/api/v1/session/methods')).json()).toEqual({ openid: null });
    expect((await server.inject('/api/v1/session/openid')).statusCode).toBe(404);
    await server.close();
  });
});
