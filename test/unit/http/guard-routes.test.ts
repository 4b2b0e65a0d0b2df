import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { consolePages } from '../../../src/core/console-pages.ts';
import { type Role, roles } from '../../../src/core/roles.ts';
import { type TokenScope, tokenScopes } from '../../../src/core/token-scope.ts';
import { guardRoutes } from '../../../src/http/guard-routes.ts';
import { accessRows } from '../../../src/http/route-access.ts';
import { type AccessFixture, accessFixture } from '../accounts/access-fixture.ts';
import { bareApp, guardedApp, offLoopback, onLoopback, type Where } from './guarded-app.ts';

let fixture: AccessFixture;
beforeEach(async () => {
  fixture = await accessFixture();
});
afterEach(() => fixture.close());

/** Every row of the table as a route that says who asked. */
async function withAllRoutes(where: Where) {
  const { app, bodies } = await guardedApp(fixture.accounts, where);
  for (const { method, path } of accessRows())
    app.route({ method, url: path, handler: async (request) => ({ actor: request.actor }) });
  return { app, bodies };
}

interface Caller {
  readonly headers: Readonly<Record<string, string>>;
  /** Who it is, for the expectation; missing for nobody. */
  readonly role?: Role;
  readonly scopes?: readonly TokenScope[];
  readonly lacksCsrf?: true;
  readonly isForeign?: true;
}

async function callers(where: Where): Promise<Readonly<Record<string, Caller>>> {
  const { accounts, clock } = fixture;
  const cookie = where.isSecure ? '__Host-sluice' : 'sluice-0';
  const all: Record<string, Caller> = { nobody: { headers: {} } };
  await fixture.person('root', 'admin');
  const admin = { name: 'root', role: 'admin' } as const;
  const old = await fixture.login('root');
  const short = await accounts.management.addToken(admin, { name: 'old', scopes: tokenScopes, days: 1 });
  clock.seconds += 86_400;
  all['expired session'] = { headers: { cookie: `${cookie}=${old.secret}`, 'x-csrf-token': old.csrf } };
  all['expired token'] = { headers: { authorization: `Bearer ${short.secret}` } };
  all['unknown token'] = { headers: { authorization: 'Bearer sluice_abc' } };
  all['unknown session'] = { headers: { cookie: `${cookie}=abc` } };
  all['basic authentication'] = { headers: { authorization: 'Basic cm9vdDpyb290' } };
  for (const role of roles) {
    await fixture.person(`a ${role}`, role);
    const { secret, csrf } = await fixture.login(`a ${role}`);
    const headers = { cookie: `${cookie}=${secret}` };
    all[role] = { headers: { ...headers, 'x-csrf-token': csrf }, role };
    for (const [name, value] of Object.entries({
      referer: 'http://localhost/',
      'sec-fetch-site': 'same-origin',
    }))
      all[`${role} without CSRF token, by a browser that sends ${name}`] = {
        ...{ headers: { ...headers, [name]: value }, role, lacksCsrf: true },
      };
    all[`${role} without CSRF token, by a program`] = { headers, role };
    all[`${role} with another CSRF token`] = {
      ...{ headers: { ...headers, 'x-csrf-token': old.csrf }, role, lacksCsrf: true },
    };
    all[`${role} by a page of another origin`] = {
      headers: { ...headers, 'x-csrf-token': csrf, origin: 'https://evil.example' },
      ...{ role, isForeign: true },
    };
  }
  const disabled = await fixture.person('gone', 'admin');
  const gone = await fixture.login('gone');
  const itsToken = await accounts.management.addToken(
    { name: 'gone', role: 'admin' },
    { name: 'of gone', scopes: tokenScopes, days: null },
  );
  await accounts.management.change(admin, disabled, { isDisabled: true });
  all['disabled account'] = { headers: { cookie: `${cookie}=${gone.secret}`, 'x-csrf-token': gone.csrf } };
  all['token of a disabled account'] = { headers: { authorization: `Bearer ${itsToken.secret}` } };
  for (const scope of tokenScopes) {
    const { secret } = await accounts.management.addToken(admin, { name: scope, scopes: [scope], days: 3 });
    all[`token ${scope}`] = { headers: { authorization: `Bearer ${secret}` }, scopes: [scope] };
    all[`token ${scope} beside the cookie of an admin`] = {
      headers: { authorization: `Bearer ${secret}`, cookie: all.admin!.headers.cookie! },
      scopes: [scope],
    };
  }
  return all;
}

type Row = ReturnType<typeof accessRows>[number];

/** What the table says, in words of its own: status, and the kind of the problem. */
function expected(row: Row, caller: Caller, { isLoopback }: Where): string {
  if (caller.isForeign) return '403 foreign-origin';
  const changes = row.method !== 'GET';
  if (row.open === 'all' && row.asks === undefined) return '200';
  if (row.open === 'loopback' && isLoopback) return '200';
  const isAllowed =
    (caller.role !== undefined &&
      row.role !== undefined &&
      roles.indexOf(caller.role) >= roles.indexOf(row.role)) ||
    (caller.scopes?.some((scope) => row.scopes?.includes(scope)) ?? false);
  if (row.open !== 'all' && !isAllowed)
    return caller.role === undefined && caller.scopes === undefined ? '401 unauthorized' : '403 forbidden';
  return changes && caller.lacksCsrf ? '403 csrf' : '200';
}

describe('guardRoutes', () => {
  it.each([
    ['on loopback', onLoopback],
    ['off loopback', offLoopback],
  ])('guardRoutes answers each caller at each row of the table as the table says, %s', async (_, where) => {
    const { app, bodies } = await withAllRoutes(where);
    const everybody = await callers(where);
    const found: string[] = [];
    const wanted: string[] = [];
    for (const row of accessRows())
      for (const [who, caller] of Object.entries(everybody)) {
        const url = row.path.replace(/:[a-z]+|\*/g, '7');
        bodies.length = 0;
        const answer = await app.inject({
          ...{ method: row.method as 'GET', url, headers: caller.headers },
          ...(row.method === 'GET' ? {} : { payload: { some: 'body' } }),
        });
        const kind =
          answer.statusCode === 200 ? '' : ` ${answer.json<{ type: string }>().type.split(':').at(-1)}`;
        // Who is refused has no body read.
        const unread = answer.statusCode !== 200 && bodies.length > 0 ? ', and read the body' : '';
        found.push(`${row.method} ${row.path} ${who}: ${answer.statusCode}${kind}${unread}`);
        wanted.push(`${row.method} ${row.path} ${who}: ${expected(row, caller, where)}`);
      }
    expect(found).toEqual(wanted);
    expect(found.length).toBeGreaterThan(1000);
    await app.close();
  });

  it('guardRoutes sets the actor: the account of a session, and the name and role of a token', async () => {
    const { app } = await withAllRoutes(offLoopback);
    const everybody = await callers(offLoopback);
    const at = async (who: string) =>
      (await app.inject({ url: '/api/v1/review', headers: everybody[who]!.headers })).json<{
        actor: unknown;
      }>().actor;
    expect(await at('lead')).toEqual({ name: 'a lead', role: 'lead' });
    expect(await at('token review')).toEqual({
      name: expect.stringMatching(/^token:\d+:review$/),
      role: 'moderator',
    });
    await app.close();
  });

  it('a route without a row in the table makes the start fail, also in a scope of its own', async () => {
    const handler = async () => 'all messages';
    const { app } = await guardedApp(fixture.accounts, onLoopback);
    app.get('/api/v1/models', handler);
    app.post('/api/v1/dump', handler);
    void app.register((scope, _options, done) => {
      scope.route({ method: ['GET', 'DELETE'], url: '/api/v1/models/:id', handler });
      done();
    });
    await expect(app.ready()).rejects.toThrow(
      'route-access.ts has no row for POST /api/v1/dump, GET /api/v1/models/:id, DELETE /api/v1/models/:id',
    );
  });

  it('a route that was added before guardRoutes and has no row is refused to everybody', async () => {
    const { app } = bareApp();
    app.get('/api/v1/dump', async () => 'all messages');
    await guardRoutes(app, { accounts: fixture.accounts, ...onLoopback });
    const everybody = await callers(onLoopback);
    for (const { headers } of Object.values(everybody))
      expect((await app.inject({ url: '/api/v1/dump', headers })).statusCode).toBe(403);
    await app.close();
  });

  it('HEAD is answered as the GET of the same address', async () => {
    const { app } = await withAllRoutes(offLoopback);
    const everybody = await callers(offLoopback);
    const head = async (who: string) =>
      (await app.inject({ method: 'HEAD', url: '/api/v1/review', headers: everybody[who]!.headers }))
        .statusCode;
    expect([await head('nobody'), await head('viewer'), await head('token score')]).toEqual([401, 200, 403]);
    await app.close();
  });

  it('an address without a route is a 404 for everybody, and a wrong method a 405', async () => {
    const { app } = await withAllRoutes(offLoopback);
    expect((await app.inject('/api/v1/nothing')).statusCode).toBe(404);
    expect((await app.inject({ method: 'PUT', url: '/api/v1/review' })).statusCode).toBe(405);
    await app.close();
  });

  it('a 401 names the scheme', async () => {
    const { app } = await withAllRoutes(offLoopback);
    const { headers } = await app.inject('/api/v1/review');
    expect(headers['www-authenticate']).toBe('Bearer realm="sluice"');
    await app.close();
  });

  it('what shows stored text or accounts is open to nobody, and what changes accounts is for admins in person', () => {
    const open = accessRows().filter((row) => row.open !== undefined);
    expect(open.map(({ method, path, open: to }) => `${method} ${path} ${to}`)).toEqual([
      'GET / all',
      ...consolePages.map(({ name }) => `GET /${name} all`),
      'GET /assets/* all',
      'GET /openapi.json all',
      'POST /api/v1/session all',
      'GET /api/v1/session all',
      'DELETE /api/v1/session all',
      'GET /api/v1/session/methods all',
      'GET /api/v1/session/openid all',
      'GET /api/v1/session/openid/callback all',
      'POST /api/find_spam loopback',
      'POST /api/v1/score loopback',
      'GET /api/v1/models loopback',
    ]);
    const ofAccounts = accessRows().filter(({ path }) =>
      /\/(accounts|tokens|invitations|subjects)/.test(path),
    );
    expect(ofAccounts.length).toBeGreaterThan(10);
    for (const { role, scopes } of ofAccounts) expect([role, scopes]).toEqual(['admin', undefined]);
    const changing = accessRows().filter((row) => row.method !== 'GET' && row.open === undefined);
    const byViewers = changing.filter(({ role }) => role === 'viewer').map(({ path }) => path);
    expect(byViewers).toEqual(['/api/v1/session/password', '/api/v1/sessions/:id']);
  });
});
