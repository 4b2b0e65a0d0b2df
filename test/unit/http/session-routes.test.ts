import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../../src/core/roles.ts';
import { accountRoutes } from '../../../src/http/account-routes.ts';
import type { ApiApp } from '../../../src/http/api-app.ts';
import { sessionRoutes } from '../../../src/http/session-routes.ts';
import { type AccessFixture, accessFixture, passwordOf, root } from '../accounts/access-fixture.ts';
import { guardedApp, offLoopback, onLoopback, type Where } from './guarded-app.ts';

let fixture: AccessFixture;
let app: ApiApp;

async function start(where: Where = offLoopback): Promise<void> {
  await app?.close();
  ({ app } = await guardedApp(fixture.accounts, where));
  sessionRoutes(app, { accounts: fixture.accounts, isSecure: where.isSecure });
  accountRoutes(app, fixture.accounts);
}
beforeEach(async () => {
  fixture = await accessFixture();
  await start();
});
afterEach(async () => {
  await app.close();
  await fixture.close();
});

/** A browser: keeps the cookie, and sends the CSRF token. */
class Browser {
  cookie = '';
  csrf = '';
  readonly setCookies: string[] = [];

  async call(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) {
    const answer = await app.inject({
      ...{ method, url: `/api/v1${url}`, ...(payload === undefined ? {} : { payload }) },
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(this.csrf === '' ? {} : { 'x-csrf-token': this.csrf }),
        'sec-fetch-site': 'same-origin',
      },
    });
    const set = answer.headers['set-cookie'];
    if (typeof set === 'string') {
      this.setCookies.push(set);
      this.cookie = set.includes('Max-Age=0') ? '' : set.split(';')[0]!;
    }
    const body = answer.body === '' ? undefined : (answer.json() as Record<string, unknown>);
    if (answer.statusCode === 200 && typeof body?.csrf === 'string') this.csrf = body.csrf;
    return { status: answer.statusCode, body, headers: answer.headers };
  }
}

async function loggedIn(name: string, role: Role): Promise<Browser> {
  await fixture.person(name, role);
  const browser = new Browser();
  const { status } = await browser.call('POST', '/session', { name, password: passwordOf(name) });
  expect(status).toBe(200);
  return browser;
}

describe('the session', () => {
  it('is opened by a link, shown with its CSRF token, and ended; its cookie is __Host- and Strict off loopback', async () => {
    const browser = new Browser();
    const token = await fixture.accounts.firstAdminToken();
    expect((await browser.call('GET', '/session')).status).toBe(401);
    const opened = await browser.call('POST', '/session', { token });
    const expires_at = fixture.clock.now() + 43_200_000;
    expect(opened).toMatchObject({ status: 200, body: { name: 'admin', role: 'admin', expires_at } });
    expect(browser.setCookies[0]).toMatch(
      /^__Host-sluice=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect((await browser.call('GET', '/session')).body).toEqual(opened.body);
    expect((await browser.call('GET', '/accounts')).status).toBe(200);
    const { cookie } = browser;
    expect((await browser.call('DELETE', '/session')).status).toBe(204);
    browser.cookie = cookie;
    expect((await browser.call('GET', '/accounts')).status).toBe(401);
    expect((await new Browser().call('DELETE', '/session')).status).toBe(204);
  });

  it('has a plain cookie on loopback without TLS, which names the port', async () => {
    await start(onLoopback);
    const browser = await loggedIn('anna', 'viewer');
    expect(browser.setCookies[0]).toMatch(
      /^sluice-0=[\w-]{43}; Max-Age=\d+; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it('can be opened again by a page whose cookie is still good and whose CSRF token is lost', async () => {
    const browser = await loggedIn('anna', 'viewer');
    browser.csrf = '';
    const again = await browser.call('POST', '/session', { name: 'anna', password: passwordOf('anna') });
    expect(again.status).toBe(200);
  });

  it('is not ended without its CSRF token', async () => {
    const browser = await loggedIn('anna', 'viewer');
    const { csrf } = browser;
    browser.csrf = '';
    expect(await browser.call('DELETE', '/session')).toMatchObject({
      ...{ status: 403, body: { type: 'urn:sluice:problem:csrf' } },
    });
    browser.csrf = csrf;
    expect((await browser.call('GET', '/session')).status).toBe(200);
  });

  it('is refused with 401 for what is wrong, 400 with the field for what cannot be, and 429 with a time for too much', async () => {
    await fixture.person('anna', 'viewer');
    const { secret } = await fixture.accounts.management.invite(root, 'lead');
    const browser = new Browser();
    const post = (body: object) => browser.call('POST', '/session', body);
    expect(await post({ token: 'abc' })).toMatchObject({
      status: 401,
      body: { title: 'Nobody is logged in' },
    });
    expect((await post({ token: secret })).status).toBe(401);
    expect((await post({ invitation: 'abc', name: 'x', password: passwordOf('x') })).status).toBe(401);
    expect(await post({ invitation: secret, name: 'x', password: 'short' })).toMatchObject({
      ...{ status: 400, body: { errors: [{ pointer: '#/password' }] } },
    });
    expect((await post({ invitation: secret, name: 'me', password: passwordOf('x') })).status).toBe(400);
    expect((await post({ invitation: secret, name: 'ANNA', password: passwordOf('x') })).status).toBe(409);
    for (const body of [{}, { token: 'a', name: 'b' }, { name: 'anna' }, { name: 'anna', password: 7 }])
      expect((await post(body)).status).toBe(400);
    expect((await post({ name: 'anna', password: 'x'.repeat(5000) })).status).toBe(413);
    const statuses = [];
    for (let n = 0; n < 11; n++) statuses.push((await post({ name: 'anna', password: `wrong ${n}` })).status);
    expect(statuses).toEqual([...new Array(10).fill(401), 429]);
    const refused = await post({ name: 'anna', password: passwordOf('anna') });
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    fixture.clock.seconds += 60;
    expect((await post({ name: 'anna', password: passwordOf('anna') })).status).toBe(200);
    expect(browser.setCookies).toHaveLength(1);
  });

  it('of one person is listed and ended by another one of the same person', async () => {
    const [one, other] = [await loggedIn('anna', 'viewer'), new Browser()];
    await other.call('POST', '/session', { name: 'anna', password: passwordOf('anna') });
    const { sessions } = (await one.call('GET', '/sessions')).body as {
      sessions: { id: number; current: boolean; account: string }[];
    };
    expect(sessions.map(({ account, current }) => [account, current])).toEqual([
      ['anna', true],
      ['anna', false],
    ]);
    expect((await one.call('DELETE', `/sessions/${sessions[1]!.id}`)).status).toBe(204);
    expect((await other.call('GET', '/session')).status).toBe(401);
    expect((await one.call('DELETE', `/sessions/${sessions[1]!.id}`)).status).toBe(404);
  });

  it('keeps its place when the password is changed', async () => {
    const browser = await loggedIn('anna', 'viewer');
    const change = (current: string) =>
      browser.call('PUT', '/session/password', { current, password: 'another good password' });
    expect((await change('wrong')).status).toBe(403);
    expect((await change(passwordOf('anna'))).status).toBe(204);
    expect((await browser.call('GET', '/session')).status).toBe(200);
  });
});

describe('accounts, tokens and invitations', () => {
  it('an admin invites somebody, who joins with a name and password of their own', async () => {
    const admin = await loggedIn('root', 'admin');
    const made = await admin.call('POST', '/invitations', { role: 'moderator' });
    expect(made).toMatchObject({ status: 201, body: { path: `/?invitation=${made.body?.invitation}` } });
    expect((await admin.call('GET', '/invitations')).body).toMatchObject({
      invitations: [{ id: made.body?.id, kind: 'invitation', role: 'moderator', created_by: 'root' }],
    });
    const browser = new Browser();
    const joined = await browser.call('POST', '/session', {
      ...{ invitation: made.body?.invitation, name: 'anna', password: passwordOf('anna') },
    });
    expect(joined).toMatchObject({ status: 200, body: { name: 'anna', role: 'moderator' } });
    expect((await admin.call('GET', '/invitations')).body).toEqual({ invitations: [] });
    const other = await admin.call('POST', '/invitations', { role: 'admin' });
    expect((await admin.call('DELETE', `/invitations/${other.body?.id}`)).status).toBe(204);
    expect((await admin.call('DELETE', `/invitations/${other.body?.id}`)).status).toBe(404);
  });

  it('an admin adds, changes and removes accounts; no answer has a password in it', async () => {
    const admin = await loggedIn('root', 'admin');
    const given = { name: 'anna', role: 'viewer', password: passwordOf('anna') };
    const { body } = await admin.call('POST', '/accounts', given);
    expect((await admin.call('POST', '/accounts', given)).status).toBe(409);
    const anna = new Browser();
    await anna.call('POST', '/session', { name: 'anna', password: passwordOf('anna') });
    expect((await admin.call('PATCH', `/accounts/${body?.id}`, { role: 'lead' })).status).toBe(204);
    expect((await anna.call('GET', '/session')).body).toMatchObject({ role: 'lead' });
    const listed = await admin.call('GET', '/accounts');
    expect(listed.body).toMatchObject({
      accounts: [
        { name: 'root', role: 'admin', has_password: true, disabled_at: null },
        { id: body?.id, name: 'anna', role: 'lead' },
      ],
    });
    expect(JSON.stringify(listed.body)).not.toContain('scrypt');
    expect((await admin.call('DELETE', `/accounts/${body?.id}/sessions`)).body).toEqual({ ended: 1 });
    await anna.call('POST', '/session', { name: 'anna', password: passwordOf('anna') });
    expect((await admin.call('DELETE', `/accounts/${body?.id}`)).status).toBe(204);
    expect((await anna.call('GET', '/session')).status).toBe(401);
    expect((await admin.call('DELETE', '/accounts/1')).status).toBe(409);
    expect((await admin.call('DELETE', '/accounts/99')).status).toBe(404);
  });

  it('an admin makes a token, which is shown once and ends when it is removed', async () => {
    const admin = await loggedIn('root', 'admin');
    const made = await admin.call('POST', '/tokens', { name: 'importer', scopes: ['review'] });
    expect(made).toMatchObject({ status: 201, body: { ends_at: null } });
    const token = String(made.body?.token);
    expect(token).toMatch(/^sluice_[\w-]{43}$/);
    const listed = (await admin.call('GET', '/tokens')).body;
    expect(listed).toMatchObject({
      tokens: [{ id: made.body?.id, name: 'importer', scopes: ['review'], created_by: 'root' }],
    });
    expect(JSON.stringify(listed)).not.toContain(token);
    const use = () => app.inject({ url: '/api/v1/accounts', headers: { authorization: `Bearer ${token}` } });
    expect((await use()).statusCode).toBe(403);
    expect((await admin.call('DELETE', `/tokens/${made.body?.id}`)).status).toBe(204);
    expect((await use()).statusCode).toBe(401);
    expect((await admin.call('POST', '/tokens', { name: 'x', scopes: [] })).status).toBe(400);
    expect((await admin.call('POST', '/tokens', { name: 'x', scopes: ['admin'] })).status).toBe(400);
  });
});
